package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Numbers for orders, stock documents and batches: taken from the database in blocks, each handed out once. */
public final class Ids {
    private static final int BLOCK = 1000;

    private final DataSource database;
    private long next;
    private long end;

    public Ids(DataSource database) {
        this.database = database;
    }

    public synchronized long next() {
        if (next == end) {
            next = takeBlock();
            end = next + BLOCK;
        }
        return next++;
    }

    private long takeBlock() {
        try (Connection connection = database.getConnection();
                PreparedStatement take = connection.prepareStatement("select take_ids()");
                ResultSet first = take.executeQuery()) {
            first.next();
            return first.getLong(1);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
