package dev.tutti.postgres;

import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.fulfilment.Units;
import dev.tutti.hub.HubChange.OrderChanged;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inventory.Place;
import dev.tutti.network.Slot;
import dev.tutti.order.Contact;
import dev.tutti.order.DatePromise;
import dev.tutti.order.ExceptionCase;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Foretold;
import dev.tutti.order.Journeys;
import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderHeader;
import dev.tutti.order.OrderLine;
import dev.tutti.order.ShipGroup;
import dev.tutti.reservation.Reservation;
import dev.tutti.sourcing.SourcingPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch, one statement a table and kind of change, however many commands it carries.
 *
 * <p>The rows of an order are a picture of its state; they are written as the difference between the state before the
 * batch and the state after it. Its journal gets a row for every command.
 */
final class BatchWriter {
    private final Connection connection;

    private final Rows newOrders = new Rows(
            "int8 int4 text int4 text text text int8 int4 int4 int8 text int4 text int8 text text text int8 text bool");
    private final Rows changedOrders = new Rows("int8 int4 text int8 int4 text int8 text text text int8 text bool");
    private final Rows arrivals = new Rows("int8 int4 int4 text int4 int4 int4 int4");
    private final Rows newSlots = new Rows("int8 int4 int4 int8 int4 int4");
    private final Rows slotsNoMore = new Rows("int8 int4");
    private final Rows datePromises = new Rows("int8 int4 int4 int4 int4 int4");
    private final Rows newLines = new Rows("int8 int4 int4 int4 bool int4 bool int8 int8 int8 int8 int4 int4"
            + " int4 int4 int4 int4 int4 int4 int4 int4 int4 int4");
    private final Rows changedLines = new Rows("int8 int4 int4 int4 int4 int4 int4 int4 int4 int4 int4 int4");
    private final Rows newWork = new Rows("int8 int4 int4 int4 text text int8 int4 int4");
    private final Rows changedWork = new Rows("int8 int4 text");
    private final Rows newWorkLines = new Rows("int8 int4 int4 int4 int4 int4 int4 int4 int4 int4 int4 int4");
    private final Rows changedWorkLines = new Rows("int8 int4 int4 int4 int4 int4 int4 int4 int4 int4 int4");
    private final Rows journeys = new Rows("int8 text text int4 text int8");
    private final Rows endedJourneys = new Rows("int8 text");
    private final Rows journal = new Rows("int8 int4 int4 micros text text text text text");
    private final Rows sourcing = new Rows("int8 int4 int8 int8 int8 bool bytea");
    private final Rows effects = new Rows("int8 int4 text");
    private final Rows due = new Rows("int8 int8");
    private final Rows noLongerDue = new Rows("int8");
    private final Rows contacts = new Rows("int8 int4 text text text text text text text text");
    private final Rows promised = new Rows("int8 int4 int4 int4 int4 int4");
    private final Rows noLongerPromised = new Rows("int8");
    private final ReservationRows reservations = new ReservationRows();
    private final InboundRows shipments = new InboundRows();
    private final Rows documents = new Rows("int8 text text int4 text text text int8");

    BatchWriter(Connection connection) {
        this.connection = connection;
    }

    void write(List<PreparedChange> changes) throws SQLException {
        gather(changes);
        writeRows();
    }

    /** The first and the last of a batch's changes of one order. */
    private record Span(OrderChanged first, OrderChanged last) {}

    private void gather(List<PreparedChange> changes) {
        Map<Long, Span> spans = new LinkedHashMap<>();
        Map<Long, Integer> newest = new HashMap<>();
        for (PreparedChange change : changes) {
            if (change instanceof PreparedChange.OfReservation held) {
                Reservation after = held.change().after();
                newest.merge(after.id().aggregate(), after.version(), Math::max);
            } else if (change instanceof PreparedChange.OfInbound inbound) {
                InboundShipment after = inbound.change().after();
                newest.merge(after.id().aggregate(), after.version(), Math::max);
            }
        }
        for (PreparedChange change : changes) {
            switch (change) {
                case PreparedChange.OfOrder order -> {
                    addJournal(order);
                    spans.merge(
                            order.change().after().id().value(),
                            new Span(order.change(), order.change()),
                            (earlier, later) -> new Span(earlier.first(), later.last()));
                }
                case PreparedChange.OfReservation held -> {
                    Reservation after = held.change().after();
                    boolean isLast = newest.getOrDefault(after.id().aggregate(), 0) == after.version();
                    reservations.add(held, isLast);
                    if (isLast) {
                        addDue(after.id().aggregate(), held.change().due());
                    }
                }
                case PreparedChange.OfInbound inbound -> {
                    InboundShipment after = inbound.change().after();
                    shipments.add(inbound, newest.getOrDefault(after.id().aggregate(), 0) == after.version());
                }
                case PreparedChange.OfStock stock ->
                    documents.add(
                            stock.document().id(),
                            stock.document().kind().name(),
                            stock.document().reference(),
                            stock.document().changes().size(),
                            stock.audit().actor(),
                            stock.audit().origin(),
                            stock.audit().reason(),
                            Rows.micros(stock.audit().at()));
            }
        }
        spans.values().forEach(span -> addOrder(span.first().before(), span.last()));
        addContacts(changes);
    }

