package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.Store;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.order.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the replay of a history keeps besides orders and stock: the history's rows as they were understood, how far the
 * replay has come, and what it has ordered from suppliers. How far it has come is written in the transaction of what was
 * done, so that a replay that is killed goes on where it was.
 *
 * <p>There is one writer and no other server, so nothing is locked against others; the guard's CHECK stands all the same.
 */
public final class ReplayStore {
    private final Database database;
    private final EventJson json = new EventJson();

    public ReplayStore(Database database) {
        this.database = database;
        database.execute("""
                create schema if not exists replay;

                create table if not exists replay.run (
                    only_one       boolean primary key default true check (only_one),
                    mapping        text not null,
                    fingerprint    text not null,
                    rows_staged    bigint not null,
                    event          bigint not null default 0,
                    now            bigint,
                    reviewed_at    bigint,
                    busy_micros    bigint not null default 0,
                    finished       boolean not null default false
                );
                comment on table replay.run is 'Which history this database holds, and how far its replay has come.';

                create table if not exists replay.history_row (
                    event     bigint not null,
                    seq       bigint not null,
                    file      int not null,
                    line      bigint not null,
                    kind      smallint not null,
                    at        bigint not null,
                    number    text,
                    channel   text,
                    node      text,
                    customer  text,
                    sku       text,
                    quantity  int not null,
                    price     bigint not null,
                    discount  bigint not null,
                    country   text,
                    postcode  text,
                    latitude  float8,
                    longitude float8,
                    refused   text
                );
                comment on table replay.history_row is
                    'Every row of the history: what it was taken for, or why it was not (refused).';
                comment on column replay.history_row.event is
                    'Rows that are one order or one till sale share a number; events happen in the order of theirs. 0 if refused.';

                create table if not exists replay.delivery (
                    due     bigint not null,
                    node_id int not null,
                    item_id int not null,
                    units   int not null,
                    primary key (due, node_id, item_id)
                );
                comment on table replay.delivery is 'What was ordered from suppliers and has not arrived.';
                """);
    }

    /**
     * How far a replay has come.
     *
     * @param event the last event that was carried
     * @param now business time of whatever happened last; null at the beginning
     * @param reviewedAt when stock was last reviewed; null if never
     * @param busyMicros time spent on carrying events so far
     */
    public record Progress(
            long event, @Nullable Instant now, @Nullable Instant reviewedAt, long busyMicros, boolean finished) {}

    /** Which history a database holds. */
    public record Run(String mapping, String fingerprint, long rowsStaged, Progress progress) {}

    /** What has been begun here; null if nothing. */
    public @Nullable Run run() {
        return query("""
                select mapping, fingerprint, rows_staged, event, now, reviewed_at, busy_micros, finished
                from replay.run
                """, row -> {
                    Progress progress = new Progress(
                            row.getLong(4), instant(row, 5), instant(row, 6), row.getLong(7), row.getBoolean(8));
                    return new Run(row.getString(1), row.getString(2), row.getLong(3), progress);
                })
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Rows.instant(micros);
    }

    /**
     * Whether orders, stock or master data are here that no replay has brought.
     *
     * @param actor in whose name a replay brings its master data
     */
    public boolean holdsSomethingElse(String actor) {
        return !query("""
                        select 1
                        where exists (select from orders) or exists (select from position)
                              or exists (select from configuration_version where actor not in ('tutti', '%s'))
                        """.formatted(actor), row -> 1).isEmpty();
    }

    // Staging

    /**
     * A row of a history as it was understood.
     *
     * @param event which rows belong together; given by the store
     * @param kind in the caller's own numbering; 0 if refused
     * @param number what the history calls the order or the sale
     */
    public record HistoryRow(
            long event,
            long seq,
            int file,
            long line,
            int kind,
            long at,
            @Nullable String number,
            @Nullable String channel,
            @Nullable String node,
            @Nullable String customer,
            @Nullable String sku,
            int quantity,
            long price,
            long discount,
            @Nullable String country,
            @Nullable String postcode,
            @Nullable Double latitude,
            @Nullable Double longitude,
            @Nullable String refused) {}

