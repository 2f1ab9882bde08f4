package dev.tutti.postgres;

import dev.tutti.order.Order;
import dev.tutti.order.OrderEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Orders as their events make them. */
final class Histories {
    private final EventJson json;

    Histories(EventJson json) {
        this.json = json;
    }

    Map<Long, Order> load(Connection connection, Collection<Long> ids) throws SQLException {
        return load(connection, ids, Integer.MAX_VALUE);
    }

    /** @param commands how many of each order's commands to follow, from its placing on */
    Map<Long, Order> load(Connection connection, Collection<Long> ids, int commands) throws SQLException {
        Map<Long, Order> orders = new TreeMap<>();
        Map<Long, Integer> followed = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select order_id, events
                from order_journal
                where order_id = any (?::int8[])
                order by order_id, version_to
                """)) {
            select.setArray(1, connection.createArrayOf("int8", ids.toArray(Long[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long id = row.getLong(1);
                    if (followed.merge(id, 1, Integer::sum) <= commands) {
                        orders.put(id, after(orders.get(id), row.getString(2)));
                    }
                }
            }
        }
        return orders;
    }

    private Order after(@Nullable Order before, String events) {
        Order order = before;
        for (OrderEvent event : json.read(events)) {
            order = Order.apply(order, event);
        }
        if (order == null) {
            throw new IllegalStateException("a journal row without an event");
        }
        return order;
    }
}