    /** The newest of each ship group. */
    private void addContacts(List<PreparedChange> changes) {
        TreeMap<Long, TreeMap<Integer, Contact>> newest = new TreeMap<>();
        for (PreparedChange change : changes) {
            if (change instanceof PreparedChange.OfOrder order) {
                for (Contact contact : order.change().contacts()) {
                    newest.computeIfAbsent(order.change().after().id().value(), id -> new TreeMap<>())
                            .put(contact.shipGroup(), contact);
                }
            }
        }
        newest.forEach((id, groups) -> groups.values()
                .forEach(contact -> contacts.add(
                        id,
                        contact.shipGroup(),
                        contact.name(),
                        String.join("\n", contact.street()),
                        contact.city(),
                        contact.region(),
                        contact.postcode(),
                        contact.country(),
                        contact.email(),
                        contact.phone())));
    }

    private void addJournal(PreparedChange.OfOrder change) {
        Order before = change.change().before();
        Order after = change.change().after();
        journal.add(
                after.id().value(),
                (before == null ? 0 : before.version()) + 1,
                after.version(),
                Rows.micros(change.audit().at()),
                change.audit().actor(),
                change.audit().origin(),
                change.change().command().name(),
                change.audit().reason(),
                change.events());
        for (OrderEvent event : change.change().events()) {
            if (event instanceof OrderEvent.EffectIntended effect) {
                effects.add(after.id().value(), effect.number(), effect.destination());
            }
            if (event instanceof OrderEvent.ParcelArrived arrived) {
                addArrival(after, arrived);
            }
        }
        int run = (before == null ? 0 : before.sourcingRuns());
        for (int i = 0; i < change.sourcingInputs().length; i++) {
            SourcingPlan plan = change.change().sourcing().get(i);
            sourcing.add(
                    after.id().value(),
                    ++run,
                    plan.record().networkVersion(),
                    plan.cost(),
                    plan.bound(),
                    plan.proven(),
                    change.sourcingInputs()[i]);
        }
    }

    private void addArrival(Order order, OrderEvent.ParcelArrived arrived) {
        Foretold foretold = arrived.foretold();
        arrivals.add(
                order.id().value(),
                arrived.fulfilmentOrder(),
                order.fulfilmentOrders()
                        .get(arrived.fulfilmentOrder() - 1)
                        .node()
                        .value(),
                foretold == null ? "" : foretold.service(),
                foretold == null ? 0 : foretold.zone(),
                foretold == null ? null : day(foretold.earliest()),
                foretold == null ? null : day(foretold.latest()),
                day(arrived.on()));
    }

    private void addDatePromises(Order order) {
        for (ShipGroup group : order.header().shipGroups()) {
            DatePromise promise = group.promise();
            if (promise != null) {
                datePromises.add(
                        order.id().value(),
                        group.number(),
                        order.header().channel().value(),
                        day(promise.earliest()),
                        day(promise.latest()),
                        promise.confidence());
            }
        }
    }

