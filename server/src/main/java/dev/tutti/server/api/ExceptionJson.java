package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.ExceptionCase;
import dev.tutti.order.Hold;
import dev.tutti.order.Order;
import dev.tutti.order.OrderId;
import dev.tutti.order.Outside;
import dev.tutti.order.ShipGroup;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.json.JsonReader;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;

/** That a person must look at an order, with what they could do about it as it stands now. */
final class ExceptionJson {
    private ExceptionJson() {}

    static void write(JsonGenerator json, Order order, ExceptionCase open) {
        json.writeStartObject();
        json.writeStringProperty("kind", JsonReader.spelling(open.kind()));
        json.writeStringProperty("reason", open.reason());
        json.writeStringProperty("part", open.part().text());
        json.writeStringProperty("since", open.openedAt().toString());
        json.writeStringProperty("lookBy", open.lookBy().toString());
        json.writeStringProperty("owner", open.owner());
        if (!open.also().isEmpty()) {
            json.writeName("also");
            json.writeStartArray();
            for (ExceptionCase.Addition addition : open.also()) {
                json.writeStartObject();
                json.writeStringProperty("kind", JsonReader.spelling(addition.kind()));
                json.writeStringProperty("reason", addition.reason());
                json.writeStringProperty("part", addition.part().text());
                json.writeStringProperty("since", addition.at().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeName("suggestions");
        json.writeStartArray();
        suggestions(json, order);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void suggestions(JsonGenerator json, Order order) {
        for (Hold hold : order.holds().open()) {
            suggestion(
                    json,
                    "holds/" + hold.number() + "/release",
                    "lets go on what is held (" + hold.type() + "): " + hold.reason());
        }
        for (Outside.Effect effect : order.outside().effects()) {
            if (effect.done() == null) {
                suggestion(
                        json,
                        "effects/" + effect.number() + "/answer",
                        effect.destination() + " has not said what became of it: say what it did");
                suggestion(
                        json,
                        "effects/" + effect.number() + "/ask-again",
                        "asks it once more, under the same key, if it can be");
            }
        }
        if (order.owes() != 0 && !order.payments().busy()) {
            String what = order.owes() > 0 ? "owed" : "owed back";
            boolean canAsk = order.owes() < 0 || order.payments().held() > 0;
            if (canAsk) {
                suggestion(
                        json,
                        "settle",
                        "asks the payment provider again for the " + Math.abs(order.owes()) + " " + what);
            }
            suggestion(json, "write-off", "waits no more for what is " + what);
        }
        Instant now = Engine.now();
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            if (work.in(UnitState.RELEASED) > 0 && work.dispatchBy().isBefore(now)) {
                suggestion(
                        json,
                        "fulfilment-orders/" + work.number() + "/reject",
                        "takes what has not been begun from a node that is late; it is sourced elsewhere");
            }
        }
        if (order.flow().pausedUntil() != null) {
            suggestion(json, "resume", "lets it go on before its pause is over");
        }
        OrderId duplicateOf = order.header().duplicateOf();
        if (duplicateOf != null && order.live() > 0) {
            suggestion(json, "cancel", "calls it off, if it is order " + duplicateOf.value() + " sent twice");
        }
        for (ShipGroup group : order.header().shipGroups()) {
            if (group.problem() != null && order.mayCorrectAddress(group.number())) {
                suggestion(
                        json,
                        "ship-groups/" + group.number() + "/address",
                        "corrects where ship group " + group.number() + " goes: "
                                + Spelling.of(group.problem()).replace('-', ' '));
            }
        }
        if (order.in(UnitState.OPEN) + order.in(UnitState.BACKORDERED) > 0) {
            suggestion(json, "cancel", "calls off all that has not left; with `lines`, what no node has alone");
        }
        suggestion(json, "resolve-exception", "says that somebody has looked at it");
    }

    /** @param to what to POST to, behind the order's own address */
    private static void suggestion(JsonGenerator json, String to, String does) {
        json.writeStartObject();
        json.writeStringProperty("post", to);
        json.writeStringProperty("does", does);
        json.writeEndObject();
    }
}
