package dev.tutti.postgres;

import dev.tutti.order.OrderStatus;
import dev.tutti.postgres.Reads.FeedCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds orders by what people remember of them.
 *
 * <p>What is searched by is kept in a table of its own, {@code order_search}, which follows the orders' journal a moment
 * behind and outside of their transactions: an order costs no more because it can be found. Only its state, which is
 * filtered by as well, is always that of the order itself.
 */
public final class OrderSearch {
    private final DataSource database;
    private final Reads reads;

    public OrderSearch(DataSource database, Reads reads) {
        this.database = database;
        this.reads = reads;
    }

    /** By what found orders are sorted; ties fall to their number. */
    public enum Sort {
        NUMBER("o.id", "int8"),
        PLACED_AT("s.placed_at", "timestamptz"),
        TOTAL("o.total", "int8");

        private final String column;
        private final String type;

        Sort(String column, String type) {
            this.column = column;
            this.type = type;
        }
    }

    /**
     * Where a page ended.
     *
     * @param value of the column that is sorted by, as text
     */
    public record After(String value, long order) {}

    /**
     * What is looked for. What is null or empty does not matter.
     *
     * @param channels the only ones the caller may see, by number; null if all
     * @param node where some of it is or was to come from
     * @param words what was typed: found in numbers, customers, names, addresses and items, also if it is misspelt
     * @param descending the greatest first
     */
    public record Query(
            @Nullable Set<Integer> channels,
            @Nullable Integer channel,
            @Nullable String externalId,
            @Nullable String customer,
            @Nullable Integer item,
            @Nullable Integer node,
            Set<OrderStatus> statuses,
            @Nullable Instant placedFrom,
            @Nullable Instant placedBefore,
            boolean exceptionsOnly,
            @Nullable String words,
            Sort sort,
            boolean descending,
            @Nullable After after,
            int limit) {}

    /** An order as a list shows it. */
    public record Found(
            long id,
            int channel,
            String externalId,
            String customer,
            OrderStatus status,
            String currency,
            long total,
            int lines,
            Instant placedAt,
            boolean closed,
            @Nullable String exception,
            After here) {}

    public List<Found> search(Query query) {
        String words = query.words();
        if (words == null) {
            return run(query, null, false);
        }
        // Who types a number means that one; only if there is none was it misspelt.
        List<Found> exact = run(query, words, true);
        return exact.isEmpty() ? run(query, words, false) : exact;
    }

