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
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

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

    /** Whether orders or stock are here that no replay has brought. */
    public boolean holdsSomethingElse() {
        return !query("select 1 where exists (select from orders) or exists (select from position)", row -> 1)
                .isEmpty();
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
    public final class Staging implements AutoCloseable {
        private static final int FLUSH_AT = 1 << 16;

        private final Connection connection;
        private final CopyIn copy;
        private StringBuilder text = new StringBuilder(FLUSH_AT + 1024);
        private long rows;
        private boolean done;

        private Staging() throws SQLException {
            connection = database.dataSource().getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("create temp table incoming (like replay.history_row) on commit drop");
            }
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy incoming from stdin");
        }

        public void add(HistoryRow row) {
            rows++;
            field(row.event())
                    .field(row.seq())
                    .field(row.file())
                    .field(row.line())
                    .field(row.kind());
            field(row.at())
                    .field(row.number())
                    .field(row.channel())
                    .field(row.node())
                    .field(row.customer());
            field(row.sku()).field(row.quantity()).field(row.price()).field(row.discount());
            field(row.country()).field(row.postcode()).field(row.latitude()).field(row.longitude());
            field(row.refused());
            text.setCharAt(text.length() - 1, '\n');
            if (text.length() >= FLUSH_AT) {
                flush();
            }
        }

        private Staging field(@Nullable Object value) {
            if (value == null) {
                text.append("\\N\t");
                return this;
            }
            String written = value.toString();
            for (int i = 0; i < written.length(); i++) {
                char c = written.charAt(i);
                switch (c) {
                    case '\\' -> text.append("\\\\");
                    case '\t' -> text.append("\\t");
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    default -> text.append(c);
                }
            }
            text.append('\t');
            return this;
        }

        private void flush() {
            try {
                byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
                text = new StringBuilder(FLUSH_AT + 1024);
            } catch (SQLException e) {
                throw Failures.of(e);
            }
        }

        /** Puts events in the order of their time (of their first row, then as they stand in the files). */
        public void finish(String mapping, String fingerprint) {
            flush();
            try (Statement statement = connection.createStatement()) {
                copy.endCopy();
                statement.execute("set local work_mem = '256MB'");
                statement.execute("""
                        insert into replay.history_row
                        select case when kind = 0 then 0
                                    else dense_rank() over (order by kind = 0, first_at, first_seq) end,
                               seq, file, line, kind, at, number, channel, node, customer, sku, quantity, price,
                               discount, country, postcode, latitude, longitude, refused
                        from (
                            select *, min(at) over same as first_at, min(seq) over same as first_seq
                            from incoming
                            window same as (partition by kind, channel, node, number,
                                            case when kind = 0 or number is null then seq end)
                        ) grouped
                        """);
                statement.execute("create unique index history_row_event on replay.history_row (event, seq)");
                Rows run = new Rows("text text int8");
                run.add(mapping, fingerprint, rows);
                run.run(connection, """
                        insert into replay.run (mapping, fingerprint, rows_staged)
                        select * from unnest(?::text[], ?::text[], ?::int8[])
                        """);
                connection.commit();
                statement.execute("analyze replay.history_row");
                connection.commit();
                done = true;
            } catch (SQLException e) {
                throw Failures.of(e);
            }
        }

        @Override
        public void close() {
            try (connection) {
                if (!done) {
                    if (copy.isActive()) {
                        copy.cancelCopy();
                    }
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                throw Failures.of(e);
            }
        }
    }

    public Staging stage() {
        try {
            return new Staging();
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

    /** The different values of a column among rows of some kinds. */
    public List<String> distinct(String column, List<Integer> kinds) {
        if (!List.of("sku", "node", "customer").contains(column)) {
            throw new IllegalArgumentException("no column for this: " + column);
        }
        return query(
                """
                select distinct %s from replay.history_row
                where kind = any ('{%s}') and %s is not null
                order by 1
                """.formatted(
                        column,
                        String.join(",", kinds.stream().map(String::valueOf).toList()),
                        column),
                row -> row.getString(1));
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
            orders.addAll(database.store()
                    .load(new TreeSet<>(ids.subList(from, Math.min(ids.size(), from + 1_000))))
                    .values());
        }
        return orders;
    }

    /** When orders must be looked at again. */
    public Map<Long, Instant> due() {
        Map<Long, Instant> due = new TreeMap<>();
        query("select order_id, (extract(epoch from due_at) * 1000000)::int8 from due_work", row -> {
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

    /** Writes a stretch and how far it goes, in one transaction. */
    public void write(Stretch stretch) {
        List<PreparedChange> changes = stretch.steps().stream()
                .map(step -> PreparedChange.of(step.change(), step.audit(), json))
                .toList();
        PostgresTransaction transaction = (PostgresTransaction) database.store().begin();
        boolean committed = false;
        try {
            List<KeyClaim> keys = new ArrayList<>(stretch.keys());
            keys.sort(Comparator.comparing(KeyClaim::key));
            if (!keys.isEmpty() && !transaction.claim(keys).isEmpty()) {
                throw new IllegalStateException("an order's number was taken before");
            }
            transaction.begin(changes);
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
        Map<PositionKey, Position> there = transaction.lockPositions(all, all);
        stretch.before().forEach((key, known) -> {
            if (!known.equals(there.get(key))) {
                throw new IllegalStateException(
                        key + " is " + there.get(key) + ", not " + known + ": somebody else writes here");
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

    /** Reads one value of a row. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reader<T> reader) {
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

    // The report

    /** What became of a history, all of it read from the database. */
    public record Outcome(
            long rows,
            long rowsUsed,
            Map<String, Long> rowsRefused,
            long orders,
            long lines,
            long units,
            long unitsFulfilled,
            long unitsCancelled,
            long unitsReturned,
            long unitsBackordered,
            long returnsWithoutOrder,
            double fillRate,
            long ordersSplit,
            long packages,
            long costMinor,
            @Nullable Double hoursToShipMedian,
            double linesPerSecond) {}

    /** @param tillKind the kind of rows that are sales over a counter */
    public Outcome outcome(int tillKind) {
        Map<String, Long> refused = new TreeMap<>();
        query("""
                select refused, count(*) from replay.history_row where refused is not null group by refused
                """, row -> refused.put(row.getString(1), row.getLong(2)));
        return query("""
                with till as (
                    select count(distinct event) as sales, count(*) as lines, coalesce(sum(quantity), 0) as units
                    from replay.history_row
                    where kind = %d and refused is null
                ), missed_at_till as (
                    select coalesce(sum(found), 0) as units from stock_ledger where move = 'SELL'
                ), line as (
                    select count(*) as lines, coalesce(sum(ordered), 0) as ordered,
                           coalesce(sum(shipped + collected + returned), 0) as fulfilled,
                           coalesce(sum(cancelled), 0) as cancelled, coalesce(sum(returned), 0) as returned,
                           coalesce(sum(ordered - shipped - collected - returned - cancelled), 0) as waiting
                    from order_line
                ), missed as (
                    select coalesce(sum((part ->> 'quantity')::bigint), 0) as units
                    from order_journal j
                    cross join lateral jsonb_array_elements(j.events::jsonb) event
                    cross join lateral jsonb_array_elements(event -> 'lines') part
                    where j.version_from = 1 and j.events like '%%"units-backordered"%%'
                      and event ->> 'type' = 'units-backordered'
                ), package as (
                    select count(*) as packages,
                           percentile_cont(0.5) within group (order by extract(epoch from gone.at - o.placed_at) / 3600)
                               as hours
                    from fulfilment_order f
                    join orders o on o.id = f.order_id
                    join lateral (
                        select min(j.at) as at
                        from order_journal j
                        where j.order_id = f.order_id and j.command in ('hand-over', 'collect')
                          and j.origin = 'fulfilment order ' || f.number
                    ) gone on gone.at is not null
                ), split as (
                    select count(*) as orders
                    from (
                        select order_id from fulfilment_order
                        where status <> 'CANCELLED'
                        group by order_id having count(distinct node_id) > 1
                    ) o
                )
                select (select count(*) from replay.history_row),
                       (select count(*) from replay.history_row where refused is null),
                       (select count(*) from orders) + till.sales,
                       line.lines + till.lines,
                       line.ordered + till.units,
                       line.fulfilled + till.units,
                       line.cancelled,
                       line.returned,
                       line.waiting,
                       (select count(*) from stock_document where kind = 'RETURN'),
                       case when line.ordered + till.units = 0 then 1.0
                            else 1.0 - (missed.units + missed_at_till.units)::float8 / (line.ordered + till.units) end,
                       split.orders,
                       package.packages,
                       (select coalesce(round(sum(cost) / 1000000), 0) from sourcing_record),
                       package.hours,
                       case when run.busy_micros = 0 then 0
                            else (line.lines + till.lines)::float8 * 1000000 / run.busy_micros end
                from till, missed_at_till, line, missed, package, split, replay.run
                """.formatted(tillKind), row -> {
                    double hours = row.getDouble(15);
                    boolean shipped = !row.wasNull();
                    return new Outcome(
                            row.getLong(1),
                            row.getLong(2),
                            refused,
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            row.getLong(9),
                            row.getLong(10),
                            row.getDouble(11),
                            row.getLong(12),
                            row.getLong(13),
                            row.getLong(14),
                            shipped ? hours : null,
                            row.getDouble(16));
                })
                .getFirst();
    }
}
