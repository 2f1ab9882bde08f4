package dev.tutti.postgres;

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
     * @param attempts how often it was taken up, this time included
     * @param unknown whether it was asked before, and the answer was lost
     */
    public record Due(
            long order, int number, String destination, long token, int attempts, boolean unknown, Instant intended) {
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
                                      where e.destination = d.code and e.state in ('due', 'unknown') and e.due_at <= now())
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

    /** Takes up what is due at a destination. */
    public List<Due> take(String destination, int limit, Duration lease) {
        List<Due> taken = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        with due as (
                            select order_id, number, state
                            from effect
                            where destination = ? and state in ('due', 'unknown') and due_at <= now()
                            order by due_at
                            limit ?
                            for no key update skip locked
                        )
                        update effect e
                        set due_at = now() + ? * interval '1 millisecond', token = e.token + 1, attempts = e.attempts + 1,
                            state = 'unknown'
                        from due
                        where e.order_id = due.order_id and e.number = due.number
                        returning e.order_id, e.number, e.token, e.attempts, due.state = 'unknown', e.intended_at
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
                            row.getObject(6, OffsetDateTime.class).toInstant()));
                }
            }
            return taken;
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

    /** It is under way there; its answer comes by itself. */
    public boolean asked(Due effect, String detail) {
        return write(effect, "asked", Duration.ZERO, detail);
    }

    /** A person must find out. */
    public boolean stuck(Due effect, String detail) {
        return write(effect, "stuck", Duration.ZERO, detail);
    }

    /** Only if nobody else has taken it up since. */
    private boolean write(Due effect, String state, Duration after, String detail) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update effect
                        set state = ?, due_at = now() + ? * interval '1 millisecond', detail = left(?, 500)
                        where order_id = ? and number = ? and token = ?
                        """)) {
            update.setString(1, state);
            update.setLong(2, after.toMillis());
            update.setString(3, detail);
            update.setLong(4, effect.order());
            update.setInt(5, effect.number());
            update.setLong(6, effect.token());
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
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
