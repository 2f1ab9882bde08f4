package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * How servers wake each other: LISTEN and NOTIFY, on connections of their own.
 *
 * <p>A NOTIFY inside a batch would make all commits queue for one lock; so it is sent after the commit, and not for
 * each. A signal may be lost; whoever waits must look by itself from time to time.
 */
public final class Signals implements AutoCloseable {
    private static final String CHANNEL = "stock_ledger";

    private final String jdbcUrl;
    private @Nullable Connection listening;
    private @Nullable Connection sending;

    Signals(String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
    }

    /** Waits for a signal, but not longer than this. For one thread. */
    public void await(Duration patience) {
        try {
            Connection connection = listening;
            if (connection == null) {
                connection = DriverManager.getConnection(jdbcUrl);
                listening = connection;
                execute(connection, "listen " + CHANNEL);
            }
            connection.unwrap(PGConnection.class).getNotifications((int) patience.toMillis());
        } catch (SQLException e) {
            close(listening);
            listening = null;
            throw Failures.of(e);
        }
    }

    /** Tells all servers that there is something new in the ledger. For one thread. */
    public void send() {
        try {
            Connection connection = sending;
            if (connection == null) {
                connection = DriverManager.getConnection(jdbcUrl);
                sending = connection;
            }
            execute(connection, "notify " + CHANNEL);
        } catch (SQLException e) {
            close(sending);
            sending = null;
            throw Failures.of(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // It was broken anyway.
        }
    }

    @Override
    public void close() {
        close(listening);
        close(sending);
    }
}
