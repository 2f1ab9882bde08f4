package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What services outside are to be asked, taken up under a lease: whoever takes one up moves its time on, and its token
 * says later whether it is still theirs.
 */
public final class EffectQueue {
    private final DataSource database;

    EffectQueue(DataSource database) {
        this.database = database;
    }

    /**
     * An effect that was taken up.
     *
     * @param token must be named when something is written of it
     * @param attempts how often it was sent
     * @param unknown whether it was asked before, and nobody knows what became of it
     * @param answerKey with it the service may say later what it did
     */
    public record Due(
            long order,
            int number,
            String destination,
            long token,
            int attempts,
            boolean unknown,
            Instant intended,
            UUID answerKey) {
        private Due sentOnceMore() {
            return new Due(order, number, destination, token, attempts + 1, unknown, intended, answerKey);
        }

        /** What the service knows it by, however often it is asked. */
        public String key() {
            return EffectQueue.key(order, number, intended);
        }
    }

    private static String key(long order, int number, Instant intended) {
        // Numbers may come again after a restore to an earlier time; a moment does not.
        return order + "-" + number + "-" + Long.toString(intended.toEpochMilli(), 36);
    }

    /** What the service knows an effect by. */
    public String key(long order, int number) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select intended_at from effect where order_id = ? and number = ?")) {
            select.setLong(1, order);
            select.setInt(2, number);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return key(order, number, row.getObject(1, OffsetDateTime.class).toInstant());
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Destinations at which something is due. */
    public Set<String> destinationsDue() {
        Set<String> codes = new TreeSet<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select d.code
                        from destination d
                        where exists (select from effect e
                                      where e.destination = d.code and e.state <> 'answered' and e.due_at <= now())
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

    /** Takes up what is due at a destination, also what was asked long ago and is still not answered. */
    public List<Due> take(String destination, int limit, Duration lease) {
        List<Due> taken = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        with due as (
                            select order_id, number, state
                            from effect
                            where destination = ? and state <> 'answered' and due_at <= now()
                            order by due_at
                            limit ?
                            for no key update skip locked
                        )
                        update effect e
                        set due_at = now() + ? * interval '1 millisecond', token = e.token + 1, state = case when e.state = 'due' then 'due' else 'unknown' end
                        from due
                        where e.order_id = due.order_id and e.number = due.number
                        returning e.order_id, e.number, e.token, e.attempts, due.state <> 'due', e.intended_at,
                                  e.answer_key
                        """)) {
            update.setString(1, destination);
            update.setInt(2, limit);
            update.setLong(3, lease.toMillis());
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    taken.add(new Due(
                            row.getLong(1),
                            row.getInt(2),
                            destination,
                            row.getLong(3),
                            row.getInt(4),
                            row.getBoolean(5),
                            row.getObject(6, OffsetDateTime.class).toInstant(),
                            row.getObject(7, UUID.class)));
                }
            }
            return taken;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * From now on it may have happened.
     *
     * @return the effect with this attempt counted; null if it is not held any more by whoever took it up: then nothing must
     *     be sent
     */
    public @Nullable Due sending(Due effect) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update effect set state = 'unknown', attempts = attempts + 1
                        where order_id = ? and number = ? and token = ? and due_at > now()
                        """)) {
            update.setLong(1, effect.order());
            update.setInt(2, effect.number());
            update.setLong(3, effect.token());
            return update.executeUpdate() == 1 ? effect.sentOnceMore() : null;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** It is answered, and the order knows. */
    public boolean answered(Due effect, String detail) {
        return write(effect, "answered", Duration.ZERO, detail);
    }

    /** Nobody was reached, so nothing has happened: to be asked again. */
    public boolean again(Due effect, Duration after, String detail) {
        return write(effect, "due", after, detail);
    }

    /** It was asked and the answer was lost: to be resolved. */
    public boolean unknown(Due effect, Duration after, String detail) {
        return write(effect, "unknown", after, detail);
    }

    /**
     * It is under way there; its answer comes by itself.
     *
     * @param within after which time it is looked at again; null if whoever waits for it has a time of their own
     */
    public boolean asked(Due effect, @Nullable Duration within, String detail) {
        return write(effect, "asked", within, detail);
    }

    /** A person must find out, and is reminded as long as nobody has. */
    public boolean stuck(Due effect, Duration until, String detail) {
        return write(effect, "stuck", until, detail);
    }

    /** Only if nobody else has taken it up since. */
    private boolean write(Due effect, String state, @Nullable Duration after, String detail) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update effect
                        set state = ?, due_at = coalesce(now() + ? * interval '1 millisecond', 'infinity'), detail = left(?, 500)
                        where order_id = ? and number = ? and token = ?
                        """)) {
            update.setString(1, state);
            update.setObject(2, after == null ? null : after.toMillis(), Types.BIGINT);
            update.setString(3, detail);
            update.setLong(4, effect.order());
            update.setInt(5, effect.number());
            update.setLong(6, effect.token());
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Asks again at once for all that a person would have had to find out; returns how many. */
    public int askAgain(String destination, Audit audit) {
        return AuditTrail.noted(
                database,
                audit,
                "ask-again",
                destination,
                "update effect set due_at = now(), attempts = 0 where destination = ? and state = 'stuck'",
                destination);
    }

    /** As {@link #askAgain(String, Audit)} for one, also if its answer was to come by itself. */
    public boolean askAgain(long order, int number, Audit audit) {
        return AuditTrail.noted(
                        database,
                        audit,
                        "ask-again",
                        order + "-" + number,
                        "update effect set due_at = now(), attempts = 0"
                                + " where order_id = ? and number = ? and state in ('stuck', 'asked')",
                        order,
                        number)
                == 1;
    }

    /**
     * How it stands with a destination.
     *
     * @param secrets that calls are signed with
     * @param waiting effects that were not asked yet
     * @param unanswered those that were, and are under way or will be asked about again
     * @param stuck those of which a person must find out
     * @param failure of the newest attempt that failed, of what is still not answered; empty if none did
     */
    public record Standing(
            String destination, int secrets, long waiting, long unanswered, long stuck, String failure) {}

    /** All of them, by code. */
    public List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select d.code,
                               (select least(2, count(*)) from signing_secret s
                                where s.receiver = 'destination' and s.code = d.code),
                               count(e.state) filter (where e.state = 'due'),
                               count(e.state) filter (where e.state in ('unknown', 'asked')),
                               count(e.state) filter (where e.state = 'stuck'),
                               coalesce((array_agg(e.detail order by e.due_at desc)
                                         filter (where e.attempts > 0 and e.state <> 'asked' and e.detail <> ''))[1], '')
                        from destination d
                        left join effect e on e.destination = d.code and e.state <> 'answered'
                        group by d.code
                        order by d.code
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                standings.add(new Standing(
                        row.getString(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6)));
            }
            return standings;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Whether nobody asks about it now: its answer is to come by itself, or a person is to find out. */
    public boolean waits(long order, int number) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select state in ('asked', 'stuck') from effect where order_id = ? and number = ?")) {
            select.setLong(1, order);
            select.setInt(2, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** The destination that was told this key of an effect, or null: nobody was. */
    public @Nullable String destination(long order, int number, UUID answerKey) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select answer_key, destination from effect where order_id = ? and number = ?")) {
            select.setLong(1, order);
            select.setInt(2, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && isSame(answerKey, row.getObject(1, UUID.class)) ? row.getString(2) : null;
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** In a time that says nothing about where they differ. */
    private static boolean isSame(UUID one, UUID other) {
        long differ = (one.getMostSignificantBits() ^ other.getMostSignificantBits())
                | (one.getLeastSignificantBits() ^ other.getLeastSignificantBits());
        return differ == 0;
    }

    /** What became of one is known, from wherever. */
    public void settle(long order, int number, String detail) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update effect set state = 'answered', token = token + 1, detail = left(?, 500)
                        where order_id = ? and number = ?
                        """)) {
            update.setString(1, detail);
            update.setLong(2, order);
            update.setInt(3, number);
            update.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
