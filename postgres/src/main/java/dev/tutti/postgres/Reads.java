package dev.tutti.postgres;

import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.network.ChannelId;
import dev.tutti.order.Contact;
import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent;
import dev.tutti.reservation.Reservation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What calls and pages read of orders. */
public final class Reads {
    private static final int MOST_BYTES_OF_A_PAGE = 8 << 20;

    private final DataSource database;
    private final EventJson json = new EventJson();
    private final Histories histories = new Histories(json);

    public Reads(DataSource database) {
        this.database = database;
    }

    public @Nullable Order order(long id) {
        return order(id, Integer.MAX_VALUE);
    }

    /** The order as it was when it had just been placed. */
    public @Nullable Order orderAsPlaced(long id) {
        return order(id, 1);
    }

    private @Nullable Order order(long id, int commands) {
        try (Connection connection = database.getConnection()) {
            return histories.load(connection, List.of(id), commands).get(id);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** One command in an order's life. */
    public record JournalEntry(
            int versionFrom,
            int versionTo,
            Instant at,
            String actor,
            String origin,
            String command,
            String reason,
            List<OrderEvent> events) {}

    public List<JournalEntry> timeline(long order) {
        List<JournalEntry> entries = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select version_from, version_to, at, actor, origin, command, reason, events
                        from order_journal
                        where order_id = ?
                        order by version_to
                        """)) {
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Where a reader of the feed is. Not a sequence number: what commits late would be skipped by one.
     *
     * @param transaction all its rows up to {@code order} and {@code version} have been read, and all of earlier ones
     */
    public record FeedCursor(long transaction, long order, int version) implements Comparable<FeedCursor> {
        public static final FeedCursor START = new FeedCursor(0, 0, 0);

        private static final Comparator<FeedCursor> ORDER = Comparator.comparingLong(FeedCursor::transaction)
                .thenComparingLong(FeedCursor::order)
                .thenComparingInt(FeedCursor::version);

        @Override
        public int compareTo(FeedCursor other) {
            return ORDER.compare(this, other);
        }
    }

    /** One command of any order, as the feed gives it. */
    public record FeedEntry(
            FeedCursor cursor, int channel, String channelCode, String externalId, JournalEntry entry) {}

    /**
     * What has happened to orders since a cursor, in an order in which an order's own events stand in theirs; nothing is
     * left out, for rows become visible here only when no earlier transaction can still add any. Fewer than the limit if they
     * are large; none only if there are none.
     */
    public List<FeedEntry> feed(FeedCursor after, int limit) {
        return feed(
                ", o.channel_id, c.code as channel, o.external_id, j.at, j.actor, j.origin, j.command, j.reason, j.events"
                        + ", sum(octet_length(j.events)) over earlier - octet_length(j.events) as bytes_before",
                "join orders o on o.id = j.order_id join channel c on c.id = o.channel_id",
                after,
                limit,
                row -> new FeedEntry(
                        cursor(row),
                        row.getInt("channel_id"),
                        row.getString("channel"),
                        row.getString("external_id"),
                        entry(row)));
    }

    /** The commands that some events came of; several of the events may have come of one. */
    public List<FeedEntry> entriesOf(List<Outbox.EventId> events) {
        List<FeedEntry> entries = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select distinct on (j.order_id, j.version_to)
                               j.transaction_id, j.order_id, j.version_from, j.version_to, o.channel_id, c.code as channel, o.external_id, j.at,
                               j.actor, j.origin, j.command, j.reason, j.events
                        from unnest(?::int8[], ?::int4[]) as wanted (order_id, version)
                        join order_journal j on j.order_id = wanted.order_id
                                            and wanted.version between j.version_from and j.version_to
                        join orders o on o.id = j.order_id
                        join channel c on c.id = o.channel_id
                        order by j.order_id, j.version_to
                        """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", events.stream().map(Outbox.EventId::order).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", events.stream().map(Outbox.EventId::version).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new FeedEntry(
                            cursor(row),
                            row.getInt("channel_id"),
                            row.getString("channel"),
                            row.getString("external_id"),
                            entry(row)));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * One command of any order, without what it led to.
     *
     * @param isFirst whether it placed the order
     */
    record FeedStep(FeedCursor cursor, boolean isFirst, String command) {}

    /** The feed, for who only wants to know where to look. */
    List<FeedStep> feedSteps(FeedCursor after, int limit) {
        return feed(
                ", j.command, 0 as bytes_before",
                "",
                after,
                limit,
                row -> new FeedStep(cursor(row), row.getInt("version_from") == 1, row.getString("command")));
    }

    /**
     * About now: nothing that is yet to come is left out by it. What has just happened may still be read, if an earlier
     * transaction was under way.
     */
    public FeedCursor feedEnd() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1");
                ResultSet row = select.executeQuery()) {
            row.next();
            return new FeedCursor(row.getLong(1), Long.MAX_VALUE, Integer.MAX_VALUE);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private interface ReadRow<T> {
        T from(ResultSet row) throws SQLException;
    }

    /** @param columns wanted beside those of the cursor, from {@code order_journal j} and what is joined to it */
    private <T> List<T> feed(String columns, String join, FeedCursor after, int limit, ReadRow<T> read) {
        List<T> entries = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select *
                        from (
                            select j.transaction_id, j.order_id, j.version_from, j.version_to%s
                            from order_journal j
                            %s
                            where j.transaction_id >= ?
                              and (j.transaction_id, j.order_id, j.version_to) > (?, ?, ?)
                              and j.transaction_id < (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
                            window earlier as (order by j.transaction_id, j.order_id, j.version_to rows unbounded preceding)
                            order by j.transaction_id, j.order_id, j.version_to
                            limit ?
                        ) page
                        where bytes_before < ?
                        order by transaction_id, order_id, version_to
                        """.formatted(columns, join))) {
            select.setLong(1, after.transaction());
            select.setLong(2, after.transaction());
            select.setLong(3, after.order());
            select.setInt(4, after.version());
            select.setInt(5, limit);
            select.setInt(6, MOST_BYTES_OF_A_PAGE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(read.from(row));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static FeedCursor cursor(ResultSet row) throws SQLException {
        return new FeedCursor(row.getLong("transaction_id"), row.getLong("order_id"), row.getInt("version_to"));
    }

    private JournalEntry entry(ResultSet row) throws SQLException {
        return new JournalEntry(
                row.getInt("version_from"),
                row.getInt("version_to"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("origin"),
                row.getString("command"),
                row.getString("reason"),
                json.read(row.getString("events")));
    }

    /** The order a channel calls by a number of its own, or −1. */
    public long orderByKey(String kind, String key) {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select owner_id from claimed_key where kind = ? and key = ?")) {
            select.setString(1, kind);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** A node's unit of work as its list shows it. */
    public record NodeWork(
            long order,
            int number,
            int node,
            FulfilmentStatus status,
            @Nullable LocalDate arrived,
            String method,
            Instant dispatchBy,
            int channel,
            String externalId,
            int orderVersion,
            List<NodeWorkLine> lines) {}

    public record NodeWorkLine(
            int line,
            int item,
            int allocated,
            int released,
            int picked,
            int packed,
            int shipped,
            int collected,
            int returned) {}

    /** Whose fulfilment orders are meant by a node. */
    public enum Whose {
        /** Its own work. */
        AT_NODE("node_id"),
        /** What others send it, for customers to collect. */
        TO_STORE("store_id");

        private final String column;

        Whose(String column) {
            this.column = column;
        }
    }

    /**
     * The work of a node, or for it, in the order the orders were placed.
     *
     * @param afterOrder where the page before ended; 0 for the first
     * @param limit how many, at most
     */
    public List<NodeWork> fulfilmentOrders(
            Whose whose, int node, Set<FulfilmentStatus> in, long afterOrder, int afterNumber, int limit) {
        List<NodeWork> work = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select f.order_id, f.number, f.status, f.method, f.dispatch_by, o.channel_id, o.external_id,
                               o.version,
                               array_agg(array[l.line, l.item_id, l.allocated, l.released, l.picked, l.packed,
                                               l.shipped, l.collected, l.returned] order by l.line),
                               f.node_id,
                               (select arrived_on from arrival a where a.order_id = f.order_id and a.number = f.number)
                        from (
                            select *
                            from fulfilment_order
                            where %s = ? and status in (%s)
                                  and (order_id, number) > (?, ?)
                            order by order_id, number
                            limit ?
                        ) f
                        join orders o on o.id = f.order_id
                        join fulfilment_line l on l.order_id = f.order_id and l.number = f.number
                        group by f.order_id, f.number, f.node_id, f.status, f.method, f.dispatch_by, o.channel_id, o.external_id,
                                 o.version
                        order by f.order_id, f.number
                        """.formatted(whose.column, literals(in)))) {
            select.setInt(1, node);
            select.setLong(2, afterOrder);
            select.setInt(3, afterNumber);
            select.setInt(4, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    work.add(new NodeWork(
                            row.getLong(1),
                            row.getInt(2),
                            row.getInt(10),
                            FulfilmentStatus.valueOf(row.getString(3)),
                            row.getObject(11, LocalDate.class),
                            row.getString(4),
                            row.getObject(5, OffsetDateTime.class).toInstant(),
                            row.getInt(6),
                            row.getString(7),
                            row.getInt(8),
                            lines((Integer[][]) row.getArray(9).getArray())));
                }
            }
            return work;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Written out, so that the database sees which of its indexes have all of them. */
    static String literals(Set<? extends Enum<?>> states) {
        return states.stream().map(state -> "'" + state.name() + "'").sorted().collect(Collectors.joining(", "));
    }

    private static List<NodeWorkLine> lines(Integer[][] rows) {
        List<NodeWorkLine> lines = new ArrayList<>();
        for (Integer[] r : rows) {
            lines.add(new NodeWorkLine(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8]));
        }
        return lines;
    }

    /** @param aggregate its number among all aggregates */
    public @Nullable Reservation reservation(long aggregate) {
        try (Connection connection = database.getConnection()) {
            return ReservationRows.load(connection, List.of(aggregate)).get(aggregate);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** The reservations of a channel that have a reference, the newest first. */
    public List<Reservation> reservations(ChannelId channel, String reference, int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select -id from reservation where channel_id = ? and reference = ? order by id desc limit ?
                        """)) {
            select.setInt(1, channel.value());
            select.setString(2, reference);
            select.setInt(3, limit);
            List<Long> aggregates = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    aggregates.add(row.getLong(1));
                }
            }
            // Among all aggregates a newer one has the lower number.
            return aggregates.isEmpty()
                    ? List.of()
                    : List.copyOf(ReservationRows.load(connection, aggregates).values());
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Orders and reservations whose time has come, the longest overdue first, without some. */
    public List<Long> due(Instant now, int limit, Set<Long> without) {
        List<Long> orders = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select aggregate_id
                        from due_work
                        where due_at <= timestamptz 'epoch' + ? * interval '1 microsecond'
                              and aggregate_id <> all (?::int8[])
                        order by due_at
                        limit ?
                        """)) {
            select.setLong(1, Rows.micros(now));
            select.setArray(2, connection.createArrayOf("int8", without.toArray(Long[]::new)));
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    orders.add(row.getLong(1));
                }
            }
            return orders;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Orders that are under way, are never due and are no case for a person: there must be none (invariant 13). */
    public List<Long> forgotten(int limit) {
        List<Long> orders = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select o.id
                        from orders o
                        where not o.closed and o.exception is null
                          and not exists (select from due_work d where d.aggregate_id = o.id)
                        union
                        select o.id
                        from journey j
                        join orders o on o.id = j.order_id
                        where o.exception is null
                          and not exists (select from due_work d where d.aggregate_id = o.id)
                        limit ?
                        """)) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    orders.add(row.getLong(1));
                }
            }
            return orders;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Who receives an order's ship groups, by their numbers; those of whom nothing is known are not there. */
    public List<Contact> contacts(long order) {
        List<Contact> contacts = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select ship_group, name, street, city, region, postcode, country, email, phone
                        from contact
                        where order_id = ?
                        order by ship_group
                        """)) {
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    contacts.add(new Contact(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3).lines().toList(),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getString(9)));
                }
            }
            return contacts;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Whether the database answers. */
    public boolean answers() {
        try (Connection connection = database.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }
}
