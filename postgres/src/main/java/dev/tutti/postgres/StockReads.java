package dev.tutti.postgres;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** What servers read of the stock to keep their picture of it true. */
public final class StockReads {
    private final DataSource database;

    public StockReads(DataSource database) {
        this.database = database;
    }

    /** Learns the capacity of nodes that is claimed on a day and on all later ones. */
    public int learnDays(AvailabilityIndex index, LocalDate from) {
        return learn(index, Integer.MIN_VALUE, Math.toIntExact(-from.toEpochDay()));
    }

    /**
     * Learns the positions of the items whose numbers lie between two, both included. What was due on a day that is over,
     * and has come, is left out; of later days an empty one may be news.
     */
    public int learn(AvailabilityIndex index, int fromItem, int toItem) {
        int rows = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement("""
                    select item_id, place_id, on_hand, reserved, shortage, backorder_cap, safety_stock, version
                    from position
                    where item_id between ? and ?
                      and (on_hand > 0
                           or place_id / 65536 < 16384
                           or place_id / 65536 - 16384 >= current_date - date '2020-01-01' - 1)
                    """)) {
                select.setFetchSize(10_000);
                select.setInt(1, fromItem);
                select.setInt(2, toItem);
                try (ResultSet row = select.executeQuery()) {
                    for (; row.next(); rows++) {
                        index.learn(new PositionKey(row.getInt(1), row.getInt(2)), position(row, 3));
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return rows;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Position position(ResultSet row, int from) throws SQLException {
        return new Position(
                row.getInt(from),
                row.getInt(from + 1),
                row.getInt(from + 2),
                row.getInt(from + 3),
                row.getInt(from + 4),
                row.getInt(from + 5));
    }

    /**
     * Which transactions a look could see.
     *
     * @param next from this one on, none had ended
     * @param running those before it that had not
     */
    public record Seen(long next, List<Long> running) {}

    /**
     * Learns what was written to the ledger since a look, by whichever server.
     *
     * @param before the answer of the call before; some rows may be read again, which does no harm
     * @return where to go on reading
     */
    public Seen follow(AvailabilityIndex index, Seen before) {
        try (Connection connection = database.getConnection()) {
            // Before the rows are read: what ends in between is read now and once more.
            Seen now = seen(connection);
            try (PreparedStatement select = connection.prepareStatement("""
                    select item_id, place_id, on_hand, reserved, shortage, backorder_cap, safety_stock, version
                    from stock_ledger
                    where transaction_id >= ? or transaction_id = any (?::int8[])
                    """)) {
                select.setLong(1, before.next());
                select.setArray(
                        2, connection.createArrayOf("int8", before.running().toArray()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        index.learn(new PositionKey(row.getInt(1), row.getInt(2)), position(row, 3));
                    }
                }
            }
            return now;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** From where to follow, for whoever is about to read everything. */
    public Seen seen() {
        try (Connection connection = database.getConnection()) {
            return seen(connection);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Seen seen(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                        select pg_snapshot_xmax(s)::text::int8, array(select x::text::int8 from pg_snapshot_xip(s) x)
                        from pg_current_snapshot() s
                        """);
                ResultSet row = select.executeQuery()) {
            row.next();
            return new Seen(row.getLong(1), List.of((Long[]) row.getArray(2).getArray()));
        }
    }

    /** Units that a ring-fence keeps of an item at a node where units are short. */
    public record KeptUnits(int item, int node, int pool, int quantity, int shortage) {}

    /** What a ring-fence keeps, some of it. */
    public List<KeptUnits> keptIn(int pool, int limit) {
        List<KeptUnits> kept = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select item_id, place_id % 65536, on_hand
                        from position
                        where item_id > 0 and place_id / 65536 = ? and on_hand > 0
                        order by item_id, place_id
                        limit ?
                        """)) {
            select.setInt(1, pool);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kept.add(new KeptUnits(row.getInt(1), row.getInt(2), pool, row.getInt(3), 0));
                }
            }
            return kept;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** What is kept where more is claimed than is there: the weakest claims of all. */
    public List<KeptUnits> keptThoughShort(int limit) {
        List<KeptUnits> kept = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select p.item_id, p.place_id, f.place_id / 65536, f.on_hand, p.shortage
                        from position p
                        join position f on f.item_id = p.item_id and f.place_id % 65536 = p.place_id
                        where p.shortage > 0 and p.item_id > 0 and p.place_id < 65536
                          and f.place_id / 65536 between 3 and 16383 and f.on_hand > 0
                        order by p.item_id, p.place_id, f.place_id
                        limit ?
                        """)) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kept.add(new KeptUnits(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5)));
                }
            }
            return kept;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** The reservations to give up where units are short, the latest first: as aggregates, by their numbers among all. */
    public List<Long> weakestReservations(int limit) {
        List<Long> reservations = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        with held as (
                            select r.id, r.made_at, p.item_id, p.place_id, p.shortage, sum((u ->> 'quantity')::int) as units
                            from due_work d
                            join reservation r on r.id = -d.aggregate_id and r.state = 'HELD'
                            cross join lateral jsonb_array_elements(r.held -> 'parcels') parcel
                            cross join lateral jsonb_array_elements(parcel -> 'units') u
                            join position p
                                 on p.item_id = (u ->> 'item')::int and p.place_id = (parcel ->> 'node')::int
                                 and p.shortage > 0
                            where d.aggregate_id < 0
                            group by r.id, r.made_at, p.item_id, p.place_id, p.shortage
                        ), claim as (
                            select id, units, shortage,
                                   sum(units) over (
                                       partition by item_id, place_id order by made_at desc, id desc
                                   ) as units_so_far
                            from held
                        )
                        select distinct -id from claim where units_so_far - units < shortage order by -id limit ?
                        """)) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reservations.add(row.getLong(1));
                }
            }
            return reservations;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** A claim at a position with a shortage, and how many of its units could be looked for elsewhere. */
    public record WeakClaim(long order, int fulfilmentOrder, int line, int units) {}

    /** For every position with a shortage, the claims to give up, in no order: those of its least important, latest orders. */
    public List<WeakClaim> weakestClaims(int limit) {
        List<WeakClaim> claims = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        with claim as (
                            select p.item_id, p.place_id, p.shortage, f.order_id, f.number, l.line,
                                   l.allocated + l.released as units,
                                   sum(l.allocated + l.released) over (
                                       partition by p.item_id, p.place_id
                                       order by o.priority, o.placed_at desc, o.id desc, f.number desc, l.line desc
                                   ) as units_so_far
                            from position p
                            join fulfilment_order f
                                 on f.node_id = p.place_id
                                 and f.status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY')
                            join fulfilment_line l
                                 on l.order_id = f.order_id and l.number = f.number and l.item_id = p.item_id
                            join orders o on o.id = f.order_id
                            where p.shortage > 0 and p.item_id > 0 and l.allocated + l.released > 0
                        )
                        select order_id, number, line, least(units, shortage - (units_so_far - units))
                        from claim
                        where units_so_far - units < shortage
                        limit ?
                        """)) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    claims.add(new WeakClaim(row.getLong(1), row.getInt(2), row.getInt(3), row.getInt(4)));
                }
            }
            return claims;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Whether any position has a shortage: the cheap question before the dear one. A day on which more was claimed than a
     * node can do, since its capacity was lowered afterwards, is none: the work was promised and stays.
     */
    public boolean anyShortage() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select exists (select from position where shortage > 0 and item_id > 0 and place_id > 0)");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** The items that somebody waits for. */
    public List<Integer> wanted() {
        List<Integer> items = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select distinct item_id from order_line where backordered > 0 order by item_id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                items.add(row.getInt(1));
            }
            return items;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Units that nobody has claimed.
     *
     * @param node where they are
     */
    public record FreeUnits(int item, int node, int units) {}

    /** What there is at some places, together those of a node, of the items that somebody waits for. */
    public List<FreeUnits> wantedAt(Collection<Place> places) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select p.item_id, p.place_id % 65536,
                               least(sum(p.on_hand + p.backorder_cap - p.reserved - p.safety_stock), ?)
                        from (select distinct item_id from order_line where backordered > 0) wanted
                        join position p on p.item_id = wanted.item_id and p.place_id = any(?)
                        where p.on_hand + p.backorder_cap - p.reserved - p.safety_stock > 0
                        group by p.item_id, p.place_id % 65536
                        order by p.item_id, p.place_id % 65536
                        """)) {
            select.setInt(1, Position.MOST);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", places.stream().map(Place::number).toArray()));
            return freeUnits(select);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Units of some items that nobody has claimed, or a ring-fence keeps, wherever they are. */
    public List<FreeUnits> freeUnits(Collection<Integer> items) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select p.item_id, p.place_id % 65536,
                               least(sum(p.on_hand + p.backorder_cap - p.reserved - p.safety_stock), ?)
                        from position p
                        where p.item_id = any(?) and p.place_id % 65536 > 0
                              and (p.place_id / 65536 = ? or p.place_id / 65536 between ? and ?)
                              and p.on_hand + p.backorder_cap - p.reserved - p.safety_stock > 0
                        group by p.item_id, p.place_id % 65536
                        order by p.item_id, p.place_id % 65536
                        """)) {
            select.setInt(1, Position.MOST);
            select.setArray(2, connection.createArrayOf("int4", items.toArray()));
            select.setInt(3, Place.Pool.STOCK);
            select.setInt(4, Place.Pool.FIRST_FENCE);
            select.setInt(5, Place.Pool.FIRST_DAY - 1);
            return freeUnits(select);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static List<FreeUnits> freeUnits(PreparedStatement select) throws SQLException {
        List<FreeUnits> free = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                free.add(new FreeUnits(row.getInt(1), row.getInt(2), row.getInt(3)));
            }
        }
        return free;
    }

    /**
     * Units of an item that somebody who waits may have now.
     *
     * @param node where they are; 0 if that may be anywhere
     * @param sends whether it sends anything, so that not only those have them who collect there
     */
    public record Came(int item, int node, boolean sends, int units) {}

    /**
     * Units of one item that are offered to those who wait for it.
     *
     * @param came each node once
     * @param times how often each unit is offered, since others may have no use for it
     * @param but orders that are left out
     */
    public record Offer(List<Came> came, int times, Set<Long> but) {
        public Offer {
            came = List.copyOf(came);
            but = Set.copyOf(but);
        }

        public int item() {
            return came.getFirst().item();
        }
    }

    /**
     * Units of an item for which an order waits, no more than there are for it.
     *
     * @param sent whether any node that sends may give them
     * @param pickUpNode where they are collected; 0 if they are not
     */
    public record Waiting(int item, long order, int units, boolean sent, int pickUpNode) {}

    /**
     * Who waits for what is offered and may have some of it, by item, the most important and then the earliest first. All are
     * among them that can have any, and more: as many for each node, and of what is sent, as if there were no others.
     */
    public List<Waiting> waitingFor(Collection<Offer> offers) {
        List<Waiting> waiting = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        with came as (
                            select *
                            from unnest(?::int4[], ?::int4[], ?::bool[], ?::int4[]) row (item_id, node_id, sends, units)
                        ), item as (
                            select offer.item_id, offer.times, sum(came.units) as units,
                                   coalesce(sum(came.units) filter (where came.node_id = 0), 0) as units_anywhere
                            from unnest(?::int4[], ?::int4[]) offer (item_id, times)
                            join came on came.item_id = offer.item_id
                            group by offer.item_id, offer.times
                        ), wanted as (
                            select l.item_id, l.order_id, l.number, l.sent, l.pick_up_node, o.priority, o.placed_at,
                                   item.units * item.times as offered,
                                   (coalesce(there.units, 0) + item.units_anywhere) * item.times as offered_there,
                                   least(l.backordered,
                                         case when l.sent then item.units
                                              else coalesce(there.units, 0) + item.units_anywhere end) as units
                            from item
                            join order_line l on l.item_id = item.item_id and l.backordered > 0
                            join orders o on o.id = l.order_id
                            left join came there on there.item_id = l.item_id and there.node_id = l.pick_up_node
                            where not exists (select
                                              from unnest(?::int4[], ?::int8[]) but (item_id, order_id)
                                              where but.item_id = l.item_id and but.order_id = l.order_id)
                        ), waiting as (
                            select *,
                                   sum(units) over (partition by item_id, sent
                                       order by priority desc, placed_at, order_id, number) - units as units_before,
                                   sum(units) over (partition by item_id, sent, pick_up_node
                                       order by priority desc, placed_at, order_id, number) - units as units_before_there
                            from wanted
                            where units > 0
                        )
                        select item_id, order_id, units, sent, coalesce(pick_up_node, 0)
                        from waiting
                        where (sent and units_before < offered)
                           or (pick_up_node is not null and units_before_there < offered_there)
                        order by item_id, priority desc, placed_at, order_id, number
                        """)) {
            set(select, offers.stream().flatMap(offer -> offer.came().stream()).toList());
            List<Integer> items = new ArrayList<>();
            List<Integer> times = new ArrayList<>();
            List<Integer> butItems = new ArrayList<>();
            List<Long> butOrders = new ArrayList<>();
            for (Offer offer : offers) {
                items.add(offer.item());
                times.add(offer.times());
                offer.but().forEach(order -> {
                    butItems.add(offer.item());
                    butOrders.add(order);
                });
            }
            select.setArray(5, connection.createArrayOf("int4", items.toArray()));
            select.setArray(6, connection.createArrayOf("int4", times.toArray()));
            select.setArray(7, connection.createArrayOf("int4", butItems.toArray()));
            select.setArray(8, connection.createArrayOf("int8", butOrders.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Waiting(
                            row.getInt(1), row.getLong(2), row.getInt(3), row.getBoolean(4), row.getInt(5)));
                }
            }
            return waiting;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static void set(PreparedStatement statement, List<Came> came) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(
                1,
                connection.createArrayOf("int4", came.stream().map(Came::item).toArray()));
        statement.setArray(
                2,
                connection.createArrayOf("int4", came.stream().map(Came::node).toArray()));
        statement.setArray(
                3,
                connection.createArrayOf("bool", came.stream().map(Came::sends).toArray()));
        statement.setArray(
                4,
                connection.createArrayOf("int4", came.stream().map(Came::units).toArray()));
    }

    /**
     * Of each, units of the item that wait and cannot be had from the node, since they are collected at another or it sends
     * nothing.
     */
    public List<Integer> waitingElsewhere(List<Came> came) {
        List<Integer> units = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        with came as (
                            select *
                            from unnest(?::int4[], ?::int4[], ?::bool[], ?::int4[]) with ordinality
                                 row (item_id, node_id, sends, units, number)
                        ), waiting as (
                            select item_id, sent, pick_up_node, sum(backordered) as units
                            from order_line
                            where backordered > 0 and item_id in (select item_id from came)
                            group by item_id, sent, pick_up_node
                        )
                        select least(coalesce(sum(waiting.units), 0), ?)
                        from came
                        left join waiting on waiting.item_id = came.item_id and not (waiting.sent and came.sends)
                                             and waiting.pick_up_node is distinct from came.node_id
                        group by came.number
                        order by came.number
                        """)) {
            set(select, came);
            select.setInt(5, Position.MOST);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    units.add(row.getInt(1));
                }
            }
            return units;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
