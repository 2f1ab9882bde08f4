package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.postgres.Reads.FeedCursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How far each subscription has been told of the journal, and what it could not be told yet.
 *
 * <p>The journal is the outbox: a subscription has a place in it, and moves on when everything up to there was sent, or
 * was noted as waiting. Whoever sends to a subscription holds it for a while; its token says later whether they still do.
 */
public final class Outbox {
    private final DataSource database;

    Outbox(DataSource database) {
        this.database = database;
    }

    /**
     * A subscription in somebody's hands.
     *
     * @param token must be named when something is written of it
     * @param failures how often in a row it could not be reached; 0 if it can
     * @param secrets the two newest, the newest first
     * @param waits whether any of its events wait
     */
    public record Held(String code, long token, FeedCursor cursor, int failures, List<String> secrets, boolean waits) {
        /** At another place. */
        public Held at(FeedCursor place) {
            return new Held(code, token, place, failures, secrets, waits);
        }

        /** With events that wait. */
        public Held waiting() {
            return new Held(code, token, cursor, failures, secrets, true);
        }
    }

    /** One event, by its order and its number there. */
    public record EventId(long order, int version) {}

    /** An event that waits to be sent again. */
    public record Waiting(EventId event, int attempts) {}

    /** What became of an event. */
    public sealed interface Fate {
        EventId event();

        /** How often it was tried. */
        int attempts();

        String detail();

        record Sent(EventId event, int attempts) implements Fate {
            @Override
            public String detail() {
                return "";
            }
        }

        /** @param after how long it waits until it is tried again */
        record Again(EventId event, int attempts, Duration after, String detail) implements Fate {}

        record Dead(EventId event, int attempts, String detail) implements Fate {}
    }

