package dev.tutti.benchmarks;

import dev.tutti.network.GeoPoint;
import dev.tutti.order.OrderDraft;

/** Orders as a channel sends them. */
final class Bodies {
    private Bodies() {}

    static String json(OrderDraft draft, String channel) {
        StringBuilder json = new StringBuilder(512);
        json.append("{\"channel\":\"")
                .append(channel)
                .append("\",\"externalId\":\"")
                .append(draft.externalId());
        json.append("\",\"customer\":\"").append(draft.customer()).append("\",\"currency\":\"USD\"");
        GeoPoint to = draft.shipGroups().getFirst().destination();
        json.append(",\"shipTo\":{\"name\":\"A Buyer\",\"street\":[\"1 Main St\"],");
        json.append("\"city\":\"Springfield\",\"postcode\":\"10001\",\"country\":\"US\"");
        if (to != null) {
            json.append(",\"location\":{\"latitude\":").append(to.latitude());
            json.append(",\"longitude\":").append(to.longitude()).append('}');
        }
        json.append("},\"lines\":[");
        for (int i = 0; i < draft.lines().size(); i++) {
            OrderDraft.Line line = draft.lines().get(i);
            json.append(i == 0 ? "" : ",").append("{\"sku\":\"SKU-").append(line.item());
            json.append("\",\"quantity\":").append(line.quantity());
            json.append(",\"unitPrice\":").append(line.unitPrice()).append('}');
        }
        return json.append("],\"shipping\":")
                .append(draft.shipping())
                .append('}')
                .toString();
    }
}
