package dev.tutti.postgres;

import dev.tutti.order.ExceptionKind;
import dev.tutti.order.OrderStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Finds orders by what people remember of them.
 *
 * <p>What is searched by is kept in a table of its own, {@code order_search}, which a {@link SearchFollower} keeps. Only its state, which is filtered by as well, is always that of the order
 * itself.
 *
 * <p>What was typed is a number, or else words, all of which an order must have: in its contacts or numbers, or in what
 * its items are called. Only if none has them are words taken for the beginnings of others, or for misspelt ones.
 */
public final class OrderSearch {
    private final DataSource searching;

    OrderSearch(DataSource searching) {
        this.searching = searching;
    }

    /** By what found orders are sorted; ties fall to their number. */
    public enum Sort {
        NUMBER("order_id", "int8"),
        PLACED_AT("placed_at", "timestamptz"),
        TOTAL("total", "int8");

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
     * @param exceptions only those that a person must look at; null means all
     * @param hold the type of a hold that stands, empty for any; null if it does not matter
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
            @Nullable Exceptions exceptions,
            @Nullable String hold,
            @Nullable String words,
            Sort sort,
            boolean descending,
            @Nullable After after,
            int limit) {
        /** Whether there is anything at all, of which this is a page. */
        Query first() {
            return new Query(
                    channels,
                    channel,
                    externalId,
                    customer,
                    item,
                    node,
                    statuses,
                    placedFrom,
                    placedBefore,
                    exceptions,
                    hold,
                    words,
                    sort,
                    descending,
                    null,
                    1);
        }
    }

    /**
     * Which of the orders that a person must look at.
     *
     * @param kinds empty means all
     * @param owner who looks at them, empty for those that nobody has taken; null means all
     * @param overdue only those that somebody should have looked at by now
     */
    public record Exceptions(
            Set<ExceptionKind> kinds, @Nullable String owner, boolean overdue) {}

