package dev.tutti.postgres;

import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.fulfilment.Method;
import dev.tutti.order.OrderStatus;
import dev.tutti.sourcing.SourcingRecord;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the live page reads. Every statement goes by an index over what is open, short or new: how much is stored does
 * not matter.
 *
 * <p>Channels and nodes are those the reader may see; null stands for all.
 */
public final class LiveReads {
    /** Orders are looked for among this many of the last commands and no further: one's own may be rare among all. */
    private static final int COMMANDS_BACK = 50_000;

    private static final int MOST_WAITING = 20_000;

    private final DataSource database;

    LiveReads(DataSource database) {
        this.database = database;
    }

    private interface Bind {
        void to(PreparedStatement statement) throws SQLException;
    }

    private interface ReadRow<T> {
        T from(ResultSet row) throws SQLException;
    }

    private <T> List<T> all(String sql, Bind bind, ReadRow<T> read) {
        List<T> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            bind.to(select);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(read.from(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static @Nullable Array numbers(PreparedStatement statement, @Nullable List<Integer> numbers)
            throws SQLException {
        return numbers == null ? null : statement.getConnection().createArrayOf("int4", numbers.toArray());
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** How far the nodes are with an order that is open. */
    public enum Stage {
        /** No node works on it. */
        WAITING,
        /** Given to nodes, and none has begun. */
        RELEASED,
        WORKING,
        /** All of it is ready to leave. */
        READY
    }

    /** @param oldest when the one placed first was placed */
    public record OpenOrders(int channel, Stage stage, long orders, Instant oldest) {}

    public List<OpenOrders> openOrders(@Nullable List<Integer> channels) {
        return all(
                """
                select o.channel_id,
                       case when w.order_id is null then 'WAITING'
                            when w.working then 'WORKING'
                            when w.ready then 'READY'
                            else 'RELEASED' end,
                       count(*), min(o.placed_at)
                from (
                    select id, channel_id, placed_at
                    from orders
                    where not closed and (?::int[] is null or channel_id = any (?))
                ) o
                left join (
                    select order_id, bool_or(status = 'IN_PROGRESS') as working, bool_and(status = 'READY') as ready
                    from fulfilment_order
                    where status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY')
                    group by order_id
                ) w on w.order_id = o.id
                group by 1, 2
                """,
                select -> {
                    select.setArray(1, numbers(select, channels));
                    select.setArray(2, numbers(select, channels));
                },
                row -> new OpenOrders(row.getInt(1), Stage.valueOf(row.getString(2)), row.getLong(3), instant(row, 4)));
    }

    /** How many orders a person must look at. */
    public long cases(@Nullable List<Integer> channels) {
        return all(
                        """
                        select count(*)
                        from orders
                        where exception is not null and (?::int[] is null or channel_id = any (?))
                        """,
                        select -> {
                            select.setArray(1, numbers(select, channels));
                            select.setArray(2, numbers(select, channels));
                        },
                        row -> row.getLong(1))
                .getFirst();
    }

    /**
     * What a node has to do.
     *
     * @param late fulfilment orders that should have left
     * @param firstDue when the first of all must have left
     */
    public record NodeLoad(int node, long fulfilmentOrders, long units, long late, long unitsLate, Instant firstDue) {}

    public List<NodeLoad> load(@Nullable List<Integer> channels, @Nullable List<Integer> nodes, Instant now) {
        return all(
                """
                select f.node_id, count(*), coalesce(sum(u.units), 0), count(*) filter (where f.late),
                       coalesce(sum(u.units) filter (where f.late), 0), min(f.dispatch_by)
                from (
                    select *, dispatch_by < timestamptz 'epoch' + ? * interval '1 microsecond' as late
                    from fulfilment_order
                ) f
                cross join lateral (
                    select sum(l.allocated + l.released + l.picked + l.packed) as units
                    from fulfilment_line l
                    where l.order_id = f.order_id and l.number = f.number
                ) u
                where f.status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY')
                      and (?::int[] is null or f.node_id = any (?))
                      and (?::int[] is null
                           or exists (select from orders o where o.id = f.order_id and o.channel_id = any (?)))
                group by f.node_id
                order by f.node_id
                """,
                select -> {
                    select.setLong(1, Rows.micros(now));
                    select.setArray(2, numbers(select, nodes));
                    select.setArray(3, numbers(select, nodes));
                    select.setArray(4, numbers(select, channels));
                    select.setArray(5, numbers(select, channels));
                },
                row -> new NodeLoad(
                        row.getInt(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        instant(row, 6)));
    }

    /** An order as the list of the latest shows it, without what its nodes do; see {@link #parts} and {@link #whys}. */
    public record LatestOrder(
            long id,
            int channel,
            String externalId,
            OrderStatus status,
            String currency,
            Instant placedAt,
            int units,
            int waiting,
            int lines,
            String country,
            String postcode) {}

    /** The newest first, by when they were taken: several servers hand out numbers from blocks of their own. */
    public List<LatestOrder> latest(@Nullable List<Integer> channels, int limit) {
        return all(
                """
                select o.id, o.channel_id, o.external_id, o.status, o.currency, o.placed_at, u.units, u.waiting, o.lines,
                       coalesce(c.country, ''), coalesce(c.postcode, '')
                from (%s) o
                cross join lateral (
                    select sum(ordered)::int as units, sum(backordered)::int as waiting
                    from order_line l
                    where l.order_id = o.id
                ) u
                left join lateral (
                    select country, postcode from contact where order_id = o.id order by ship_group limit 1
                ) c on true
                order by o.transaction_id desc, o.id desc
                """.formatted(NEWEST),
                select -> bindNewest(select, channels, limit),
                row -> new LatestOrder(
                        row.getLong(1),
                        row.getInt(2),
                        row.getString(3),
                        OrderStatus.valueOf(row.getString(4)),
                        row.getString(5),
                        instant(row, 6),
                        row.getInt(7),
                        row.getInt(8),
                        row.getInt(9),
                        row.getString(10),
                        row.getString(11)));
    }

    private static final String NEWEST = """
            select o.*, j.transaction_id
            from (
                select transaction_id, order_id, version_from
                from order_journal
                order by transaction_id desc
                limit %d
            ) j
            join orders o on o.id = j.order_id
            where j.version_from = 1 and (?::int[] is null or o.channel_id = any (?))
            order by j.transaction_id desc, o.id desc
            limit ?
            """.formatted(COMMANDS_BACK);

    private static void bindNewest(PreparedStatement select, @Nullable List<Integer> channels, int limit)
            throws SQLException {
        select.setArray(1, numbers(select, channels));
        select.setArray(2, numbers(select, channels));
        select.setInt(3, limit);
    }

    /** What a node gives to an order. */
    public record Part(int node, FulfilmentStatus status, Method method, int units) {}

    /** By order, as their fulfilment orders are numbered; without those that were called off. */
    public Map<Long, List<Part>> parts(List<Long> orders) {
        Map<Long, List<Part>> parts = new HashMap<>();
        all(
                """
                select f.order_id, f.node_id, f.status, f.method,
                       sum(l.allocated + l.released + l.picked + l.packed + l.shipped + l.collected + l.returned)::int
                from fulfilment_order f
                join fulfilment_line l on l.order_id = f.order_id and l.number = f.number
                where f.order_id = any (?) and f.status <> 'CANCELLED'
                group by f.order_id, f.number, f.node_id, f.status, f.method
                order by f.order_id, f.number
                """,
                select -> bindOrders(select, orders),
                row -> parts.computeIfAbsent(row.getLong(1), order -> new ArrayList<>())
                        .add(new Part(
                                row.getInt(2),
                                FulfilmentStatus.valueOf(row.getString(3)),
                                Method.valueOf(row.getString(4)),
                                row.getInt(5))));
        return parts;
    }

    /** How an order's nodes were chosen, the last time they were. */
    public record Why(int run, long cost, boolean proven, SourcingRecord record) {}

    public Map<Long, Why> whys(List<Long> orders) {
        Map<Long, Why> whys = new HashMap<>();
        all(
                """
                select distinct on (order_id) order_id, run, cost, proven, inputs, network_version
                from sourcing_record
                where order_id = any (?)
                order by order_id, run desc
                """,
                select -> bindOrders(select, orders),
                row -> whys.put(
                        row.getLong(1),
                        new Why(
                                row.getInt(2),
                                row.getLong(3),
                                row.getBoolean(4),
                                SourcingInputs.read(row.getBytes(5), row.getLong(6)))));
        return whys;
    }

    private static void bindOrders(PreparedStatement select, List<Long> orders) throws SQLException {
        select.setArray(1, select.getConnection().createArrayOf("int8", orders.toArray()));
    }

    /** What there is of an item, at one place or at several together. */
    public record Stock(
            int item,
            String sku,
            String description,
            int places,
            int place,
            long onHand,
            long reserved,
            long available,
            long shortage) {}

    private static Stock stock(ResultSet row) throws SQLException {
        return new Stock(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9));
    }

    /** Positions that owe units they do not have, the worst first. */
    public List<Stock> shortages(@Nullable List<Integer> nodes, int limit) {
        return all(
                """
                select p.item_id, i.sku, i.description, 1, p.place_id, p.on_hand, p.reserved,
                       greatest(0, p.on_hand::bigint + p.backorder_cap - p.reserved - p.safety_stock), p.shortage
                from (
                    select *
                    from position
                    where shortage > 0 and item_id > 0 and place_id > 0 and (?::int[] is null or place_id = any (?))
                    order by shortage desc, item_id, place_id
                    limit ?
                ) p
                join item i on i.id = p.item_id
                order by p.shortage desc, p.item_id, p.place_id
                """,
                select -> {
                    select.setArray(1, numbers(select, nodes));
                    select.setArray(2, numbers(select, nodes));
                    select.setInt(3, limit);
                },
                LiveReads::stock);
    }

    /** What there is of items at all nodes together; what ring-fences keep is a part of it. */
    public Map<Integer, Stock> stock(List<Integer> items, @Nullable List<Integer> nodes) {
        Map<Integer, Stock> stock = new HashMap<>();
        all(
                """
                select i.id, i.sku, i.description, count(p.place_id), coalesce(min(p.place_id), 0),
                       coalesce(sum(p.on_hand), 0), coalesce(sum(p.reserved), 0),
                       coalesce(sum(greatest(0, p.on_hand::bigint + p.backorder_cap - p.reserved - p.safety_stock)), 0),
                       coalesce(sum(p.shortage), 0)
                from item i
                left join position p on p.item_id = i.id and p.place_id between 1 and 65535
                     and (?::int[] is null or p.place_id = any (?))
                where i.id = any (?)
                group by i.id, i.sku, i.description
                """,
                select -> {
                    select.setArray(1, numbers(select, nodes));
                    select.setArray(2, numbers(select, nodes));
                    select.setArray(3, numbers(select, items));
                },
                row -> stock.put(row.getInt(1), stock(row)));
        return stock;
    }

    /**
     * How many orders wait for which item, the most first; of very many that wait, some are counted.
     *
     * @param items only these, or null for those that most wait for
     */
    public Map<Integer, Long> waiting(@Nullable List<Integer> channels, @Nullable List<Integer> items, int limit) {
        Map<Integer, Long> waiting = new LinkedHashMap<>();
        all(
                """
                select item_id, count(*)
                from (
                    select l.item_id
                    from order_line l
                    where l.backordered > 0 and (?::int[] is null or l.item_id = any (?))
                          and (?::int[] is null
                               or exists (select from orders o where o.id = l.order_id and o.channel_id = any (?)))
                    limit ?
                ) w
                group by item_id
                order by count(*) desc, item_id
                limit ?
                """,
                select -> {
                    select.setArray(1, numbers(select, items));
                    select.setArray(2, numbers(select, items));
                    select.setArray(3, numbers(select, channels));
                    select.setArray(4, numbers(select, channels));
                    select.setInt(5, MOST_WAITING);
                    select.setInt(6, limit);
                },
                row -> waiting.put(row.getInt(1), row.getLong(2)));
        return waiting;
    }

    /** The items of the newest orders. */
    public List<Integer> orderedLately(@Nullable List<Integer> channels, int orders) {
        return all("""
                select distinct l.item_id
                from (%s) o
                cross join lateral (select item_id from order_line where order_id = o.id limit 100) l
                order by l.item_id
                """.formatted(NEWEST), select -> bindNewest(select, channels, orders), row -> row.getInt(1));
    }

    /** What happened within a minute to the orders of a channel. */
    public record Minute(
            long minute, int channel, int taken, int released, int fulfilled, int cancelled, int returned) {}

    private static final String COUNTED = """
            select floor(extract(epoch from j.at) / 60)::bigint, o.channel_id,
                   count(*) filter (where j.version_from = 1),
                   count(*) filter (where j.events like '%"type":"fulfilment-orders-released"%'),
                   count(*) filter (where j.events like '%"type":"order-closed"%' and o.status <> 'CANCELLED'),
                   count(*) filter (where j.events like '%"type":"order-closed"%' and o.status = 'CANCELLED'),
                   count(*) filter (where j.events like '%"type":"units-returned"%')
            from (__) j
            cross join lateral (select channel_id, status from orders where id = j.order_id limit 1) o
            group by 1, 2
            """;

    /** All transactions up to this one have ended. */
    public long horizon() {
        return all(
                        "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1",
                        select -> {},
                        row -> row.getLong(1))
                .getFirst();
    }

    /** Between two horizons: what the one did not show and the other does. */
    public List<Minute> minutesOf(long afterTransaction, long upToTransaction) {
        return minutes(
                "select * from order_journal where transaction_id > ? and transaction_id <= ?",
                afterTransaction,
                upToTransaction,
                null);
    }

    /** Of a span of business time, as far as a horizon shows it. */
    public List<Minute> minutesOf(Instant from, Instant before, long upToTransaction) {
        return minutes("""
                select *
                from order_journal
                where at >= timestamptz 'epoch' + ? * interval '1 microsecond'
                      and at < timestamptz 'epoch' + ? * interval '1 microsecond'
                      and transaction_id <= ?
                """, Rows.micros(from), Rows.micros(before), upToTransaction);
    }

    private List<Minute> minutes(String rows, long first, long second, @Nullable Long third) {
        return all(
                COUNTED.replace("__", rows),
                select -> {
                    select.setLong(1, first);
                    select.setLong(2, second);
                    if (third != null) {
                        select.setLong(3, third);
                    }
                },
                row -> new Minute(
                        row.getLong(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getInt(7)));
    }
}
