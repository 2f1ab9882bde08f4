package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Who did what that no order, no stock document and no version of the configuration tells. */
public final class AuditTrail {
    private final DataSource database;

    public AuditTrail(DataSource database) {
        this.database = database;
    }

    /** One act: who, what, when, from where, why. */
    public record Entry(long id, Instant at, String actor, String origin, String reason, String act, String subject) {}

    /** The newest first, older than an entry. */
    public List<Entry> before(long id, int limit) {
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select id, at, actor, origin, reason, act, subject
                        from audit_entry
                        where id < ?
                        order by id desc
                        limit ?
                        """)) {
            select.setLong(1, id);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(
                            row.getLong(1),
                            row.getObject(2, OffsetDateTime.class).toInstant(),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7)));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Does something and notes it, both or neither: nothing is noted of what changed no row.
     *
     * @param change a statement that changes rows, with as many question marks as there are values
     * @return how many rows it changed
     */
    static int noted(DataSource database, Audit audit, String act, String subject, String change, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        with changed as (%s returning 1), noted as (
                            insert into audit_entry (actor, origin, reason, act, subject)
                            select ?, ?, ?, ?, ? where exists (select from changed)
                        )
                        select count(*) from changed
                        """.formatted(change))) {
            int at = 0;
            for (Object value : values) {
                statement.setObject(
                        ++at, value instanceof String[] texts ? connection.createArrayOf("text", texts) : value);
            }
            for (String text : List.of(audit.actor(), audit.origin(), audit.reason(), act, subject)) {
                statement.setString(++at, text);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