    /** What a list shows of that a person must look at an order. */
    public record Open(ExceptionKind kind, String reason, String owner, Instant lookBy) {}

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
            @Nullable Open exception,
            List<String> holds,
            After here) {}

    /** A page of the orders that are asked for; a search that takes longer than some seconds is unreachable. */
    public List<Found> search(Query query) {
        String typed = query.words();
        try (Connection connection = searching.getConnection()) {
            if (typed == null) {
                return run(connection, query, NO_WORDS);
            }
            for (Reading reading : Reading.values()) {
                Consumer<Conditions> words = words(connection, typed, reading);
                // How the first page was read decides for those that follow, also if nothing is left for one.
                if (words != null
                        && (query.after() == null
                                || !run(connection, query.first(), words).isEmpty())) {
                    List<Found> found = run(connection, query, words);
                    if (!found.isEmpty() || query.after() != null) {
                        return found;
                    }
                }
            }
            return List.of();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** For what one may take that which was typed, the likeliest first. */
    private enum Reading {
        /** Of an order, a customer or a telephone. */
        NUMBER,
        WORDS,
        MISSPELT
    }

    private static final Set<OrderStatus> OPEN = EnumSet.of(
            OrderStatus.ACCEPTED,
            OrderStatus.BACKORDERED,
            OrderStatus.ALLOCATED,
            OrderStatus.RELEASED,
            OrderStatus.PARTLY_FULFILLED);

    private static final Consumer<Conditions> NO_WORDS = where -> {};

    /** Words that another is the beginning of, or a misspelling; the nearest first. */
    private static final String SIMILAR = """
            select k.word from search_word k
            where length(t.word) > 2 and t.word !~ '[0-9@]'
              and (k.word like t.word || '%'
                   or k.word % t.word and levenshtein(k.word, t.word) <= case when length(t.word) < 4 then 1 else 2 end)
            order by levenshtein(k.word, t.word), k.word
            limit 20
            """;

    /** What orders must have, or null if none can have it. */
    private static @Nullable Consumer<Conditions> words(Connection connection, String typed, Reading reading)
            throws SQLException {
        if (reading == Reading.NUMBER) {
            return where -> where.ofSearch(
                    "(external_id = ? or customer = ? and customer <> '' or order_id = ? or words @> array[?::text])",
                    typed,
                    typed,
                    typed.matches("[0-9]{1,18}") ? Long.parseLong(typed) : -1,
                    typed.matches("[+0-9 ()./-]+") ? typed.replaceAll("[^0-9]", "") : typed);
        }
        List<String> meant = meant(connection, typed, reading == Reading.MISSPELT);
        if (meant.isEmpty()) {
            return null;
        }
        return where -> {
            meant.forEach(one -> where.ofSearch("words && ?::text[]", one));
            where.collectFirst |= reading == Reading.MISSPELT || meant.size() > 1;
        };
    }

    /** What each of the words that were typed may mean: lists of words, as the database writes them. */
    private static List<String> meant(Connection connection, String typed, boolean misspelt) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("""
                select array[t.word] || array(%s)
                from unnest(words_of(?)) as t (word)
                """.formatted(misspelt ? SIMILAR : "select null::text limit 0"))) {
            select.setString(1, typed);
            List<String> meant = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    meant.add(row.getString(1));
                }
            }
            return meant;
        }
    }

    private static List<Found> run(Connection connection, Query query, Consumer<Conditions> words) throws SQLException {
        Conditions where = new Conditions();
        if (query.channels() != null) {
            where.ofSearch("channel_id = any (?::int4[])", array(query.channels()));
        }
        if (query.channel() != null) {
            where.ofSearch("channel_id = ?", query.channel());
        }
        if (query.externalId() != null) {
            where.ofSearch("external_id = ?", query.externalId());
        }
        if (query.customer() != null) {
            where.ofSearch("customer = ? and customer <> ''", query.customer());
        }
        if (query.item() != null) {
            where.ofSearch("items @> array[?::int4]", query.item());
        }
        if (query.node() != null) {
            where.ofSearch("nodes @> array[?::int4]", query.node());
        }
        if (!query.statuses().isEmpty()) {
            where.ofOrder("status in (" + Reads.literals(query.statuses()) + ")");
            if (OPEN.containsAll(query.statuses())) {
                where.ofOrder("not closed");
            }
        }
        if (query.placedFrom() != null) {
            where.ofSearch("placed_at >= ?::timestamptz", query.placedFrom().toString());
        }
        if (query.placedBefore() != null) {
            where.ofSearch("placed_at < ?::timestamptz", query.placedBefore().toString());
        }
        exceptions(query.exceptions(), where);
        if (query.hold() != null) {
            where.ofOrder("holds is not null");
            if (!query.hold().isEmpty()) {
                where.ofOrder("position(? in holds) > 0", "," + query.hold() + ",");
            }
        }
        words.accept(where);
        List<Found> found = new ArrayList<>();
        Statement sql = where.statement(query);
        try (PreparedStatement select = connection.prepareStatement(sql.text())) {
            // Which way is shortest depends on how common each value is: planned anew each time.
            select.unwrap(PGStatement.class).setPrepareThreshold(0);
            int at = 1;
            for (Object value : sql.values()) {
                select.setObject(at++, value);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(found(row));
                }
            }
        }
        return found;
    }

    /** @param values of its question marks, in turn */
    private record Statement(String text, List<Object> values) {}

    private static final String COLUMNS =
            "o.id, o.channel_id, o.external_id, o.customer, o.status, o.currency, o.total, o.lines, o.placed_at, o.closed,"
                    + " o.exception, o.exception_kind, o.exception_owner, o.exception_look_by, o.holds";

    /** What found orders must fulfil: part of it is known of {@code order_search}, part only of the orders themselves. */
    private static final class Conditions {
        private final List<String> search = new ArrayList<>();
        private final List<String> orders = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();
        private final List<Object> valuesOfOrders = new ArrayList<>();
        private boolean collectFirst;

        void ofOrder(String condition, Object... bound) {
            orders.add(condition);
            valuesOfOrders.addAll(List.of(bound));
        }

        void ofSearch(String condition, Object... bound) {
            search.add(condition);
            values.addAll(List.of(bound));
        }

        Statement statement(Query query) {
            Sort sort = query.sort();
            After after = query.after();
            boolean descending = query.descending();
            if (after != null) {
                ofSearch(
                        "(%s, order_id) %s (?::%s, ?)".formatted(sort.column, descending ? "<" : ">", sort.type),
                        after.value(),
                        after.order());
            }
            String direction = descending ? "desc" : "asc";
            if (search.isEmpty() && sort == Sort.NUMBER) {
                // Also those that are not findable yet.
                return new Statement("""
                        select %s, o.id::text
                        from orders o
                        %s
                        order by o.id %s
                        limit %d
                        """.formatted(COLUMNS, all(orders), direction, query.limit()), valuesOfOrders);
            }
            String order = "order by s.%1$s %2$s, s.order_id %2$s".formatted(sort.column, direction);
            // How many orders have one of several words, or all, the database cannot foretell: it might look for fifty
            // of them among all orders there are, newest first, and find none. So it is made to collect them first.
            String found = "(select * from order_search " + all(search) + (collectFirst ? " offset 0)" : ")");
            if (orders.isEmpty()) {
                found = "(select * from " + found + " s " + order + " limit " + query.limit() + ")";
            }
            // The conditions of orders stand behind those of the search.
            values.addAll(valuesOfOrders);
            return new Statement("""
                    select %s, s.%s::text
                    from %s s
                    join (select * from orders %s) o on o.id = s.order_id
                    %s
                    limit %d
                    """.formatted(COLUMNS, sort.column, found, all(orders), order, query.limit()), values);
        }

        private static String all(List<String> conditions) {
            return conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
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
                open(row),
                HoldTypes.read(row.getString(15)),
                new After(row.getString(16), row.getLong(1)));
    }

    private static @Nullable Open open(ResultSet row) throws SQLException {
        String reason = row.getString(11);
        return reason == null
                ? null
                : new Open(
                        ExceptionKind.valueOf(row.getString(12)),
                        reason,
                        row.getString(13),
                        row.getObject(14, OffsetDateTime.class).toInstant());
    }

    private static void exceptions(@Nullable Exceptions wanted, Conditions where) {
        if (wanted == null) {
            return;
        }
        where.ofOrder("exception is not null");
        if (!wanted.kinds().isEmpty()) {
            where.ofOrder("exception_kind in (" + Reads.literals(wanted.kinds()) + ")");
        }
        if (wanted.owner() != null) {
            where.ofOrder("exception_owner = ?", wanted.owner());
        }
        if (wanted.overdue()) {
            where.ofOrder("exception_look_by < now()");
        }
    }

    private static String array(Set<Integer> numbers) {
        return "{" + new TreeSet<>(numbers).stream().map(String::valueOf).collect(Collectors.joining(",")) + "}";
    }
}