    /** Subscriptions for which there is something to send and which nobody holds. */
    public Set<String> due() {
        Set<String> codes = new TreeSet<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select p.subscription
                        from subscription_progress p
                        where p.free_at <= now()
                          and (exists (select from order_journal j
                                       where j.transaction_id >= p.transaction_id
                                         and (j.transaction_id, j.order_id, j.version_to)
                                             > (p.transaction_id, p.order_id, p.version)
                                         and j.transaction_id < (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint))
                               or exists (select from delivery d
                                          where d.subscription = p.subscription and d.state = 'waiting' and d.due_at <= now()
                                            and not exists (select from delivery earlier
                                                            where earlier.subscription = d.subscription
                                                              and earlier.order_id = d.order_id
                                                              and earlier.state = 'waiting'
                                                              and earlier.version < d.version
                                                              and earlier.due_at > now())))
                          and (exists (select from signing_secret s where s.receiver = 'subscription' and s.code = p.subscription)
                               or exists (select from subscription s where s.code = p.subscription and s.url like 'kafka:%'))
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                codes.add(row.getString(1));
            }
            return codes;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** What a subscription's requests are signed with: the two newest, the newest first; none if there is no such. */
    public List<String> secrets(String code) {
        List<String> secrets = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select secret from signing_secret
                        where receiver = 'subscription' and code = ?
                        order by number desc
                        limit 2
                        """)) {
            select.setString(1, code);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    secrets.add(row.getString(1));
                }
            }
            return secrets;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Takes a subscription in hand; null if somebody else has it. */
    public @Nullable Held take(String code, Duration lease) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update subscription_progress p
                        set free_at = now() + ? * interval '1 millisecond', token = token + 1
                        where subscription = ? and free_at <= now()
                        returning token, transaction_id, order_id, version, failures,
                                  array(select secret from signing_secret s
                                        where s.receiver = 'subscription' and s.code = p.subscription
                                        order by number desc limit 2),
                                  exists (select from delivery d where d.subscription = p.subscription and d.state = 'waiting')
                        """)) {
            update.setLong(1, lease.toMillis());
            update.setString(2, code);
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? new Held(
                                code,
                                row.getLong(1),
                                new FeedCursor(row.getLong(2), row.getLong(3), row.getInt(4)),
                                row.getInt(5),
                                List.of((String[]) row.getArray(6).getArray()),
                                row.getBoolean(7))
                        : null;
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Notes that all up to the place it has come to was sent, but for what waits.
     *
     * @return false if the subscription was lost meanwhile, and nothing was noted
     */
    public boolean note(Held held, List<? extends Fate> waiting, Duration lease) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean ours;
                try (PreparedStatement update = connection.prepareStatement("""
                        update subscription_progress
                        set transaction_id = ?, order_id = ?, version = ?, free_at = now() + ? * interval '1 millisecond'
                        where subscription = ? and token = ?
                        """)) {
                    place(update, held.cursor());
                    update.setLong(4, lease.toMillis());
                    update.setString(5, held.code());
                    update.setLong(6, held.token());
                    ours = update.executeUpdate() == 1;
                }
                if (ours) {
                    insert(connection, held.code(), waiting);
                    connection.commit();
                }
                return ours;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static void place(PreparedStatement update, FeedCursor cursor) throws SQLException {
        update.setLong(1, cursor.transaction());
        update.setLong(2, cursor.order());
        update.setInt(3, cursor.version());
    }

    private static void insert(Connection connection, String code, List<? extends Fate> waiting) throws SQLException {
        Rows rows = new Rows("text int8 int4 text int8 int4 text");
        waiting.forEach(each -> rows.add(
                code,
                each.event().order(),
                each.event().version(),
                each instanceof Fate.Dead ? "dead" : "waiting",
                each instanceof Fate.Again again ? again.after().toMillis() : 0L,
                each.attempts(),
                each.detail()));
        if (!waiting.isEmpty()) {
            rows.run(connection, """
                    insert into delivery (subscription, order_id, version, state, due_at, attempts, detail)
                    select subscription, order_id, version, state,
                           greatest(now() + max(wait) over (partition by order_id) * interval '1 millisecond',
                                    (select max(d.due_at) from delivery d
                                     where d.subscription = new.subscription and d.order_id = new.order_id
                                       and d.state = 'waiting')),
                           attempts, left(detail, 500)
                    from unnest(?::text[], ?::int8[], ?::int4[], ?::text[], ?::int8[], ?::int4[], ?::text[])
                         as new (subscription, order_id, version, state, wait, attempts, detail)
                    on conflict do nothing
                    """);
        }
    }

    /** Orders of which something waits for a subscription, among some. */
    public Set<Long> ordersThatWait(String code, Set<Long> among) {
        Set<Long> orders = new TreeSet<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select distinct order_id from delivery
                        where subscription = ? and state = 'waiting' and order_id = any (?)
                        """)) {
            select.setString(1, code);
            select.setArray(2, connection.createArrayOf("int8", among.toArray()));
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

    /** What waits and is due, an order's events in their order; none before an earlier one of its order is due. */
    public List<Waiting> waiting(String code, int limit) {
        return waiting(
                code,
                "and d.due_at <= now()",
                "and earlier.version < d.version and earlier.due_at > now()",
                "since, order_id, version",
                limit);
    }

    /** One event, at random, that is the next to be sent of its order, be it due or not. */
    public List<Waiting> anyWaiting(String code) {
        return waiting(code, "", "and earlier.version < d.version", "random()", 1);
    }

    private List<Waiting> waiting(String code, String due, String behind, String by, int limit) {
        List<Waiting> waiting = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select order_id, version, attempts
                        from delivery d
                        where subscription = ? and state = 'waiting' %s
                          and not exists (select from delivery earlier
                                          where earlier.subscription = d.subscription and earlier.order_id = d.order_id
                                            and earlier.state = 'waiting' %s)
                        order by %s
                        limit ?
                        """.formatted(due, behind, by))) {
            select.setString(1, code);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Waiting(new EventId(row.getLong(1), row.getInt(2)), row.getInt(3)));
                }
            }
            return waiting;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Notes what became of waiting events, if the subscription is still held. */
    public void settle(Held held, List<Fate> fates) {
        Rows rows = new Rows("text int8 int8 int4 text int8 int4 text");
        for (Fate fate : fates) {
            String state = fate instanceof Fate.Sent ? "sent" : fate instanceof Fate.Dead ? "dead" : "waiting";
            long wait = fate instanceof Fate.Again again ? again.after().toMillis() : 0;
            EventId event = fate.event();
            rows.add(
                    held.code(),
                    held.token(),
                    event.order(),
                    event.version(),
                    state,
                    wait,
                    fate.attempts(),
                    fate.detail());
        }
        try (Connection connection = database.getConnection()) {
            rows.run(connection, """
                    with fate as (
                        select new.*
                        from unnest(?::text[], ?::int8[], ?::int8[], ?::int4[], ?::text[], ?::int8[], ?::int4[], ?::text[])
                             as new (subscription, token, order_id, version, state, wait, attempts, detail)
                        join subscription_progress p on p.subscription = new.subscription and p.token = new.token
                    ), gone as (
                        delete from delivery d using fate
                        where (d.subscription, d.order_id, d.version) = (fate.subscription, fate.order_id, fate.version)
                          and fate.state = 'sent'
                    ), behind as (
                        update delivery d
                        set due_at = now() + fate.wait * interval '1 millisecond'
                        from fate
                        where (d.subscription, d.order_id) = (fate.subscription, fate.order_id) and d.state = 'waiting'
                          and fate.state = 'waiting' and d.version > fate.version
                          and not exists (select from fate own
                                          where (own.subscription, own.order_id, own.version)
                                                = (d.subscription, d.order_id, d.version))
                    )
                    update delivery d
                    set state = fate.state, due_at = now() + fate.wait * interval '1 millisecond',
                        attempts = fate.attempts, detail = left(fate.detail, 500)
                    from fate
                    where (d.subscription, d.order_id, d.version) = (fate.subscription, fate.order_id, fate.version)
                      and fate.state <> 'sent'
                    """);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Gives a subscription up again, at the place it has come to.
     *
     * @param failures in a row until now; 0 if it can be reached
     * @param rest before anybody takes it up again
     */
    public void release(Held held, int failures, Duration rest, String detail) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update subscription_progress
                        set transaction_id = ?, order_id = ?, version = ?, free_at = now() + ? * interval '1 millisecond',
                            failures = ?, detail = left(?, 500),
                            failing_since = case when ? > 0 then coalesce(failing_since, now()) end
                        where subscription = ? and token = ?
                        """)) {
            place(update, held.cursor());
            update.setLong(4, rest.toMillis());
            update.setInt(5, failures);
            update.setString(6, detail);
            update.setInt(7, failures);
            update.setString(8, held.code());
            update.setLong(9, held.token());
            update.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** It can be reached again: nothing waits longer because it could not. */
    public void hurry(String code) {
        update("update delivery set due_at = now() where subscription = ? and state = 'waiting'", code);
    }

    /** Dead letters are sent once more; returns how many. */
    public int replay(String code, Audit audit) {
        return AuditTrail.noted(
                database,
                audit,
                "replay-dead-letters",
                code,
                "update delivery set state = 'waiting', due_at = now(), attempts = 0 where subscription = ? and state = 'dead'",
                code);
    }

    /** Gives up what was given up on for good; how many that were. */
    public int drop(String code, Audit audit) {
        return AuditTrail.noted(
                database,
                audit,
                "drop-dead-letters",
                code,
                "delete from delivery where subscription = ? and state = 'dead'",
                code);
    }

    private int update(String sql, String code) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, code);
            return update.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * How a subscription stands.
     *
     * @param behind seconds since the oldest event that it was not told of yet; 0 if there is none
     * @param failingSince null if it can be reached
     * @param detail why it cannot, or why the newest event that waits was not taken; empty if nothing is wrong
     */
    public record State(
            String code,
            int secrets,
            long waiting,
            long dead,
            double behind,
            @Nullable Instant failingSince,
            String detail) {}

    /** All of them, by code. */
    public List<State> states() {
        List<State> states = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select p.subscription,
                               (select least(2, count(*)) from signing_secret s
                                where s.receiver = 'subscription' and s.code = p.subscription),
                               (select count(*) from delivery d where d.subscription = p.subscription and d.state = 'waiting'),
                               (select count(*) from delivery d where d.subscription = p.subscription and d.state = 'dead'),
                               coalesce(extract(epoch from now() - least(
                                   (select j.recorded_at from order_journal j
                                    where j.transaction_id >= p.transaction_id
                                      and (j.transaction_id, j.order_id, j.version_to)
                                          > (p.transaction_id, p.order_id, p.version)
                                    order by j.transaction_id, j.order_id, j.version_to limit 1),
                                   (select min(d.since) from delivery d
                                    where d.subscription = p.subscription and d.state = 'waiting'))), 0)::float8,
                               p.failing_since,
                               coalesce(nullif(p.detail, ''),
                                        (select d.detail from delivery d
                                         where d.subscription = p.subscription and d.state = 'waiting' and d.detail <> ''
                                         order by d.due_at desc limit 1), '')
                        from subscription_progress p
                        order by p.subscription
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                OffsetDateTime since = row.getObject(6, OffsetDateTime.class);
                states.add(new State(
                        row.getString(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getLong(4),
                        Math.max(0, row.getDouble(5)),
                        since == null ? null : since.toInstant(),
                        row.getString(7)));
            }
            return states;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** An event that was given up on. */
    public record DeadLetter(EventId event, int attempts, Instant since, String detail) {}

    /** The oldest first. */
    public List<DeadLetter> deadLetters(String code, int limit) {
        List<DeadLetter> letters = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select order_id, version, attempts, since, detail
                        from delivery
                        where subscription = ? and state = 'dead'
                        order by since, order_id, version
                        limit ?
                        """)) {
            select.setString(1, code);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    letters.add(new DeadLetter(
                            new EventId(row.getLong(1), row.getInt(2)),
                            row.getInt(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            row.getString(5)));
                }
            }
            return letters;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
