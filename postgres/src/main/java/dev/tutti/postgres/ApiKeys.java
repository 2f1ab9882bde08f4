package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The keys callers show. Only hashes are kept. */
public final class ApiKeys {
    private final DataSource database;

    public ApiKeys(DataSource database) {
        this.database = database;
    }

    /**
     * @param prefix the part of the key that may be seen
     * @param channels codes the key is limited to; {@code *} among them means all
     * @param nodes codes the key is limited to; {@code *} among them means all
     * @param mostHeld units that whoever has it may hold at a time without an order; 0 if as many as they like
     */
    public record ApiKey(
            int id,
            String prefix,
            String role,
            List<String> channels,
            List<String> nodes,
            int mostHeld,
            String note,
            Instant madeAt,
            String madeBy,
            boolean revoked) {}

    public void insert(
            String prefix,
            byte[] hash,
            String role,
            List<String> channels,
            List<String> nodes,
            int mostHeld,
            String note,
            Audit audit) {
        AuditTrail.noted(
                database,
                audit,
                "create-key",
                prefix,
                "insert into api_key (prefix, hash, role, channels, nodes, most_held, note, made_by) values (?, ?, ?, ?, ?, ?, ?, ?)",
                prefix,
                hash,
                role,
                channels.toArray(String[]::new),
                nodes.toArray(String[]::new),
                mostHeld,
                note,
                audit.actor());
    }

    /** The key with this hash, revoked or not, or null. */
    public @Nullable ApiKey byHash(byte[] hash) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where hash = ?")) {
            select.setBytes(1, hash);
            List<ApiKey> found = keys(select);
            return found.isEmpty() ? null : found.getFirst();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** The key with this number, revoked or not, or null. */
    public @Nullable ApiKey byId(int id) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where id = ?")) {
            select.setInt(1, id);
            List<ApiKey> found = keys(select);
            return found.isEmpty() ? null : found.getFirst();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    public List<ApiKey> all() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " order by id")) {
            return keys(select);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** @return whether there was such a key that was not revoked yet */
    public boolean revoke(String prefix, Audit audit) {
        int revoked = AuditTrail.noted(
                database,
                audit,
                "revoke-key",
                prefix,
                "update api_key set revoked_at = now() where prefix = ? and revoked_at is null",
                prefix);
        return revoked > 0;
    }

    private static final String SELECT =
            "select id, prefix, role, channels, nodes, most_held, note, made_at, made_by, revoked_at is not null from api_key";

    private static List<ApiKey> keys(PreparedStatement select) throws SQLException {
        List<ApiKey> keys = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.add(new ApiKey(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        Arrays.asList((String[]) row.getArray(4).getArray()),
                        Arrays.asList((String[]) row.getArray(5).getArray()),
                        row.getInt(6),
                        row.getString(7),
                        row.getObject(8, OffsetDateTime.class).toInstant(),
                        row.getString(9),
                        row.getBoolean(10)));
            }
        }
        return keys;
    }
}
