package dev.tutti.postgres;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Timeline;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** One transaction: keys, then orders, then positions, each in their order; then everything is written at once. */
final class PostgresTransaction implements Store.Transaction<PreparedChange> {
    private final Connection connection;
    private final Ids ids;
    private final LockHold lockHold;
    private long batchId;
    private long lockedAt;

    PostgresTransaction(Connection connection, Ids ids, LockHold lockHold) {
        this.lockHold = lockHold;
        this.connection = connection;
        this.ids = ids;
    }

    /** For what else belongs into the transaction. */
    Connection connection() {
        return connection;
    }

    @Override
    public Map<Key, KeyOwner> claim(List<KeyClaim> claims) {
        try {
            Rows rows = new Rows("text text int8 int8");
            claims.forEach(c -> rows.add(c.key().kind().name(), c.key().text(), c.owner(), c.fingerprint()));
            int claimed = rows.run(connection, """
                    insert into claimed_key (kind, key, owner_id, fingerprint)
                    select * from unnest(?::text[], ?::text[], ?::int8[], ?::int8[])
                    on conflict do nothing
                    """);
            return claimed == claims.size() ? Map.of() : ownedBefore(claims);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Those that are not ours; ours are the rows with the owner and the fingerprint that we have just inserted. */
    private Map<Key, KeyOwner> ownedBefore(List<KeyClaim> claims) throws SQLException {
        TreeSet<Key> keys = new TreeSet<>();
        claims.forEach(claim -> keys.add(claim.key()));
        Map<Key, KeyOwner> owners = new TreeMap<>(PostgresStore.owners(connection, keys));
        try (PreparedStatement select = connection.prepareStatement("""
                select k.kind, k.key
                from unnest(?::text[], ?::text[]) as wanted (kind, key)
                join claimed_key k on k.kind = wanted.kind and k.key = wanted.key
                where k.xmin = pg_current_xact_id()::xid
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", keys.stream().map(k -> k.kind().name()).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", keys.stream().map(Key::text).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    owners.remove(new Key(dev.tutti.conveyor.KeyKind.valueOf(row.getString(1)), row.getString(2)));
                }
            }
        }
        return owners;
    }

    @Override
    public SortedMap<Long, Integer> lock(SortedSet<Long> aggregates, boolean patient) {
        SortedMap<Long, Integer> versions = new TreeMap<>();
        Kinds kinds = Kinds.of(aggregates);
        try {
            if (!kinds.shipments().isEmpty()) {
                InboundRows.lock(connection, kinds.shipments(), patient, versions);
            }
            if (!kinds.reservations().isEmpty()) {
                ReservationRows.lock(connection, kinds.reservations(), patient, versions);
            }
            if (!kinds.orders().isEmpty()) {
                lockOrders(kinds.orders(), patient, versions);
            }
            return versions;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private void lockOrders(SortedSet<Long> orders, boolean patient, SortedMap<Long, Integer> versions)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(patient ? """
                select id, version from orders where id = any (?::int8[]) order by id for no key update
                """ : """
                select id, version from orders where id = any (?::int8[]) order by id for no key update skip locked
                """)) {
            select.setArray(1, connection.createArrayOf("int8", orders.toArray(Long[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.put(row.getLong(1), row.getInt(2));
                }
            }
        }
    }

    @Override
    public void begin(List<PreparedChange> beginnings) {
        try {
            enter();
            new BatchWriter(connection).write(beginnings);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public Map<PositionKey, Position> lockPositions(
            SortedSet<PositionKey> positions, SortedSet<PositionKey> mayCreate) {
        try {
            pairs(mayCreate).run(connection, """
                    insert into position (item_id, place_id, backorder_cap)
                    select item_id, place_id, case when item_id > 0 and place_id = 0 then 1000000000 else 0 end
                    from unnest(?::int4[], ?::int4[]) as new (item_id, place_id)
                    on conflict do nothing
                    """);
            enter();
            Map<PositionKey, Position> balances = locked(positions);
            lockedAt = System.nanoTime();
            return balances;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Rows pairs(SortedSet<PositionKey> positions) {
        Rows rows = new Rows("int4 int4");
        positions.forEach(key -> rows.add(key.item(), key.place()));
        return rows;
    }

    private Map<PositionKey, Position> locked(SortedSet<PositionKey> positions) throws SQLException {
        Map<PositionKey, Position> balances = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select p.item_id, p.place_id, p.on_hand, p.reserved, p.shortage, p.backorder_cap, p.safety_stock,
                       p.version, p.counted_at, p.moved_at
                from unnest(?::int4[], ?::int4[]) as wanted (item_id, place_id)
                join position p on p.item_id = wanted.item_id and p.place_id = wanted.place_id
                order by p.item_id, p.place_id
                for no key update of p
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", positions.stream().map(PositionKey::item).toArray(Integer[]::new)));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", positions.stream().map(PositionKey::place).toArray(Integer[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    balances.put(
                            new PositionKey(row.getInt(1), row.getInt(2)),
                            new Position(
                                    row.getInt(3),
                                    row.getInt(4),
                                    row.getInt(5),
                                    row.getInt(6),
                                    row.getInt(7),
                                    row.getInt(8),
                                    row.getLong(9),
                                    row.getLong(10)));
                }
            }
        }
        return balances;
    }

    @Override
    public Map<PositionKey, Timeline> timelines(SortedMap<PositionKey, Long> since) {
        // What was found shifts all that was there before; only what the last count said of its moment is certain then.
        try (PreparedStatement select = connection.prepareStatement("""
                select wanted.item_id, wanted.place_id, wanted.on_hand, wanted.found, l.at, l.units, l.found
                from (
                    select p.item_id, p.place_id, p.on_hand, counted.at as counted_at, known.found,
                           case when known.found <> 0 then counted.at
                                else timestamptz 'epoch' + w.since * interval '1 microsecond' end as since
                    from unnest(?::int4[], ?::int4[], ?::int8[]) as w (item_id, place_id, since)
                    join position p on p.item_id = w.item_id and p.place_id = w.place_id
                    cross join lateral (
                        select timestamptz 'epoch' + p.counted_at * interval '1 microsecond' as at
                    ) counted
                    cross join lateral (
                        select coalesce(sum(f.found), 0) as found
                        from stock_ledger f
                        where f.item_id = p.item_id and f.place_id = p.place_id and f.found <> 0
                          and f.happened_at >= counted.at
                          and (f.happened_at > counted.at or f.move = 'COUNT')
                    ) known
                ) wanted
                left join lateral (
                    select happened_at as at, on_hand_delta - found as units, found
                    from stock_ledger m
                    where m.item_id = wanted.item_id and m.place_id = wanted.place_id
                      and m.happened_at >= wanted.since and m.happened_at > wanted.counted_at
                      and m.move in ('ISSUE', 'LOSE', 'CONVERT', 'SELL', 'ADJUST', 'RETURN')
                    union all
                    select happened_at, 0, found
                    from stock_ledger c
                    where c.item_id = wanted.item_id and c.place_id = wanted.place_id
                      and c.happened_at = wanted.counted_at and c.move = 'COUNT' and c.found <> 0
                ) l on true
                """)) {
            select.setArray(1, ints(since.keySet().stream().mapToInt(PositionKey::item)));
            select.setArray(2, ints(since.keySet().stream().mapToInt(PositionKey::place)));
            select.setArray(3, connection.createArrayOf("int8", since.values().toArray(Long[]::new)));
            Map<PositionKey, int[]> known = new HashMap<>();
            Map<PositionKey, List<Timeline.Move>> moves = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    PositionKey key = new PositionKey(row.getInt(1), row.getInt(2));
                    known.put(key, new int[] {row.getInt(3), row.getInt(4)});
                    List<Timeline.Move> of = moves.computeIfAbsent(key, k -> new ArrayList<>());
                    OffsetDateTime at = row.getObject(5, OffsetDateTime.class);
                    if (at != null) {
                        of.add(new Timeline.Move(
                                ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()),
                                row.getInt(6),
                                row.getInt(7)));
                    }
                }
            }
            Map<PositionKey, Timeline> timelines = new HashMap<>();
            known.forEach((key, balance) ->
                    timelines.put(key, Timeline.of(balance[0], balance[1], moves.getOrDefault(key, List.of()))));
            return timelines;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private Array ints(IntStream numbers) throws SQLException {
        return connection.createArrayOf("int4", numbers.boxed().toArray(Integer[]::new));
    }

    @Override
    public void write(
            List<PreparedChange> changes, List<Store.Posting> postings, List<Key> abandoned, List<Long> takenBack) {
        try {
            enter();
            new BatchWriter(connection).write(changes);
            new StockWriter(connection).write(postings, batchId);
            new Undoing(connection).undo(abandoned, takenBack);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Leaves the row by which it can be told whether the batch has happened, should the answer to COMMIT be lost. A
     * transaction id would not do: one whose traces were lost with an immediate stop is given out again.
     */
    private void enter() throws SQLException {
        if (batchId != 0) {
            return;
        }
        batchId = ids.next();
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into batch (id, happened) values (?, true)
                """)) {
            insert.setLong(1, batchId);
            insert.executeUpdate();
        }
    }

    @Override
    public void commit() {
        try {
            connection.commit();
            if (lockedAt != 0) {
                lockHold.add(System.nanoTime() - lockedAt);
            }
        } catch (SQLException e) {
            giveBack();
            if (String.valueOf(e.getSQLState()).startsWith("08")
                    || String.valueOf(e.getSQLState()).startsWith("57")) {
                throw new StoreFailure.CommitUnknown(batchId, e);
            }
            throw Failures.of(e);
        }
        giveBack();
    }

    @Override
    public void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken: the database rolls back what it held.
        }
        giveBack();
    }

    private void giveBack() {
        try {
            connection.close();
        } catch (SQLException e) {
            // A broken connection is thrown away by the pool.
        }
    }
}
