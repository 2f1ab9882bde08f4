package dev.tutti.server.effects;

import dev.tutti.decision.Spelling;
import dev.tutti.order.Contact;
import dev.tutti.order.Order;
import dev.tutti.order.Outside;
import dev.tutti.payment.Transaction;
import dev.tutti.postgres.EffectQueue;
import dev.tutti.postgres.EffectQueue.Due;
import dev.tutti.server.json.Json;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What a service is asked: the body of the request. */
final class Question {
    private final EffectQueue queue;
    private final OrderOnWire onWire;

    Question(EffectQueue queue, OrderOnWire onWire) {
        this.queue = queue;
        this.onWire = onWire;
    }

    /** @param contacts who receives the order, as far as the service is told */
    byte[] body(Due effect, Order order, Outside.Effect asked, List<Contact> contacts) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("key", effect.key());
            json.writeNumberProperty("effect", effect.number());
            json.writeStringProperty("step", asked.step());
            json.writeStringProperty("answerAt", AnswerAddress.of(effect));
            Transaction money = asked.money();
            if (money != null) {
                payment(json, effect, order, money);
            }
            if (!contacts.isEmpty()) {
                json.writeName("contacts");
                json.writeStartArray();
                contacts.forEach(contact -> write(json, contact));
                json.writeEndArray();
            }
            json.writeName("order");
            onWire.write(json, order);
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Contact contact) {
        json.writeStartObject();
        json.writeNumberProperty("shipGroup", contact.shipGroup());
        json.writeStringProperty("name", contact.name());
        json.writeName("street");
        json.writeStartArray();
        contact.street().forEach(json::writeString);
        json.writeEndArray();
        json.writeStringProperty("city", contact.city());
        json.writeStringProperty("region", contact.region());
        json.writeStringProperty("postcode", contact.postcode());
        json.writeStringProperty("country", contact.country());
        json.writeStringProperty("email", contact.email());
        json.writeStringProperty("phone", contact.phone());
        json.writeEndObject();
    }

    private void payment(JsonGenerator json, Due effect, Order order, Transaction money) {
        json.writeName("payment");
        json.writeStartObject();
        json.writeStringProperty("do", Spelling.of(money.kind()));
        json.writeNumberProperty("amount", money.amount());
        json.writeStringProperty("currency", order.header().currency().getCurrencyCode());
        json.writeStringProperty("payment", queue.key(effect.order(), money.payment()));
        json.writeEndObject();
    }
}
