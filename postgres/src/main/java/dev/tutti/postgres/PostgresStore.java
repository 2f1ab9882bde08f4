package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The conveyor's store.
 *
 * <p>Isolation is READ COMMITTED throughout: what must not change between reading and writing is locked, in the order
 * the transaction's methods stand in, and PostgreSQL's SERIALIZABLE is not relied upon.
 */
public final class PostgresStore implements Store<Aggregate, HubChange, PreparedChange> {
    private final DataSource writing;
    private final DataSource reading;
    private final Ids ids;
    private final EventJson json = new EventJson();
    private final Histories histories = new Histories(json);
    private final LockHold lockHold = new LockHold();

    /**
     * @param writing connections without auto-commit, one for each round that runs at the same time
     * @param reading connections with auto-commit
     */
    public PostgresStore(DataSource writing, DataSource reading, Ids ids) {
        this.writing = writing;
        this.reading = reading;
        this.ids = ids;
    }

    /** How long positions were held locked by this server's batches. */
    public LockHold lockHold() {
        return lockHold;
    }

    @Override
    public Map<Long, Aggregate> load(SortedSet<Long> aggregates) {
        try (Connection connection = reading.getConnection()) {
            Map<Long, Aggregate> states = new TreeMap<>();
            Kinds kinds = Kinds.of(aggregates);
            if (!kinds.shipments().isEmpty()) {
                states.putAll(InboundRows.load(connection, kinds.shipments()));
            }
            if (!kinds.reservations().isEmpty()) {
                states.putAll(ReservationRows.load(connection, kinds.reservations()));
            }
            if (!kinds.orders().isEmpty()) {
                states.putAll(histories.load(connection, kinds.orders()));
            }
            return states;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public Map<Key, KeyOwner> owners(SortedSet<Key> keys) {
        try (Connection connection = reading.getConnection()) {
            return owners(connection, keys);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Forgets what orders that were placed so long ago have in common with others. */
    public void forgetAlike(Instant before) {
        try (Connection connection = reading.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "delete from claimed_key where kind = 'ALIKE' and fingerprint < ?")) {
            delete.setLong(1, before.getEpochSecond());
            delete.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    static Map<Key, KeyOwner> owners(Connection connection, SortedSet<Key> keys) throws SQLException {
        Map<Key, KeyOwner> owners = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select k.kind, k.key, k.owner_id, k.fingerprint
                from unnest(?::text[], ?::text[]) as wanted (kind, key)
                join claimed_key k on k.kind = wanted.kind and k.key = wanted.key
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
                    owners.put(
                            new Key(KeyKind.valueOf(row.getString(1)), row.getString(2)),
                            new KeyOwner(row.getLong(3), row.getLong(4)));
                }
            }
        }
        return owners;
    }

    @Override
    public PreparedChange prepare(HubChange change, Audit audit) {
        return PreparedChange.of(change, audit, json);
    }

    @Override
    public Transaction<PreparedChange> begin() {
        try {
            return new PostgresTransaction(writing.getConnection(), ids, lockHold);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Waits for the transaction if it is still under way. If it has not happened, this settles that it never will: the
     * row by which it would have told is taken.
     */
    @Override
    public boolean committed(long batch) {
        try (Connection connection = reading.getConnection();
                PreparedStatement settle = connection.prepareStatement("""
                        insert into batch (id, happened) values (?, false) on conflict do nothing
                        """);
                PreparedStatement select = connection.prepareStatement("select happened from batch where id = ?")) {
            settle.setLong(1, batch);
            settle.executeUpdate();
            select.setLong(1, batch);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
