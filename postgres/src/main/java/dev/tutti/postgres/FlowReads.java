package dev.tutti.postgres;

import dev.tutti.order.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Which orders, or parts of orders, are where in a flow. */
public final class FlowReads {
    private final DataSource database;
    private final Histories histories = new Histories(new EventJson());

    FlowReads(DataSource database) {
        this.database = database;
    }

    /**
     * What waits at a step.
     *
     * @param orders or their parts
     * @param oldest since when the one waits that has waited longest
     * @param median how long half of them have waited at most
     * @param exceptions how many of them a person must look at
     */
    public record Waiting(int version, String step, long orders, Instant oldest, Duration median, long exceptions) {}

    /** All that are under way in a flow, by version and step. */
    public List<Waiting> waiting(String flow) {
        List<Waiting> waiting = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select version, step, count(*), min(entered_at),
                               extract(epoch from now())
                               - percentile_cont(0.5) within group (order by extract(epoch from entered_at)),
                               count(exception)
                        from (select flow_version as version, step, step_entered_at as entered_at, exception
                              from orders
                              where flow = ? and not closed
                              union all
                              select j.version, j.step, j.entered_at, o.exception
                              from journey j
                              join orders o on o.id = j.order_id
                              where j.flow = ?) at
                        group by version, step
                        order by version, step
                        """)) {
            select.setString(1, flow);
            select.setString(2, flow);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Waiting(
                            row.getInt(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            Duration.ofSeconds(Math.max(0, row.getLong(5))),
                            row.getLong(6)));
                }
            }
            return waiting;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Orders under way in a version of a flow, themselves or with a part, by their numbers, after one. */
    public List<Order> orders(String flow, int version, long after, int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        (select id from orders
                         where flow = ? and flow_version = ? and not closed and id > ?
                         order by id
                         limit ?)
                        union
                        (select distinct order_id from journey
                         where flow = ? and version = ? and order_id > ?
                         order by order_id
                         limit ?)
                        order by id
                        limit ?
                        """)) {
            for (int half = 0; half < 2; half++) {
                select.setString(half * 4 + 1, flow);
                select.setInt(half * 4 + 2, version);
                select.setLong(half * 4 + 3, after);
                select.setInt(half * 4 + 4, limit);
            }
            select.setInt(9, limit);
            List<Long> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return List.copyOf(histories.load(connection, ids).values());
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