    /** Takes rows in, all or none. */
    public HistoryStaging stage() {
        try {
            return new HistoryStaging(database.dataSource().getConnection());
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Reads events in their order, each with all its rows, from one (exclusive) to another (inclusive). */
    public void events(long after, long upTo, Consumer<List<HistoryRow>> each) {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement("""
                    select event, seq, file, line, kind, at, number, channel, node, customer, sku, quantity, price,
                           discount, country, postcode, latitude, longitude, refused
                    from replay.history_row
                    where event > ? and event <= ?
                    order by event, seq
                    """)) {
                select.setFetchSize(5_000);
                select.setLong(1, after);
                select.setLong(2, upTo);
                try (ResultSet row = select.executeQuery()) {
                    List<HistoryRow> event = new ArrayList<>();
                    while (row.next()) {
                        HistoryRow next = historyRow(row);
                        if (!event.isEmpty() && event.getFirst().event() != next.event()) {
                            each.accept(List.copyOf(event));
                            event.clear();
                        }
                        event.add(next);
                    }
                    if (!event.isEmpty()) {
                        each.accept(List.copyOf(event));
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static HistoryRow historyRow(ResultSet row) throws SQLException {
        return new HistoryRow(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getLong(4),
                row.getInt(5),
                row.getLong(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getInt(12),
                row.getLong(13),
                row.getLong(14),
                row.getString(15),
                row.getString(16),
                (Double) row.getObject(17),
                (Double) row.getObject(18),
                row.getString(19));
    }

    /** The customers of rows of a kind. */
    public List<String> customers(int kind) {
        return query("""
                select distinct customer from replay.history_row
                where kind = %d and customer is not null
                order by 1
                """.formatted(kind), row -> row.getString(1));
    }

    /** Rows whose events come after one. */
    public long rowsLeft(long event) {
        return query("select count(*) from replay.history_row where event > " + event, row -> row.getLong(1))
                .getFirst();
    }

    // Going on

    /** Orders that are not closed, as their events make them. */
    public Collection<Order> openOrders() {
        List<Long> ids = query("select id from orders where not closed order by id", row -> row.getLong(1));
        List<Order> orders = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += 1_000) {
            database.store()
                    .load(new TreeSet<>(ids.subList(from, Math.min(ids.size(), from + 1_000))))
                    .values()
                    .forEach(order -> orders.add((Order) order));
        }
        return orders;
    }

    /** When orders must be looked at again. */
    public Map<Long, Instant> due() {
        Map<Long, Instant> due = new TreeMap<>();
        query("select aggregate_id, (extract(epoch from due_at) * 1000000)::int8 from due_work", row -> {
            due.put(row.getLong(1), Rows.instant(row.getLong(2)));
            return row;
        });
        return due;
    }

    /** Units a supplier will bring. */
    public record Delivery(Instant due, int node, int item, int units) {}

    public List<Delivery> deliveries() {
        return query(
                "select due, node_id, item_id, units from replay.delivery",
                row -> new Delivery(Rows.instant(row.getLong(1)), row.getInt(2), row.getInt(3), row.getInt(4)));
    }

    /** What customers bought and have not called off or sent back. */
    public record Purchase(String customer, int item, long order, int line, int left) {}

    public void purchases(Collection<String> customers, Consumer<Purchase> each) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select o.customer, l.item_id, o.id, l.number, l.ordered - l.cancelled - l.returned
                        from orders o
                        join order_line l on l.order_id = o.id
                        where o.customer = any (?::text[])
                        order by o.id, l.number
                        """)) {
            select.setArray(1, connection.createArrayOf("text", customers.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    each.accept(new Purchase(
                            row.getString(1), row.getInt(2), row.getLong(3), row.getInt(4), row.getInt(5)));
                }
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    // Writing

    /** A change and who asked for it. */
    public record Step(HubChange change, Audit audit) {}

    /**
     * What happened in a stretch of the history.
     *
     * @param before the balances of all positions in {@code postings} as the replay knew them
     * @param refused events that were not taken, and why
     */
    public record Stretch(
            List<Step> steps,
            List<KeyClaim> keys,
            List<Store.Posting> postings,
            Map<PositionKey, Position> before,
            Map<Long, String> refused,
            List<Delivery> ordered,
            List<Delivery> arrived,
            Progress progress) {}

    /** A stretch with all done that can be done before its transaction begins. */
    public record PreparedStretch(Stretch stretch, List<PreparedChange> changes) {}

    public PreparedStretch prepare(Stretch stretch) {
        return new PreparedStretch(
                stretch,
                stretch.steps().stream()
                        .map(step -> PreparedChange.of(step.change(), step.audit(), json))
                        .toList());
    }

    /** Writes a stretch and how far it goes, in one transaction. */
    public void write(PreparedStretch prepared) {
        Stretch stretch = prepared.stretch();
        PostgresTransaction transaction = (PostgresTransaction) database.store().begin();
        boolean committed = false;
        try {
            List<KeyClaim> keys = new ArrayList<>(stretch.keys());
            keys.sort(Comparator.comparing(KeyClaim::key));
            if (!keys.isEmpty() && !transaction.claim(keys).isEmpty()) {
                throw new IllegalStateException("an order's number was taken before");
            }
            transaction.begin(prepared.changes());
            books(transaction, stretch);
            transaction.write(List.of(), stretch.postings(), List.of(), List.of());
            Connection connection = transaction.connection();
            refused(connection, stretch.refused());
            deliveries(connection, stretch);
            progress(connection, stretch.progress());
            transaction.commit();
            committed = true;
        } catch (SQLException e) {
            throw Failures.of(e);
        } finally {
            if (!committed) {
                transaction.rollback();
            }
        }
    }

    private static void books(PostgresTransaction transaction, Stretch stretch) {
        TreeSet<PositionKey> all = new TreeSet<>(stretch.before().keySet());
        if (all.isEmpty()) {
            return;
        }
        TreeSet<PositionKey> fresh = new TreeSet<>(all);
        fresh.removeIf(key -> !Position.unseen(key).equals(stretch.before().get(key)));
        Map<PositionKey, Position> there = transaction.lockPositions(all, fresh);
        stretch.before().forEach((key, known) -> {
            Position now = there.get(key);
            if (now == null || !now.pictured().equals(known)) {
                throw new IllegalStateException(key + " is " + now + ", not " + known + ": somebody else writes here");
            }
        });
    }

    private static void refused(Connection connection, Map<Long, String> refused) throws SQLException {
        Rows rows = new Rows("int8 text");
        refused.forEach(rows::add);
        rows.run(connection, """
                update replay.history_row h
                set refused = new.reason
                from unnest(?::int8[], ?::text[]) as new (event, reason)
                where h.event = new.event
                """);
    }

    private static void deliveries(Connection connection, Stretch stretch) throws SQLException {
        Rows ordered = new Rows("int8 int4 int4 int4");
        stretch.ordered().forEach(d -> ordered.add(Rows.micros(d.due()), d.node(), d.item(), d.units()));
        ordered.run(connection, """
                insert into replay.delivery (due, node_id, item_id, units)
                select * from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[])
                """);
        Rows arrived = new Rows("int8 int4 int4");
        stretch.arrived().forEach(d -> arrived.add(Rows.micros(d.due()), d.node(), d.item()));
        arrived.run(connection, """
                delete from replay.delivery d
                using unnest(?::int8[], ?::int4[], ?::int4[]) as new (due, node_id, item_id)
                where d.due = new.due and d.node_id = new.node_id and d.item_id = new.item_id
                """);
    }

    private static void progress(Connection connection, Progress progress) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                update replay.run
                set event = ?, now = ?, reviewed_at = ?, busy_micros = ?, finished = ?
                """)) {
            update.setLong(1, progress.event());
            update.setObject(2, progress.now() == null ? null : Rows.micros(progress.now()), java.sql.Types.BIGINT);
            update.setObject(
                    3,
                    progress.reviewedAt() == null ? null : Rows.micros(progress.reviewedAt()),
                    java.sql.Types.BIGINT);
            update.setLong(4, progress.busyMicros());
            update.setBoolean(5, progress.finished());
            update.executeUpdate();
        }
    }

    /**
     * What became of the history.
     *
     * @param tillKind the kind of rows that are sales over a counter
     */
    public ReplayOutcome outcome(int tillKind) {
        return ReplayOutcome.of(this, tillKind);
    }

    /** Reads one value of a row. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Reader<T> reader) {
        List<T> all = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                all.add(reader.read(row));
            }
            return all;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