    private List<Found> run(Query query, @Nullable String words, boolean exactly) {
        Conditions where = new Conditions();
        if (query.channels() != null) {
            where.add("o.channel_id = any (?::int4[])", array(query.channels()));
        }
        where.addIf("o.channel_id = ?", query.channel());
        where.addIf("s.external_id = ?", query.externalId());
        where.addIf("s.customer = ?", query.customer());
        where.addIf("s.items @> array[?::int4]", query.item());
        where.addIf("s.nodes @> array[?::int4]", query.node());
        if (!query.statuses().isEmpty()) {
            where.add(
                    "o.status = any (?::order_status[])",
                    "{" + query.statuses().stream().map(Enum::name).collect(Collectors.joining(",")) + "}");
        }
        where.addIf("s.placed_at >= ?::timestamptz", text(query.placedFrom()));
        where.addIf("s.placed_at < ?::timestamptz", text(query.placedBefore()));
        if (query.exceptionsOnly()) {
            where.add("o.exception is not null");
        }
        if (words != null && exactly) {
            where.add("(s.external_id = ? or s.customer = ? or o.id::text = ?)", words, words, words);
        } else if (words != null) {
            where.add("s.words %> lower(?)", words);
        }
        After after = query.after();
        String direction = query.descending() ? "desc" : "asc";
        if (after != null) {
            where.add(
                    "(%s, o.id) %s (?::%s, ?)"
                            .formatted(query.sort().column, query.descending() ? "<" : ">", query.sort().type),
                    after.value(),
                    after.order());
        }
        String sql = """
                select o.id, o.channel_id, o.external_id, o.customer, o.status, o.currency, o.total, o.lines, o.placed_at,
                       o.closed, o.exception, %s::text
                from orders o
                %s
                %s
                order by %s %s, o.id %s
                limit ?
                """.formatted(
                query.sort().column,
                where.needSearch() || query.sort() == Sort.PLACED_AT ? "join order_search s on s.order_id = o.id" : "",
                where.sql(),
                query.sort().column,
                direction,
                direction);
        List<Found> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            int at = 1;
            for (Object value : where.values) {
                select.setObject(at++, value);
            }
            select.setInt(at, query.limit());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(found(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getString(4),
                OrderStatus.valueOf(row.getString(5)),
                row.getString(6),
                row.getLong(7),
                row.getInt(8),
                row.getObject(9, OffsetDateTime.class).toInstant(),
                row.getBoolean(10),
                row.getString(11),
                new After(row.getString(12), row.getLong(1)));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static String array(Set<Integer> numbers) {
        return "{" + new TreeSet<>(numbers).stream().map(String::valueOf).collect(Collectors.joining(",")) + "}";
    }

    /** Conditions and the values of their question marks. */
    private static final class Conditions {
        final List<String> parts = new ArrayList<>();
        final List<Object> values = new ArrayList<>();

        void addIf(String condition, @Nullable Object value) {
            if (value != null) {
                add(condition, value);
            }
        }

        void add(String condition, Object... bound) {
            parts.add(condition);
            values.addAll(List.of(bound));
        }

        boolean needSearch() {
            return parts.stream().anyMatch(part -> part.contains("s."));
        }

        String sql() {
            return parts.isEmpty() ? "" : "where " + String.join("\n  and ", parts);
        }
    }

    // Following

    /**
     * Takes in what has happened to orders since the last time, if no other server is doing so.
     *
     * @return how many commands were looked at; less than asked for means that all is there
     */
    public int follow(int limit) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                FeedCursor cursor = cursor(statement);
                if (cursor == null) {
                    return 0;
                }
                List<Reads.FeedEntry> entries = reads.feed(cursor, limit);
                if (!entries.isEmpty()) {
                    TreeSet<Long> orders = new TreeSet<>();
                    entries.forEach(entry -> orders.add(entry.cursor().order()));
                    takeIn(connection, orders);
                    moveOn(connection, entries.getLast().cursor());
                }
                connection.commit();
                return entries.size();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static @Nullable FeedCursor cursor(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select transaction_id, order_id, version from order_search_progress for update skip locked")) {
            return row.next() ? new FeedCursor(row.getLong(1), row.getLong(2), row.getInt(3)) : null;
        }
    }

    private static void takeIn(Connection connection, Set<Long> orders) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into order_search (order_id, placed_at, external_id, customer, items, nodes, words)
                select o.id, o.placed_at, o.external_id, o.customer, l.items, coalesce(f.nodes, '{}'),
                       lower(concat_ws(' ', o.external_id, o.customer, c.words, l.words))
                from orders o
                cross join lateral (
                    select array_agg(distinct l.item_id) as items,
                           left(string_agg(distinct i.sku || ' ' || i.description, ' '), 2000) as words
                    from order_line l
                    join item i on i.id = l.item_id
                    where l.order_id = o.id
                ) l
                cross join lateral (
                    select array_agg(distinct f.node_id) as nodes from fulfilment_order f where f.order_id = o.id
                ) f
                cross join lateral (
                    select string_agg(concat_ws(' ', c.name, c.email, c.phone, c.city, c.postcode), ' ') as words
                    from contact c where c.order_id = o.id
                ) c
                where o.id = any (?::int8[])
                on conflict (order_id) do update
                set nodes = excluded.nodes, words = excluded.words
                where order_search.nodes is distinct from excluded.nodes
                """)) {
            insert.setArray(1, connection.createArrayOf("int8", orders.toArray()));
            insert.executeUpdate();
        }
    }

    private static void moveOn(Connection connection, FeedCursor cursor) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update order_search_progress set transaction_id = ?, order_id = ?, version = ?")) {
            update.setLong(1, cursor.transaction());
            update.setLong(2, cursor.order());
            update.setInt(3, cursor.version());
            update.executeUpdate();
        }
    }
}