    private void addOrder(@Nullable Order before, OrderChanged last) {
        Order after = last.after();
        long id = after.id().value();
        ExceptionCase open = after.exception();
        if (before == null) {
            addNewOrder(after);
            addDatePromises(after);
        } else {
            changedOrders.add(
                    id,
                    after.version(),
                    after.status().name(),
                    after.total(),
                    after.flow().version(),
                    after.flow().step(),
                    Rows.micros(after.flow().entered()),
                    open == null ? null : open.reason(),
                    open == null ? null : open.kind().name(),
                    open == null ? null : open.owner(),
                    open == null ? null : Rows.micros(open.lookBy()),
                    HoldTypes.text(after.holds()),
                    after.closed());
        }
        for (OrderLine line : after.lines()) {
            if (before == null) {
                addNewLine(after, line);
            } else if (!Objects.requireNonNull(before.line(line.number()))
                    .units()
                    .equals(line.units())) {
                addChangedLine(id, line);
            }
        }
        for (FulfilmentOrder work : after.fulfilmentOrders()) {
            addWork(after, before == null ? null : before.fulfilmentOrder(work.number()), work);
        }
        addSlots(before, after);
        addJourneys(id, before, after);
        addPromised(before, after);
        if (last.due() != null || before != null) {
            addDue(id, last.due());
        }
    }

    private void addDue(long aggregate, @Nullable Instant at) {
        if (at != null) {
            due.add(aggregate, Rows.micros(at));
        } else {
            noLongerDue.add(aggregate);
        }
    }

    /** What nodes keep for it, all anew where that has changed. */
    private void addPromised(@Nullable Order before, Order after) {
        if (before != null
                && !before.promised().isNothing()
                && !before.promised().equals(after.promised())) {
            noLongerPromised.add(after.id().value());
        }
        if (before == null || !before.promised().equals(after.promised())) {
            for (LineQuantity part : after.promised().waiting()) {
                addPromised(after, part, Place.UNASSIGNED.node(), null);
            }
            for (OrderEvent.NewFulfilmentOrder parcel : after.promised().parcels()) {
                for (LineQuantity part : parcel.lines()) {
                    addPromised(after, part, parcel.node().value(), parcel.capacityDay());
                }
            }
        }
    }

    private void addPromised(Order order, LineQuantity part, int node, @Nullable LocalDate day) {
        promised.add(
                order.id().value(),
                part.line(),
                order.lines().get(part.line() - 1).item(),
                node,
                part.quantity(),
                day(day));
    }

    private void addSlots(@Nullable Order before, Order after) {
        SortedMap<Integer, Slot> had = before == null ? new TreeMap<>() : before.slots();
        SortedMap<Integer, Slot> has = after.slots();
        has.forEach((group, slot) -> {
            if (!had.containsKey(group)) {
                newSlots.add(
                        after.id().value(),
                        group,
                        slot.node().value(),
                        Rows.micros(slot.from()),
                        day(slot.day()),
                        slot.minute());
            }
        });
        had.forEach((group, slot) -> {
            if (!has.containsKey(group)) {
                slotsNoMore.add(after.id().value(), group);
            }
        });
    }

    private void addJourneys(long id, @Nullable Order before, Order after) {
        for (Journeys.Other other : after.journeys().others()) {
            FlowPosition now = other.position();
            if (before == null || !now.equals(before.journeys().position(other.journey()))) {
                journeys.add(
                        id, other.journey().text(), now.flow(), now.version(), now.step(), Rows.micros(now.entered()));
            }
        }
        for (Journeys.Other other :
                before == null ? List.<Journeys.Other>of() : before.journeys().others()) {
            if (after.journeys().position(other.journey()) == null) {
                endedJourneys.add(id, other.journey().text());
            }
        }
    }

    private void addNewOrder(Order order) {
        OrderHeader header = order.header();
        ExceptionCase open = order.exception();
        newOrders.add(
                header.id().value(),
                order.version(),
                order.status().name(),
                header.channel().value(),
                header.externalId(),
                header.customer(),
                header.currency().getCurrencyCode(),
                order.total(),
                header.priority(),
                order.lines().size(),
                Rows.micros(header.placedAt()),
                order.flow().flow(),
                order.flow().version(),
                order.flow().step(),
                Rows.micros(order.flow().entered()),
                open == null ? null : open.reason(),
                open == null ? null : open.kind().name(),
                open == null ? null : open.owner(),
                open == null ? null : Rows.micros(open.lookBy()),
                HoldTypes.text(order.holds()),
                order.closed());
    }

