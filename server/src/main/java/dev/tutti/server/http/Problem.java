package dev.tutti.server.http;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Json;
import tools.jackson.core.JsonGenerator;

/**
 * What went wrong, for programs and for people (RFC 9457).
 *
 * @param status of HTTP
 * @param code stable
 * @param detail one sentence
 * @param path where in the input; empty if it is about the whole
 */
public record Problem(int status, String code, String detail, String path) {
    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, "");
    }

    public static Problem of(Refusal refusal) {
        return new Problem(status(refusal.code()), refusal.code().code(), refusal.detail(), refusal.path());
    }

    public static Problem of(BadJson bad) {
        return new Problem(status(bad.kind()), bad.kind().code(), bad.detail(), bad.path());
    }

    public static int status(BadJson.Kind kind) {
        return switch (kind) {
            case MALFORMED_JSON -> 400;
            case UNKNOWN_FIELD, DUPLICATE_FIELD, MISSING_FIELD, INVALID_FIELD -> 422;
        };
    }

    public static int status(RefusalCode code) {
        return switch (code) {
            case UNKNOWN_ORDER, UNKNOWN_RESERVATION, UNKNOWN_SHIPMENT, UNKNOWN_FULFILMENT_ORDER, UNKNOWN_RETURN -> 404;
            case INSUFFICIENT_SUPPLY,
                    INSUFFICIENT_CAPACITY,
                    UNITS_NOT_IN_STATE,
                    NOT_EXPECTED_NOW,
                    TOO_MUCH_HELD,
                    KEY_REUSED -> 409;
            case STALE_VERSION -> 412;
            case INVALID_FIELD,
                    UNKNOWN_ITEM,
                    UNKNOWN_NODE,
                    UNKNOWN_CHANNEL,
                    UNKNOWN_LINE,
                    UNKNOWN_FLOW,
                    ITEM_NOT_OFFERED,
                    CURRENCY_MISMATCH,
                    AMOUNTS_DISAGREE,
                    NOT_STORABLE -> 422;
            case DECISION_FAILED -> 500;
            case OVERLOADED -> 503;
        };
    }

    /** The same somewhere else. */
    public Problem at(String elsewhere) {
        return new Problem(status, code, detail, elsewhere);
    }

    /** The code in words. */
    public String title() {
        return Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('-', ' ');
    }

    public byte[] bytes() {
        return Json.bytes(this::write);
    }

    public void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("type", "/problems/" + code);
        json.writeStringProperty("title", title());
        json.writeNumberProperty("status", status);
        json.writeStringProperty("code", code);
        json.writeStringProperty("detail", detail);
        if (!path.isEmpty()) {
            json.writeStringProperty("path", path);
        }
        json.writeEndObject();
    }
}
