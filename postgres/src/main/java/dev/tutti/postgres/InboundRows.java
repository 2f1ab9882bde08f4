package dev.tutti.postgres;

import dev.tutti.hub.HubChange.InboundChanged;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.network.NodeId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Inbound shipments as rows: how they are read and how they are written. */
final class InboundRows {
    private final Rows shipments = new Rows("int8 int4 text text int4 micros");
    private final Rows lines = new Rows("int8 int4 int4 int4 int4 int4 int4 int4 bool");
    private final Rows changes = new Rows("int8 int4 text micros text text text");

    /** @param aggregates their numbers among all aggregates */
    static Map<Long, InboundShipment> load(Connection connection, Collection<Long> aggregates) throws SQLException {
        Map<Long, InboundShipment> shipments = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select s.id, s.version, s.reference, s.kind, s.from_node_id, s.announced_at,
                       l.number, l.item_id, l.node_id, l.due, l.quantity, l.received, l.confidence,
                       l.ended
                from inbound_shipment s
                left join inbound_line l on l.shipment_id = s.id
                where s.id = any (?::int8[])
                order by s.id, l.number
                """)) {
            select.setArray(1, connection.createArrayOf("int8", ids(aggregates)));
            try (ResultSet row = select.executeQuery()) {
                List<InboundShipment.Line> lines = new ArrayList<>();
                InboundShipment last = null;
                while (row.next()) {
                    if (last == null || last.id().value() != row.getLong(1)) {
                        lines = new ArrayList<>();
                        last = header(row);
                    }
                    if (row.getObject(7) != null) {
                        lines.add(line(row, 7));
                    }
                    shipments.put(last.id().aggregate(), withLines(last, lines));
                }
            }
        }
        return shipments;
    }

    private static InboundShipment header(ResultSet row) throws SQLException {
        @Nullable Integer from = (Integer) row.getObject(5);
        return new InboundShipment(
                new ShipmentId(row.getLong(1)),
                row.getInt(2),
                row.getString(3),
                InboundShipment.Kind.valueOf(row.getString(4)),
                from == null ? null : new NodeId(from),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                List.of());
    }

    private static InboundShipment withLines(InboundShipment header, List<InboundShipment.Line> lines) {
        return new InboundShipment(
                header.id(),
                header.version(),
                header.reference(),
                header.kind(),
                header.from(),
                header.announcedAt(),
                lines);
    }

    static InboundShipment.Line line(ResultSet row, int from) throws SQLException {
        return new InboundShipment.Line(
                row.getInt(from),
                row.getInt(from + 1),
                new NodeId(row.getInt(from + 2)),
                row.getObject(from + 3, LocalDate.class),
                row.getInt(from + 4),
                row.getInt(from + 5),
                row.getInt(from + 6),
                row.getBoolean(from + 7));
    }

    private static Long[] ids(Collection<Long> aggregates) {
        return aggregates.stream()
                .map(aggregate -> ShipmentId.ofAggregate(aggregate).value())
                .toArray(Long[]::new);
    }

    /** Locks shipments by id, and says their versions. */
    static void lock(Connection connection, Collection<Long> aggregates, boolean patient, Map<Long, Integer> versions)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(patient ? """
                select id, version from inbound_shipment where id = any (?::int8[]) order by id for no key update
                """ : """
                select id, version from inbound_shipment where id = any (?::int8[]) order by id
                for no key update skip locked
                """)) {
            select.setArray(1, connection.createArrayOf("int8", ids(aggregates)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.put(new ShipmentId(row.getLong(1)).aggregate(), row.getInt(2));
                }
            }
        }
    }

    void add(PreparedChange.OfInbound change, boolean isLast) {
        InboundChanged changed = change.change();
        InboundShipment after = changed.after();
        changes.add(
                after.id().value(),
                after.version(),
                changed.command().getClass().getSimpleName(),
                Rows.micros(change.audit().at()),
                change.audit().actor(),
                change.audit().origin(),
                change.audit().reason());
        if (!isLast) {
            return;
        }
        shipments.add(
                after.id().value(),
                after.version(),
                after.reference(),
                after.kind().name(),
                after.from() == null ? 0 : after.from().value(),
                Rows.micros(after.announcedAt()));
        for (InboundShipment.Line line : after.lines()) {
            lines.add(
                    after.id().value(),
                    line.number(),
                    line.item(),
                    line.node().value(),
                    Math.toIntExact(line.due().toEpochDay()),
                    line.quantity(),
                    line.received(),
                    line.confidence(),
                    line.isEnded());
        }
    }

    void write(Connection connection) throws SQLException {
        shipments.run(connection, """
                insert into inbound_shipment (id, version, reference, kind, from_node_id, announced_at)
                select id, version, reference, kind, nullif(from_node_id, 0),
                       timestamptz 'epoch' + announced_at * interval '1 microsecond'
                from unnest(?::int8[], ?::int4[], ?::text[], ?::text[], ?::int4[], ?::int8[])
                     as new (id, version, reference, kind, from_node_id, announced_at)
                on conflict (id) do update set version = excluded.version
                """);
        lines.run(connection, """
                insert into inbound_line (shipment_id, number, item_id, node_id, due, quantity, received, confidence, ended)
                select shipment_id, number, item_id, node_id, date 'epoch' + due, quantity, received, confidence, ended
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                            ?::bool[])
                     as new (shipment_id, number, item_id, node_id, due, quantity, received, confidence, ended)
                on conflict (shipment_id, number) do update
                set item_id = excluded.item_id, node_id = excluded.node_id, due = excluded.due,
                    quantity = excluded.quantity, received = excluded.received, confidence = excluded.confidence,
                    ended = excluded.ended
                """);
        changes.run(connection, """
                insert into inbound_change (shipment_id, version, command, at, actor, origin, reason)
                select shipment_id, version, command, timestamptz 'epoch' + at * interval '1 microsecond', actor, origin,
                       reason
                from unnest(?::int8[], ?::int4[], ?::text[], ?::int8[], ?::text[], ?::text[], ?::text[])
                     as new (shipment_id, version, command, at, actor, origin, reason)
                """);
    }
}
