package dev.tutti.postgres.verify;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Journey;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.fulfilment.Units;
import dev.tutti.network.Network;
import dev.tutti.network.NodeId;
import dev.tutti.order.ExceptionCase;
import dev.tutti.order.FlowPosition;
import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.OrderLine;
import dev.tutti.order.Outside;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.EventJson;
import dev.tutti.postgres.HoldTypes;
import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.SourcingInputs;
import dev.tutti.postgres.verify.Verification.Finding;
import dev.tutti.postgres.verify.Verification.Violations;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What SQL alone cannot say: that the events of each order, folded again, give its rows; that its recorded sourcing
 * inputs, put to the search again, give the same plan; that what callers were promised exists.
 */
final class Replay {
    private static final int ORDERS_AT_ONCE = 2_000;

    private final Connection connection;
    private final Map<Long, Network> networks = new HashMap<>();
    private final EventJson json = new EventJson();
    private final Sourcing sourcing = new Sourcing();
    private final Map<RunOf, List<OrderEvent.NewFulfilmentOrder>> allocations = new HashMap<>();
    private final Violations unsettled = new Violations();
    private final Violations strayEffects = new Violations();
    private final Violations unlikeRows = new Violations();
    private final Violations unlikePlans = new Violations();
    private final Violations missing = new Violations();
    private long last;

    /** One sourcing run of one order. */
    private record RunOf(long order, int run) {}

    Replay(Connection connection) {
        this.connection = connection;
    }

    List<Finding> findings(List<Long> acknowledged) throws SQLException {
        for (SortedMap<Long, Order> orders = fold(-1); last >= 0; orders = fold(last)) {
            if (!orders.isEmpty()) {
                compareOrders(orders);
                compareLines(orders);
                compareWork(orders);
                compareJourneys(orders);
                compareEffects(orders);
                orders.forEach(this::checkMoney);
                replaySourcing(orders);
            }
        }
        checkAcknowledged(acknowledged);
        return List.of(
                unsettled.finding(
                        8,
                        "money-follows-units",
                        "an order that is over has been paid for what the customer has, and nothing more is held"),
                strayEffects.finding(
                        10,
                        "effects-are-known",
                        "what orders have asked of services outside is to be done once, or is answered"),
                missing.finding(14, "acknowledged-is-durable", "every order a caller was told of exists"),
                unlikeRows.finding(16, "events-give-the-rows", "an order's events, folded, give its rows"),
                unlikePlans.finding(
                        17, "plans-can-be-replayed", "a recorded sourcing decision, made again, gives the same plan"));
    }

