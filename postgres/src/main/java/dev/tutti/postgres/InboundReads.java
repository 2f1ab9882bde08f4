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
        List<InboundShipment> found = shipments("select ?::int8", id.value());
        return found.isEmpty() ? null : found.getFirst();
    }

    /** By what its sender calls it. */
    public @Nullable InboundShipment shipment(String reference) {
        List<InboundShipment> found =
                shipments("select owner_id from claimed_key where kind = 'SHIPMENT' and key = ?", reference);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Those of which some units of an item are still to come, the soonest first. */
    public List<InboundShipment> expected(int item, int limit) {
        return shipments(
                "select shipment_id from inbound_line where item_id = ? and received < quantity group by shipment_id "
                        + "order by min(due), shipment_id limit " + limit,
                item);
    }

    private List<InboundShipment> shipments(String ids, Object parameter) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ids)) {
            select.setObject(1, parameter);
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
