package dev.tutti.postgres;

import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What is on its way. */
public final class InboundReads {
    private final DataSource database;

    public InboundReads(DataSource database) {
        this.database = database;
    }

    public @Nullable InboundShipment shipment(ShipmentId id) {
        List<InboundShipment> found =
                shipments("select ?::int8", (connection, select) -> select.setLong(1, id.value()));
        return found.isEmpty() ? null : found.getFirst();
    }

    /** By what its sender calls it. */
    public @Nullable InboundShipment shipment(String reference) {
        List<InboundShipment> found = shipments(
                "select owner_id from claimed_key where kind = 'SHIPMENT' and key = ?",
                (connection, select) -> select.setString(1, reference));
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * Those of which some units of an item are still to come, the soonest first.
     *
     * @param nodes where they are expected; null for all
     */
    public List<InboundShipment> expected(int item, @Nullable List<Integer> nodes, int limit) {
        Integer @Nullable [] numbers = nodes == null ? null : nodes.toArray(Integer[]::new);
        return shipments("""
                select shipment_id
                from inbound_line
                where item_id = ? and received < quantity and not ended and (?::int[] is null or node_id = any (?))
                group by shipment_id
                order by min(due), shipment_id
                limit ?
                """, (connection, select) -> {
            select.setInt(1, item);
            select.setArray(2, numbers == null ? null : connection.createArrayOf("int4", numbers));
            select.setArray(3, numbers == null ? null : connection.createArrayOf("int4", numbers));
            select.setInt(4, limit);
        });
    }

    /** Sets the parameters of a query. */
    private interface Parameters {
        void set(Connection connection, PreparedStatement select) throws SQLException;
    }

    private List<InboundShipment> shipments(String ids, Parameters parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ids)) {
            parameters.set(connection, select);
            List<Long> aggregates = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long number = row.getLong(1);
                    aggregates.add(ShipmentId.isShipment(number) ? number : new ShipmentId(number).aggregate());
                }
            }
            return aggregates.isEmpty() ? List.of() : inOrder(aggregates, InboundRows.load(connection, aggregates));
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static List<InboundShipment> inOrder(List<Long> aggregates, java.util.Map<Long, InboundShipment> loaded) {
        List<InboundShipment> shipments = new ArrayList<>();
        for (long aggregate : aggregates) {
            InboundShipment shipment = loaded.get(aggregate);
            if (shipment != null) {
                shipments.add(shipment);
            }
        }
        return shipments;
    }
}
