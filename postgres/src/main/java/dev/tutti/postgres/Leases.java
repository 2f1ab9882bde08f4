package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Who does what one server alone should do: for a while, and longer if they say so in time. */
public final class Leases {
    private final DataSource database;

    Leases(DataSource database) {
        this.database = database;
    }

    /**
     * Takes something in hand, or keeps it.
     *
     * @param holder who takes it; the same each time
     * @return false if somebody else has it
     */
    public boolean take(String name, String holder, Duration lease) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        insert into lease (name, holder, until)
                        values (?, ?, now() + ? * interval '1 millisecond')
                        on conflict (name) do update set holder = excluded.holder, until = excluded.until
                        where lease.holder = excluded.holder or lease.until < now()
                        """)) {
            insert.setString(1, name);
            insert.setString(2, holder);
            insert.setLong(3, lease.toMillis());
            return insert.executeUpdate() > 0;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
