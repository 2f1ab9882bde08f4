package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** What the hub signs with, for each of those it sends to: the two newest, so that one can be replaced. */
public final class Secrets {
    private final DataSource database;

    Secrets(DataSource database) {
        this.database = database;
    }

    /** Whom something is sent to. */
    public enum Receiver {
        SUBSCRIPTION,
        DESTINATION;

        /** The table they are in, and what they are called there. */
        String table() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The newest first. */
    public List<String> of(Receiver receiver, String code) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select array(select secret from signing_secret
                                     where receiver = ? and code = ?
                                     order by number desc limit 2)
                        """)) {
            select.setString(1, receiver.table());
            select.setString(2, code);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return List.of((String[]) row.getArray(1).getArray());
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Makes a secret the newest; that before it is still used, older ones are gone. False if there is no such receiver. */
    public boolean add(Receiver receiver, String code, String secret, Audit audit) {
        int added = AuditTrail.noted(
                database,
                audit,
                "add-secret",
                code,
                "insert into signing_secret (receiver, code, secret) select ?, r.code, ? from " + receiver.table()
                        + " r where r.code = ?",
                receiver.table(),
                secret,
                code);
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement("""
                        delete from signing_secret s
                        where s.receiver = ? and s.code = ? and s.number < (
                            select min(newest.number)
                            from (select number from signing_secret t where t.receiver = s.receiver and t.code = s.code
                                  order by number desc limit 2) newest)
                        """)) {
            delete.setString(1, receiver.table());
            delete.setString(2, code);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
        return added == 1;
    }
}
