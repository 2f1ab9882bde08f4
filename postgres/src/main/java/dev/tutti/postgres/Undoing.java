package dev.tutti.postgres;

import dev.tutti.conveyor.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Takes back what was written in the same transaction for commands that were then not admitted. Seldom needed. */
final class Undoing {
    private static final String SHIPMENTS =
            "select gone + 9223372036854775807 + 1 from unnest(?::int8[]) as gone where gone < -4611686018427387904";
    private static final List<String> TABLES = List.of(
            "delete from order_line where order_id = any (?::int8[])",
            "delete from date_promise where order_id = any (?::int8[])",
            "delete from pick_up_slot where order_id = any (?::int8[])",
            "delete from arrival where order_id = any (?::int8[])",
            "delete from fulfilment_line where order_id = any (?::int8[])",
            "delete from fulfilment_order where order_id = any (?::int8[])",
            "delete from journey where order_id = any (?::int8[])",
            "delete from order_journal where order_id = any (?::int8[])",
            "delete from sourcing_record where order_id = any (?::int8[])",
            "delete from contact where order_id = any (?::int8[])",
            "delete from due_work where aggregate_id = any (?::int8[])",
            "delete from promised_unit where order_id = any (?::int8[])",
            "delete from reservation_change where reservation_id in (select -gone from unnest(?::int8[]) as gone)",
            "delete from reservation where id in (select -gone from unnest(?::int8[]) as gone)",
            "delete from inbound_change where shipment_id in (" + SHIPMENTS + ")",
            "delete from inbound_line where shipment_id in (" + SHIPMENTS + ")",
            "delete from inbound_shipment where id in (" + SHIPMENTS + ")",
            "delete from effect where order_id = any (?::int8[])",
            "delete from stock_document where id = any (?::int8[])",
            "delete from orders where id = any (?::int8[])");

    private final Connection connection;

    Undoing(Connection connection) {
        this.connection = connection;
    }

    void undo(List<Key> abandoned, List<Long> takenBack) throws SQLException {
        Rows keys = new Rows("text text");
        abandoned.forEach(key -> keys.add(key.kind().name(), key.text()));
        keys.run(connection, """
                delete from claimed_key k
                using unnest(?::text[], ?::text[]) as gone (kind, key)
                where k.kind = gone.kind and k.key = gone.key
                """);
        if (takenBack.isEmpty()) {
            return;
        }
        for (String delete : TABLES) {
            try (PreparedStatement statement = connection.prepareStatement(delete)) {
                statement.setArray(1, connection.createArrayOf("int8", takenBack.toArray(Long[]::new)));
                statement.executeUpdate();
            }
        }
    }
}