    private void addNewLine(Order order, OrderLine line) {
        Units units = line.units();
        ShipGroup group = order.header().shipGroup(line.shipGroup());
        newLines.add(
                order.id().value(),
                line.number(),
                line.item(),
                line.shipGroup(),
                group.method().isSent(),
                group.pickUpNode() == null ? null : group.pickUpNode().value(),
                line.splittable(),
                line.money().unitPrice(),
                line.money().discount(),
                line.money().tax(),
                line.money().shipping(),
                line.kit() == null ? null : line.kit().item(),
                units.total(),
                units.in(UnitState.OPEN),
                units.in(UnitState.BACKORDERED),
                units.in(UnitState.ALLOCATED),
                units.in(UnitState.RELEASED),
                units.in(UnitState.PICKED),
                units.in(UnitState.PACKED),
                units.in(UnitState.SHIPPED),
                units.in(UnitState.COLLECTED),
                units.in(UnitState.RETURNED),
                units.in(UnitState.CANCELLED));
    }

    private void addChangedLine(long order, OrderLine line) {
        Units units = line.units();
        changedLines.add(
                order,
                line.number(),
                units.in(UnitState.OPEN),
                units.in(UnitState.BACKORDERED),
                units.in(UnitState.ALLOCATED),
                units.in(UnitState.RELEASED),
                units.in(UnitState.PICKED),
                units.in(UnitState.PACKED),
                units.in(UnitState.SHIPPED),
                units.in(UnitState.COLLECTED),
                units.in(UnitState.RETURNED),
                units.in(UnitState.CANCELLED));
    }

    /** Days since 1970, to which the database adds. */
    private static @Nullable Integer day(@Nullable LocalDate day) {
        return day == null ? null : Math.toIntExact(day.toEpochDay());
    }

    private void addWork(Order order, @Nullable FulfilmentOrder before, FulfilmentOrder work) {
        if (before == null) {
            newWork.add(
                    order.id().value(),
                    work.number(),
                    work.node().value(),
                    work.shipGroup(),
                    work.method().name(),
                    work.status().name(),
                    Rows.micros(work.dispatchBy()),
                    day(work.capacityDay()),
                    work.method() == Method.SHIP_TO_STORE
                            ? order.handedOutAt(work).value()
                            : null);
        } else if (before.status() != work.status()) {
            changedWork.add(order.id().value(), work.number(), work.status().name());
        }
        for (FulfilmentLine line : work.lines()) {
            Units units = line.units();
            if (before == null) {
                newWorkLines.add(
                        order.id().value(),
                        work.number(),
                        line.line(),
                        line.item(),
                        units.in(UnitState.ALLOCATED),
                        units.in(UnitState.RELEASED),
                        units.in(UnitState.PICKED),
                        units.in(UnitState.PACKED),
                        units.in(UnitState.SHIPPED),
                        units.in(UnitState.COLLECTED),
                        units.in(UnitState.RETURNED),
                        units.in(UnitState.CANCELLED));
            } else if (!Objects.requireNonNull(before.line(line.line())).units().equals(units)) {
                changedWorkLines.add(
                        order.id().value(),
                        work.number(),
                        line.line(),
                        units.in(UnitState.ALLOCATED),
                        units.in(UnitState.RELEASED),
                        units.in(UnitState.PICKED),
                        units.in(UnitState.PACKED),
                        units.in(UnitState.SHIPPED),
                        units.in(UnitState.COLLECTED),
                        units.in(UnitState.RETURNED),
                        units.in(UnitState.CANCELLED));
            }
        }
    }