    /** The next orders, folded; those whose events contradict each other are reported and left out. */
    private SortedMap<Long, Order> fold(long after) throws SQLException {
        SortedMap<Long, Order> orders = new TreeMap<>();
        Set<Long> broken = new TreeSet<>();
        allocations.clear();
        last = -1;
        try (PreparedStatement select = connection.prepareStatement("""
                select j.order_id, j.events
                from (select id from orders where id > ? order by id limit ?) o
                join order_journal j on j.order_id = o.id
                order by j.order_id, j.version_to
                """)) {
            select.setLong(1, after);
            select.setInt(2, ORDERS_AT_ONCE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last = row.getLong(1);
                    if (!broken.contains(last) && !applied(orders, last, row.getString(2))) {
                        broken.add(last);
                        orders.remove(last);
                    }
                }
            }
        }
        return orders;
    }

    private boolean applied(SortedMap<Long, Order> orders, long id, String events) {
        Order order = orders.get(id);
        try {
            for (OrderEvent event : json.read(events)) {
                order = Order.apply(order, event);
                if (event instanceof OrderEvent.UnitsAllocated allocated) {
                    allocations.put(new RunOf(id, allocated.run()), allocated.fulfilmentOrders());
                }
            }
        } catch (BrokenInvariant contradiction) {
            unlikeRows.add("order " + id + ": " + contradiction.getMessage());
            return false;
        }
        orders.put(id, Objects.requireNonNull(order));
        return true;
    }

    private void compareOrders(SortedMap<Long, Order> orders) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select id, version, status, total, step, closed, exception, external_id, channel_id, flow_version,
                       exception_owner, holds
                from orders
                where id between ? and ?
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Order order = orders.get(row.getLong(1));
                    if (order == null
                            || order.version() != row.getInt(2)
                            || !order.status().name().equals(row.getString(3))
                            || order.total() != row.getLong(4)
                            || order.flow().version() != row.getInt(10)
                            || !order.flow().step().equals(row.getString(5))
                            || order.closed() != row.getBoolean(6)
                            || !Objects.equals(reason(order), row.getString(7))
                            || !Objects.equals(owner(order), row.getString(11))
                            || !Objects.equals(HoldTypes.text(order.holds()), row.getString(12))
                            || !order.header().externalId().equals(row.getString(8))
                            || order.header().channel().value() != row.getInt(9)) {
                        unlikeRows.add("order " + row.getLong(1));
                    }
                }
            }
        }
    }

    private static @Nullable String reason(Order order) {
        ExceptionCase open = order.exception();
        return open == null ? null : open.reason();
    }

    private static @Nullable String owner(Order order) {
        ExceptionCase open = order.exception();
        return open == null ? null : open.owner();
    }

    private static void range(PreparedStatement select, SortedMap<Long, Order> orders) throws SQLException {
        select.setLong(1, orders.firstKey());
        select.setLong(2, orders.lastKey());
    }

    /** Each has its row, none has another, and none is called answered of which its order knows nothing. */
    private void compareEffects(SortedMap<Long, Order> orders) throws SQLException {
        Map<Long, Integer> rows = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select order_id, number, destination, state from effect where order_id between ? and ?
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Order order = orders.get(row.getLong(1));
                    Outside.Effect effect =
                            order == null ? null : order.outside().effect(row.getInt(2));
                    boolean forgotten = order != null
                            && effect != null
                            && effect.done() == null
                            && row.getString(4).equals("answered");
                    if (effect == null || forgotten || !effect.destination().equals(row.getString(3))) {
                        strayEffects.add("effect " + row.getInt(2) + " of order " + row.getLong(1));
                    }
                    rows.merge(row.getLong(1), 1, Integer::sum);
                }
            }
        }
        orders.forEach((id, order) -> {
            if (rows.getOrDefault(id, 0) != order.outside().effects().size()) {
                strayEffects.add("order " + id + " has asked "
                        + order.outside().effects().size() + " times and has " + rows.getOrDefault(id, 0) + " effects");
            }
        });
    }

    private void checkMoney(long id, Order order) {
        boolean over =
                order.closed() && order.exception() == null && !order.payments().busy();
        if (over && !order.isSettled()) {
            unsettled.add("order " + id + ": the customer has " + order.earned() + " worth; " + order.payments());
        }
    }

    /** Whether the row says how the group's customer has it. */
    private static boolean isHad(ShipGroup group, boolean sent, int pickUpNode) {
        NodeId store = group.pickUpNode();
        return group.method().isSent() == sent && (store == null ? 0 : store.value()) == pickUpNode;
    }

    private void compareLines(SortedMap<Long, Order> orders) throws SQLException {
        int rows = 0;
        try (PreparedStatement select = connection.prepareStatement("""
                select order_id, number, item_id, array[open, backordered, allocated, released, picked, packed, shipped,
                                                        collected, returned, cancelled], kit_id,
                       sent, coalesce(pick_up_node, 0)
                from order_line
                where order_id between ? and ?
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                for (; row.next(); rows++) {
                    Order order = orders.get(row.getLong(1));
                    OrderLine line = order == null ? null : order.line(row.getInt(2));
                    if (order == null
                            || line == null
                            || line.item() != row.getInt(3)
                            || (line.kit() == null ? 0 : line.kit().item()) != row.getInt(5)
                            || !isHad(order.header().shipGroup(line.shipGroup()), row.getBoolean(6), row.getInt(7))
                            || !line.units()
                                    .equals(units((Integer[]) row.getArray(4).getArray(), 0))) {
                        unlikeRows.add("order " + row.getLong(1) + " line " + row.getInt(2));
                    }
                }
            }
        }
        int expected = orders.values().stream().mapToInt(o -> o.lines().size()).sum();
        if (rows != expected) {
            unlikeRows.add(rows + " order lines instead of " + expected + " from order " + orders.firstKey());
        }
    }

    private static Units units(Integer[] counts, int firstState) {
        int[] all = new int[UnitState.values().length];
        for (int i = 0; i < counts.length; i++) {
            all[firstState + i] = counts[i];
        }
        return Units.ofCounts(all);
    }

    private void compareJourneys(SortedMap<Long, Order> orders) throws SQLException {
        Map<Long, Integer> rows = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select order_id, part, flow, version, step from journey where order_id between ? and ?
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Order order = orders.get(row.getLong(1));
                    FlowPosition position =
                            order == null ? null : order.journeys().position(Journey.parse(row.getString(2)));
                    if (position == null
                            || !position.flow().equals(row.getString(3))
                            || position.version() != row.getInt(4)
                            || !position.step().equals(row.getString(5))) {
                        unlikeRows.add("order " + row.getLong(1) + ", " + row.getString(2));
                    }
                    rows.merge(row.getLong(1), 1, Integer::sum);
                }
            }
        }
        orders.forEach((id, order) -> {
            int underWay = order.journeys().others().size();
            if (rows.getOrDefault(id, 0) != underWay) {
                unlikeRows.add("order " + id + " has " + underWay + " parts under way");
            }
        });
    }

    private void compareWork(SortedMap<Long, Order> orders) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select f.order_id, f.number, f.node_id, f.status, l.line, f.capacity_day,
                       array[l.allocated, l.released, l.picked, l.packed, l.shipped, l.collected, l.returned,
                             l.cancelled], a.arrived_on, coalesce(f.store_id, f.node_id), f.method
                from fulfilment_order f
                join fulfilment_line l on l.order_id = f.order_id and l.number = f.number
                left join arrival a on a.order_id = f.order_id and a.number = f.number
                where f.order_id between ? and ?
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Order order = orders.get(row.getLong(1));
                    FulfilmentOrder work = order == null ? null : order.fulfilmentOrder(row.getInt(2));
                    FulfilmentLine line = work == null ? null : work.line(row.getInt(5));
                    if (order == null
                            || work == null
                            || line == null
                            || work.node().value() != row.getInt(3)
                            || !work.status().name().equals(row.getString(4))
                            || !Objects.equals(work.capacityDay(), row.getObject(6, LocalDate.class))
                            || !Objects.equals(work.arrived(), row.getObject(8, LocalDate.class))
                            || order.handedOutAt(work).value() != row.getInt(9)
                            || !work.method().name().equals(row.getString(10))
                            || !line.units()
                                    .equals(units(
                                            (Integer[]) row.getArray(7).getArray(), UnitState.ALLOCATED.ordinal()))) {
                        unlikeRows.add("order " + row.getLong(1) + " fulfilment order " + row.getInt(2));
                    }
                }
            }
        }
    }

    /** Each decision with the network of its time. */
    private void replaySourcing(SortedMap<Long, Order> orders) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select order_id, run, network_version, cost, inputs
                from sourcing_record
                where order_id between ? and ?
                order by network_version, order_id, run
                """)) {
            range(select, orders);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    SourcingRecord record = SourcingInputs.read(row.getBytes(5), row.getLong(3));
                    SourcingPlan plan = sourcing.replay(record, network(record.networkVersion()));
                    RunOf run = new RunOf(row.getLong(1), row.getInt(2));
                    if (plan.cost() != row.getLong(4) || !isLike(plan, allocations.getOrDefault(run, List.of()))) {
                        unlikePlans.add("order " + run.order() + " run " + run.run() + ": cost " + row.getLong(4)
                                + ", now " + plan.cost());
                    }
                }
            }
        }
    }

    private Network network(long version) throws SQLException {
        Network known = networks.get(version);
        if (known == null) {
            known = MasterData.networkOf(connection, version);
            networks.put(version, known);
        }
        return known;
    }

    private static boolean isLike(SourcingPlan plan, List<OrderEvent.NewFulfilmentOrder> made) {
        if (plan.parcels().size() != made.size()) {
            return false;
        }
        for (int i = 0; i < made.size(); i++) {
            SourcingPlan.Parcel parcel = plan.parcels().get(i);
            OrderEvent.NewFulfilmentOrder work = made.get(i);
            if (!parcel.node().equals(work.node())
                    || parcel.group() != work.shipGroup()
                    || parcel.method() != work.method()
                    || !parcel.dispatchBy().equals(work.dispatchBy())
                    || !Objects.equals(parcel.capacityDay(), work.capacityDay())
                    || !parcel.lines().equals(work.lines())) {
                return false;
            }
        }
        return true;
    }

    private void checkAcknowledged(List<Long> acknowledged) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select told.id
                from unnest(?::int8[]) as told (id)
                where not exists (select from orders o where o.id = told.id)
                """)) {
            select.setArray(1, connection.createArrayOf("int8", acknowledged.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    missing.add("order " + row.getLong(1));
                }
            }
        }
    }
}
