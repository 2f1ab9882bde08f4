package dev.tutti.postgres;

import dev.tutti.postgres.Reads.FeedCursor;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes orders findable: keeps {@code order_search}, which follows the orders' journal a moment behind and outside of
 * their transactions.
 */
public final class SearchFollower {
    private final DataSource database;
    private final Reads reads;

    SearchFollower(DataSource database, Reads reads) {
        this.database = database;
        this.reads = reads;
    }

    /**
     * Takes in what has happened to orders since the last time, if no other server is doing so.
     *
     * @return how many commands were looked at; less than asked for means that all is there
     */
    public int follow(int limit) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                FeedCursor cursor = cursor(connection);
                if (cursor == null) {
                    return 0;
                }
                List<Reads.FeedStep> steps = reads.feedSteps(cursor, limit);
                if (!steps.isEmpty()) {
                    takeIn(connection, orders(connection, steps, Reads.FeedStep::isFirst));
                    takeChanges(connection, orders(connection, steps, step -> !step.isFirst()));
                    takeCorrections(
                            connection,
                            orders(connection, steps, step -> step.command().equals("correct-address")));
                    moveOn(connection, steps.getLast().cursor());
                }
                connection.commit();
                return steps.size();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Array orders(Connection connection, List<Reads.FeedStep> steps, Predicate<Reads.FeedStep> some)
            throws SQLException {
        return connection.createArrayOf(
                "int8",
                steps.stream()
                        .filter(some)
                        .map(step -> step.cursor().order())
                        .distinct()
                        .toArray());
    }

    private static @Nullable FeedCursor cursor(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select transaction_id, order_id, version from order_search_progress for update skip locked");
                ResultSet row = select.executeQuery()) {
            return row.next() ? new FeedCursor(row.getLong(1), row.getLong(2), row.getInt(3)) : null;
        }
    }

    private static void takeIn(Connection connection, Array orders) throws SQLException {
        run(connection, orders, """
                with found as (
                    insert into order_search (order_id, channel_id, placed_at, external_id, customer, total, items, nodes,
                                              words)
                    select o.id, o.channel_id, o.placed_at, o.external_id, o.customer, o.total,
                           array(select l.item_id from order_line l where l.order_id = o.id
                                 union
                                 select l.kit_id from order_line l where l.order_id = o.id and l.kit_id is not null),
                           array(select distinct f.node_id from fulfilment_order f where f.order_id = o.id order by 1),
                           array(
                               select unnest(words_of(concat_ws(' ', o.external_id, o.customer)))
                               union
                               select unnest(words_of(concat_ws(' ', c.name, c.email,
                                   regexp_replace(c.phone, '[^0-9]', '', 'g'), c.city, c.postcode)))
                               from contact c
                               where c.order_id = o.id
                               union
                               select unnest(i.words)
                               from order_line l
                               join item i on i.id in (l.item_id, l.kit_id)
                               where l.order_id = o.id)
                    from orders o
                    where o.id = any (?::int8[])
                    on conflict do nothing
                    returning words
                )
                insert into search_word (word)
                select words_to_learn(array(select unnest(words) from found))
                on conflict do nothing
                """);
    }

    /** What else may change later. */
    private static void takeChanges(Connection connection, Array orders) throws SQLException {
        run(connection, orders, """
                update order_search s
                set nodes = now.nodes, total = now.total
                from (
                    select o.id, o.total,
                           array(select distinct f.node_id from fulfilment_order f where f.order_id = o.id order by 1) as nodes
                    from orders o
                    where o.id = any (?::int8[])
                ) now
                where s.order_id = now.id and (s.nodes, s.total) <> (now.nodes, now.total)
                """);
    }

    /** A corrected address is found by its new words, and by the old ones too. */
    private static void takeCorrections(Connection connection, Array orders) throws SQLException {
        run(connection, orders, """
                with found as (
                    update order_search s
                    set words = array(
                        select unnest(s.words)
                        union
                        select unnest(words_of(concat_ws(' ', c.name, c.email,
                            regexp_replace(c.phone, '[^0-9]', '', 'g'), c.city, c.postcode)))
                        from contact c
                        where c.order_id = s.order_id)
                    where s.order_id = any (?::int8[])
                    returning words
                )
                insert into search_word (word)
                select words_to_learn(array(select unnest(words) from found))
                on conflict do nothing
                """);
    }

    private static void run(Connection connection, Array orders, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, orders);
            statement.executeUpdate();
        }
    }

    private static void moveOn(Connection connection, FeedCursor cursor) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update order_search_progress set transaction_id = ?, order_id = ?, version = ?")) {
            update.setLong(1, cursor.transaction());
            update.setLong(2, cursor.order());
            update.setInt(3, cursor.version());
            update.executeUpdate();
        }
    }
}