    private void writeRows() throws SQLException {
        newOrders.run(connection, """
                insert into orders (id, version, status, channel_id, external_id, customer, currency, total, priority,
                                    lines, placed_at, flow, flow_version, step, step_entered_at, exception,
                                    exception_kind, exception_owner, exception_look_by, holds, closed)
                select id, version, status::order_status, channel_id, external_id, customer, currency, total, priority,
                       lines, timestamptz 'epoch' + placed_at * interval '1 microsecond', flow, flow_version, step,
                       timestamptz 'epoch' + step_entered_at * interval '1 microsecond', exception, exception_kind,
                       exception_owner, timestamptz 'epoch' + exception_look_by * interval '1 microsecond',
                       holds, closed
                from unnest(?::int8[], ?::int4[], ?::text[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::int8[],
                            ?::int4[], ?::int4[], ?::int8[], ?::text[], ?::int4[], ?::text[], ?::int8[], ?::text[],
                            ?::text[], ?::text[], ?::int8[], ?::text[], ?::bool[])
                     as new (id, version, status, channel_id, external_id, customer, currency, total, priority,
                             lines, placed_at, flow, flow_version, step, step_entered_at, exception, exception_kind,
                             exception_owner, exception_look_by, holds, closed)
                """);
        changedOrders.run(connection, """
                update orders o
                set version = new.version, status = new.status::order_status, total = new.total,
                    flow_version = new.flow_version, step = new.step,
                    step_entered_at = timestamptz 'epoch' + new.step_entered_at * interval '1 microsecond',
                    exception = new.exception, exception_kind = new.exception_kind,
                    exception_owner = new.exception_owner,
                    exception_look_by = timestamptz 'epoch' + new.exception_look_by * interval '1 microsecond',
                    holds = new.holds, closed = new.closed
                from unnest(?::int8[], ?::int4[], ?::text[], ?::int8[], ?::int4[], ?::text[], ?::int8[], ?::text[],
                            ?::text[], ?::text[], ?::int8[], ?::text[], ?::bool[])
                     as new (id, version, status, total, flow_version, step, step_entered_at, exception,
                             exception_kind, exception_owner, exception_look_by, holds, closed)
                where o.id = new.id
                """);
        effects.run(connection, """
                insert into effect (order_id, number, destination)
                select * from unnest(?::int8[], ?::int4[], ?::text[])
                """);
        newSlots.run(connection, """
                insert into pick_up_slot (order_id, ship_group, node_id, from_at, day, minute)
                select order_id, ship_group, node_id, timestamptz 'epoch' + from_at * interval '1 microsecond',
                       date 'epoch' + day, minute
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int8[], ?::int4[], ?::int4[])
                     as new (order_id, ship_group, node_id, from_at, day, minute)
                """);
        slotsNoMore.run(connection, """
                delete from pick_up_slot s
                using unnest(?::int8[], ?::int4[]) as gone (order_id, ship_group)
                where s.order_id = gone.order_id and s.ship_group = gone.ship_group
                """);
        datePromises.run(connection, """
                insert into date_promise (order_id, ship_group, channel_id, earliest, latest, confidence)
                select order_id, ship_group, channel_id, date 'epoch' + earliest, date 'epoch' + latest, confidence
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                     as new (order_id, ship_group, channel_id, earliest, latest, confidence)
                """);
        arrivals.run(connection, """
                insert into arrival (order_id, number, node_id, service, zone, earliest, latest, arrived_on)
                select order_id, number, node_id, service, zone, date 'epoch' + earliest, date 'epoch' + latest,
                       date 'epoch' + arrived_on
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                     as new (order_id, number, node_id, service, zone, earliest, latest, arrived_on)
                """);
        newLines.append(connection, """
                insert into order_line (order_id, number, item_id, ship_group, sent, pick_up_node, splittable,
                                        unit_price, discount, tax, shipping, kit_id, ordered, open, backordered, allocated, released, picked,
                                        packed, shipped, collected, returned, cancelled)
                select * from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::bool[], ?::int4[], ?::bool[],
                                     ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                                     ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                """, """
                copy order_line (order_id, number, item_id, ship_group, sent, pick_up_node, splittable, unit_price,
                                 discount, tax, shipping, kit_id,
                                 ordered, open, backordered, allocated, released, picked, packed, shipped, collected, returned, cancelled)
                from stdin (format binary)
                """);
        changedLines.run(connection, """
                update order_line l
                set open = new.open, backordered = new.backordered, allocated = new.allocated,
                    released = new.released, picked = new.picked, packed = new.packed, shipped = new.shipped,
                    collected = new.collected, returned = new.returned, cancelled = new.cancelled
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                            ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                     as new (order_id, number, open, backordered, allocated, released, picked, packed, shipped,
                             collected, returned, cancelled)
                where l.order_id = new.order_id and l.number = new.number
                """);
        newWork.run(connection, """
                insert into fulfilment_order (order_id, number, node_id, ship_group, method, status, dispatch_by,
                                              capacity_day, store_id)
                select order_id, number, node_id, ship_group, method::fulfilment_method, status::fulfilment_status,
                       timestamptz 'epoch' + dispatch_by * interval '1 microsecond', date 'epoch' + capacity_day, store_id
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::text[], ?::text[], ?::int8[], ?::int4[], ?::int4[])
                     as new (order_id, number, node_id, ship_group, method, status, dispatch_by, capacity_day, store_id)
                """);
        changedWork.run(connection, """
                update fulfilment_order f
                set status = new.status::fulfilment_status
                from unnest(?::int8[], ?::int4[], ?::text[]) as new (order_id, number, status)
                where f.order_id = new.order_id and f.number = new.number
                """);
        newWorkLines.append(connection, """
                insert into fulfilment_line (order_id, number, line, item_id, allocated, released, picked, packed,
                                             shipped, collected, returned, cancelled)
                select * from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                                     ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                """, """
                copy fulfilment_line (order_id, number, line, item_id, allocated, released, picked, packed, shipped, collected,
                                      returned, cancelled)
                from stdin (format binary)
                """);
        changedWorkLines.run(connection, """
                update fulfilment_line l
                set allocated = new.allocated, released = new.released, picked = new.picked, packed = new.packed,
                    shipped = new.shipped, collected = new.collected, returned = new.returned, cancelled = new.cancelled
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                            ?::int4[], ?::int4[], ?::int4[])
                     as new (order_id, number, line, allocated, released, picked, packed, shipped, collected,
                             returned, cancelled)
                where l.order_id = new.order_id and l.number = new.number and l.line = new.line
                """);
        journeys.run(connection, """
                insert into journey (order_id, part, flow, version, step, entered_at)
                select order_id, part, flow, version, step, timestamptz 'epoch' + entered_at * interval '1 microsecond'
                from unnest(?::int8[], ?::text[], ?::text[], ?::int4[], ?::text[], ?::int8[])
                     as new (order_id, part, flow, version, step, entered_at)
                on conflict (order_id, part) do update
                set version = excluded.version, step = excluded.step, entered_at = excluded.entered_at
                """);
        endedJourneys.run(connection, """
                delete from journey j
                using unnest(?::int8[], ?::text[]) as ended (order_id, part)
                where j.order_id = ended.order_id and j.part = ended.part
                """);
        journal.append(connection, """
                insert into order_journal (order_id, version_from, version_to, at, actor, origin, command, reason,
                                           events)
                select order_id, version_from, version_to, timestamptz 'epoch' + at * interval '1 microsecond',
                       actor, origin, command, reason, events
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[])
                     as new (order_id, version_from, version_to, at, actor, origin, command, reason, events)
                """, """
                copy order_journal (order_id, version_from, version_to, at, actor, origin, command, reason, events)
                from stdin (format binary)
                """);
        sourcing.run(connection, """
                insert into sourcing_record (order_id, run, network_version, cost, bound, proven, inputs)
                select * from unnest(?::int8[], ?::int4[], ?::int8[], ?::int8[], ?::int8[], ?::bool[], ?::bytea[])
                """);
        due.run(connection, """
                insert into due_work (aggregate_id, due_at)
                select aggregate_id, timestamptz 'epoch' + due_at * interval '1 microsecond'
                from unnest(?::int8[], ?::int8[]) as new (aggregate_id, due_at)
                on conflict (aggregate_id) do update set due_at = excluded.due_at where due_work.due_at <> excluded.due_at
                """);
        noLongerDue.run(connection, """
                delete from due_work where aggregate_id = any (?::int8[])
                """);
        reservations.write(connection);
        shipments.write(connection);
        noLongerPromised.run(connection, """
                delete from promised_unit where order_id = any (?::int8[])
                """);
        promised.run(connection, """
                insert into promised_unit (order_id, line, item_id, node_id, quantity, capacity_day)
                select order_id, line, item_id, node_id, quantity, date 'epoch' + capacity_day
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[])
                     as new (order_id, line, item_id, node_id, quantity, capacity_day)
                """);
        contacts.run(connection, """
                insert into contact (order_id, ship_group, name, street, city, region, postcode, country, email, phone)
                select * from unnest(?::int8[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                     ?::text[], ?::text[], ?::text[])
                on conflict (order_id, ship_group) do update set
                    name = excluded.name, street = excluded.street, city = excluded.city, region = excluded.region,
                    postcode = excluded.postcode, country = excluded.country, email = excluded.email,
                    phone = excluded.phone
                """);
        documents.run(connection, """
                insert into stock_document (id, kind, reference, changes, actor, origin, reason, at)
                select id, kind::stock_document_kind, reference, changes, actor, origin, reason,
                       timestamptz 'epoch' + at * interval '1 microsecond'
                from unnest(?::int8[], ?::text[], ?::text[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::int8[])
                     as new (id, kind, reference, changes, actor, origin, reason, at)
                """);
    }
}
