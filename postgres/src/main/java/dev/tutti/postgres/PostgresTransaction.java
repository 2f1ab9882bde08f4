package dev.tutti.postgres;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.inventory.Movements;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
    public Map<StockChange, Movements> movedSince(List<StockChange> timed) {
        try (PreparedStatement select = connection.prepareStatement("""
                select wanted.number, moved.units,
                       coalesce((select sum(l.found)
                                 from stock_ledger l
                                 where l.item_id = wanted.item_id and l.place_id = wanted.place_id and l.found <> 0
                                   and l.happened_at > timestamptz 'epoch' + wanted.at * interval '1 microsecond'), 0),
                       coalesce((select sum(l.found)
                                 from stock_ledger l
                                 where l.item_id = wanted.item_id and l.place_id = wanted.place_id and l.found <> 0
                                   and l.happened_at > timestamptz 'epoch' + p.counted_at * interval '1 microsecond'), 0)
                from unnest(?::int4[], ?::int4[], ?::int8[]) with ordinality as wanted (item_id, place_id, at, number)
                join position p on p.item_id = wanted.item_id and p.place_id = wanted.place_id
                cross join lateral (
                    select sum(l.on_hand_delta - l.found) as units
                    from stock_ledger l
                    where l.item_id = wanted.item_id and l.place_id = wanted.place_id
                      and l.happened_at > timestamptz 'epoch' + wanted.at * interval '1 microsecond'
                      and l.move in ('ISSUE', 'LOSE', 'SELL', 'ADJUST', 'RETURN')
                ) moved
                where moved.units is not null
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int4",
                            timed.stream()
                                    .map(change -> change.position().item())
                                    .toArray(Integer[]::new)));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "int4",
                            timed.stream()
                                    .map(change -> change.position().place())
                                    .toArray(Integer[]::new)));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", timed.stream().map(StockChange::at).toArray(Long[]::new)));
            Map<StockChange, Movements> moved = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    moved.put(
                            timed.get(row.getInt(1) - 1),
                            new Movements(row.getLong(2), row.getLong(3), row.getLong(4)));
                }
            }
            return moved;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
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
