package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.network.GeoPoint;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderCommand;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.Routes;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;

/** Corrects where a ship group goes. */
final class AddressEndpoint {
    private final Engine engine;
    private final Desk desk;

    AddressEndpoint(Engine engine) {
        this.engine = engine;
        this.desk = new Desk(engine);
    }

    void register(Routes routes) {
        routes.add("POST", "/v1/orders/{id}/ship-groups/{number}/address", "orders.correct-address", this::correct);
    }

    private void correct(Call call) throws IOException {
        long id = call.number(0, RefusalCode.UNKNOWN_ORDER);
        long group = call.number(1, RefusalCode.NOT_EXPECTED_NOW);
        Address address = null;
        GeoPoint location = null;
        String reason = null;
        try (JsonReader in = call.jsonOrEmpty()) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "address" -> address = Address.read(in);
                    case "location" -> location = in.isNull() ? null : Wire.location(in);
                    case "reason" -> reason = in.nonEmptyText(500);
                    default -> throw in.unknownField();
                }
            }
            in.required(address, "address");
            in.required(reason, "reason");
            in.end();
        }
        new Sight(engine, call.caller().scope()).requireOrder(id);
        if (address != null && reason != null) {
            Contact contact = address.contact((int) Math.min(group, Integer.MAX_VALUE));
            desk.change(call, id, new OrderCommand.CorrectAddress(contact, location), reason);
        }
    }
}
