package dev.tutti.postgres;

import dev.tutti.network.ChannelId;
import dev.tutti.network.Slot;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationId;
import dev.tutti.reservation.ReservationState;
import dev.tutti.sourcing.SourcingRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Reservations as rows: how they are read and how they are written. */
final class ReservationRows {
    private static final JsonMapper JSON = EventJson.mapper().build();

    private final Rows reservations = new Rows("int8 int4 text int4 text text int8 int8 text int8");
    private final Rows changes = new Rows("int8 int4 text int8 text text text");

    /** What it holds, for whom and where: the part that nobody looks for. */
    private record Held(
            List<SourcingRequest.Group> groups,
            List<Reservation.Parcel> parcels,
            List<Reservation.Waiting> waiting,
            List<Slot> slots,
            int caller) {}

    /** @param aggregates their numbers among all aggregates */
    static Map<Long, Reservation> load(Connection connection, Collection<Long> aggregates) throws SQLException {
        Map<Long, Reservation> reservations = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select id, version, state, channel_id, customer_group, reference, made_at, until_at, held, order_id
                from reservation
                where id = any (?::int8[])
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", aggregates.stream().map(id -> -id).toArray(Long[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Held held = JSON.readValue(row.getString(9), Held.class);
                    ReservationId id = new ReservationId(row.getLong(1));
                    reservations.put(
                            id.aggregate(),
                            new Reservation(
                                    id,
                                    row.getInt(2),
                                    ReservationState.valueOf(row.getString(3)),
                                    new ChannelId(row.getInt(4)),
                                    row.getString(5),
                                    row.getString(6),
                                    row.getObject(7, OffsetDateTime.class).toInstant(),
                                    row.getObject(8, OffsetDateTime.class).toInstant(),
                                    held.groups(),
                                    held.parcels(),
                                    held.waiting(),
                                    held.slots(),
                                    held.caller(),
                                    row.getLong(10)));
                }
            }
        }
        return reservations;
    }

    /** Locks reservations by id, and says their versions. */
    static void lock(Connection connection, Collection<Long> aggregates, boolean patient, Map<Long, Integer> versions)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(patient ? """
                select id, version from reservation where id = any (?::int8[]) order by id for no key update
                """ : """
                select id, version from reservation where id = any (?::int8[]) order by id
                for no key update skip locked
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", aggregates.stream().map(id -> -id).toArray(Long[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.put(-row.getLong(1), row.getInt(2));
                }
            }
        }
    }

    void add(PreparedChange.OfReservation change, boolean isLast) {
        Reservation after = change.change().after();
        changes.add(
                after.id().value(),
                after.version(),
                after.state().name(),
                Rows.micros(change.audit().at()),
                change.audit().actor(),
                change.audit().origin(),
                change.audit().reason());
        if (isLast) {
            reservations.add(
                    after.id().value(),
                    after.version(),
                    after.state().name(),
                    after.channel().value(),
                    after.customerGroup(),
                    after.reference(),
                    Rows.micros(after.madeAt()),
                    Rows.micros(after.until()),
                    change.held(),
                    after.order());
        }
    }

    static String held(Reservation reservation) {
        return JSON.writeValueAsString(new Held(
                reservation.groups(),
                reservation.parcels(),
                reservation.waiting(),
                reservation.slots(),
                reservation.caller()));
    }

    void write(Connection connection) throws SQLException {
        reservations.run(connection, """
                insert into reservation (id, version, state, channel_id, customer_group, reference, made_at, until_at,
                                         held, order_id)
                select id, version, state, channel_id, customer_group, reference,
                       timestamptz 'epoch' + made_at * interval '1 microsecond',
                       timestamptz 'epoch' + until_at * interval '1 microsecond', held::jsonb, order_id
                from unnest(?::int8[], ?::int4[], ?::text[], ?::int4[], ?::text[], ?::text[], ?::int8[], ?::int8[],
                            ?::text[], ?::int8[])
                     as new (id, version, state, channel_id, customer_group, reference, made_at, until_at, held,
                             order_id)
                on conflict (id) do update
                set version = excluded.version, state = excluded.state, until_at = excluded.until_at,
                    held = excluded.held, order_id = excluded.order_id
                """);
        changes.run(connection, """
                insert into reservation_change (reservation_id, version, state, at, actor, origin, reason)
                select reservation_id, version, state, timestamptz 'epoch' + at * interval '1 microsecond', actor, origin,
                       reason
                from unnest(?::int8[], ?::int4[], ?::text[], ?::int8[], ?::text[], ?::text[], ?::text[])
                     as new (reservation_id, version, state, at, actor, origin, reason)
                """);
    }
}
