package dev.tutti.postgres;

import dev.tutti.network.CarrierService;
import dev.tutti.network.RingFence;
import dev.tutti.network.Zones;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is configured and never searched by: a code, a number, and all else as JSON. */
final class ConfiguredRows {
    private static final JsonMapper JSON = EventJson.mapper().build();
    private static final String RING_FENCE = "ring-fence";
    private static final String SERVICE = "carrier-service";

    private ConfiguredRows() {}

    private record Fence(
            SortedSet<String> channels,
            SortedSet<String> customerGroups,
            boolean lends,
            @Nullable Instant returnsAt) {}

    private record Service(
            String carrier,
            EnumSet<DayOfWeek> collects,
            EnumSet<DayOfWeek> delivers,
            SortedSet<LocalDate> holidays,
            Zones zones,
            SortedMap<Integer, CarrierService.Transit> transit) {}

    /** A thing as its row has it. */
    private interface Reading<T> {
        T from(int number, String code, String definition);
    }

    /** Ways in which carriers take parcels, as they were in a version, by number. */
    static List<CarrierService> services(Connection connection, long version) throws SQLException {
        return read(connection, SERVICE, version, (number, code, definition) -> {
            Service service = JSON.readValue(definition, Service.class);
            return new CarrierService(
                    number,
                    code,
                    service.carrier(),
                    service.collects(),
                    service.delivers(),
                    service.holidays(),
                    service.zones(),
                    service.transit());
        });
    }

    static int writeServices(Connection connection, List<CarrierService> services) throws SQLException {
        return write(
                connection,
                SERVICE,
                services,
                CarrierService::code,
                service -> new Service(
                        service.carrier(),
                        service.collects(),
                        service.delivers(),
                        service.holidays(),
                        service.zones(),
                        service.transit()));
    }

    /** Keeps what differs from how it was kept last, in the version that has just been made. */
    static void keep(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("""
                    insert into configured_history (kind, number, version, code, definition)
                    select c.kind, c.number, (select max(version) from configuration_version), c.code, c.definition
                    from configured c
                    where c.definition is distinct from
                          (select h.definition from configured_history h where h.kind = c.kind and h.number = c.number
                           order by h.version desc limit 1)
                    """);
        }
    }

    /** By number. */
    static List<RingFence> ringFences(Connection connection, long version) throws SQLException {
        return read(connection, RING_FENCE, version, (number, code, definition) -> {
            Fence fence = JSON.readValue(definition, Fence.class);
            return new RingFence(
                    number, code, fence.channels(), fence.customerGroups(), fence.lends(), fence.returnsAt());
        });
    }

    static int writeRingFences(Connection connection, List<RingFence> fences) throws SQLException {
        return write(
                connection,
                RING_FENCE,
                fences,
                RingFence::code,
                fence -> new Fence(fence.channels(), fence.customerGroups(), fence.lends(), fence.returnsAt()));
    }

    private static <T> List<T> read(Connection connection, String kind, long version, Reading<T> reading)
            throws SQLException {
        List<T> things = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select distinct on (number) number, code, definition
                from configured_history
                where kind = ? and version <= ?
                order by number, version desc
                """)) {
            select.setString(1, kind);
            select.setLong(2, version);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    things.add(reading.from(row.getInt(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return things;
    }

    /** Writes those that differ, and answers how many they are. New ones get the numbers after the greatest there is. */
    private static <T> int write(
            Connection connection,
            String kind,
            List<T> things,
            Function<T, String> code,
            Function<T, Object> definition)
            throws SQLException {
        Rows rows = new Rows("text text text");
        things.forEach(thing -> rows.add(kind, code.apply(thing), JSON.writeValueAsString(definition.apply(thing))));
        return rows.run(connection, """
                insert into configured (kind, number, code, definition)
                select new.kind,
                       coalesce(old.number, (select coalesce(max(number), 0) from configured c where c.kind = new.kind)
                                            + row_number() over (partition by old.number is null order by new.code)),
                       new.code, new.definition::jsonb
                from unnest(?::text[], ?::text[], ?::text[]) as new (kind, code, definition)
                left join configured old on old.kind = new.kind and old.code = new.code
                on conflict (kind, code) do update
                set definition = excluded.definition
                where configured.definition is distinct from excluded.definition
                """);
    }
}
