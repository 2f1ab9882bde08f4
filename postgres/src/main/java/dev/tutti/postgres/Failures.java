package dev.tutti.postgres;

import dev.tutti.conveyor.StoreFailure;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What PostgreSQL's error codes (SQLSTATE, appendix A of its manual) mean to the conveyor. */
final class Failures {
    private Failures() {}

    /** The failure to throw for an error before COMMIT was sent. */
    static RuntimeException of(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = String.valueOf(e.getMessage());
        return switch (state) {
            case "40P01", "40001" -> new StoreFailure.Conflict(message, e);
            case "55P03" -> new StoreFailure.LockTimeout(message, e);
            case "23514" ->
                message.contains("position_guard")
                        ? new StoreFailure.GuardViolated(message, e)
                        : new StoreFailure.Unstorable(message, e);
            default -> ofClass(state, message, e);
        };
    }

    private static RuntimeException ofClass(String state, String message, SQLException e) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            // Connection, resources (disk full, too many clients), operator intervention (shutdown, crash), I/O.
            case "08", "53", "57", "58", "nu" ->
                // Whoever waits in vain for a connection of a pool whose database answers is told of no cause.
                new StoreFailure.Unreachable(
                        message, e instanceof SQLTransientConnectionException && e.getCause() == null, e);
            // Data exceptions, integrity constraints and program limits (a key too long to index): somebody's content.
            case "22", "23", "54" -> new StoreFailure.Unstorable(message, e);
            default -> new IllegalStateException("the database refuses a statement: " + message, e);
        };
    }
}
