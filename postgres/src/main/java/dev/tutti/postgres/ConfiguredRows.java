package dev.tutti.postgres;

import dev.tutti.network.RingFence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is configured and never searched by: a code, a number, and all else as JSON. */
final class ConfiguredRows {
    private static final JsonMapper JSON = EventJson.mapper().build();
    private static final String RING_FENCE = "ring-fence";

    private ConfiguredRows() {}

    private record Fence(
            SortedSet<String> channels,
            SortedSet<String> customerGroups,
            boolean lends,
            @Nullable Instant returnsAt) {}

    /** A thing as its row has it. */
    private interface Reading<T> {
        T from(int number, String code, String definition);
    }

    /** By number. */
    static List<RingFence> ringFences(Connection connection) throws SQLException {
        return read(connection, RING_FENCE, (number, code, definition) -> {
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

    private static <T> List<T> read(Connection connection, String kind, Reading<T> reading) throws SQLException {
        List<T> things = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select number, code, definition from configured where kind = ? order by number")) {
            select.setString(1, kind);
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
