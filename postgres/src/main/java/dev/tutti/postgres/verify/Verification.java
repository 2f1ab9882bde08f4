package dev.tutti.postgres.verify;

import dev.tutti.decision.Spelling;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Puts all invariants to a database, all in one snapshot of it. */
public final class Verification {
    private static final int SHOWN = 10;

    private final DataSource database;

    public Verification(DataSource database) {
        this.database = database;
    }

    /**
     * What became of one invariant.
     *
     * @param violations the first few, each naming the order or the position
     * @param count how many there are in all
     */
    public record Finding(int number, String name, String sentence, List<String> violations, long count) {
        public boolean holds() {
            return count == 0;
        }
    }

    /**
     * @param acknowledged numbers of orders that callers were told exist (invariant 14)
     * @param each is told each finding as soon as it is there
     * @return whether all invariants hold
     */
    public boolean run(List<Long> acknowledged, Consumer<Finding> each) {
        boolean all = true;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read read only");
            }
            List<Finding> findings = new ArrayList<>();
            for (Invariant invariant : Invariant.values()) {
                Finding finding = query(connection, invariant);
                findings.add(finding);
                each.accept(finding);
            }
            for (Finding finding : new Replay(connection).findings(acknowledged)) {
                findings.add(finding);
                each.accept(finding);
            }
            for (Finding finding : findings) {
                all &= finding.holds();
            }
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException("the invariants could not be put to the database", e);
        }
        return all;
    }

    private static Finding query(Connection connection, Invariant invariant) throws SQLException {
        Violations violations = new Violations();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            try (ResultSet row = statement.executeQuery(invariant.violations)) {
                while (row.next()) {
                    violations.add(row.getString(1));
                }
            }
        }
        return violations.finding(invariant.number, Spelling.of(invariant), invariant.sentence);
    }

    /** Counts all and keeps a few. */
    static final class Violations {
        private final List<String> first = new ArrayList<>();
        private long count;

        void add(String violation) {
            if (count++ < SHOWN) {
                first.add(violation);
            }
        }

        Finding finding(int number, String name, String sentence) {
            return new Finding(number, name, sentence, List.copyOf(first), count);
        }
    }
}
