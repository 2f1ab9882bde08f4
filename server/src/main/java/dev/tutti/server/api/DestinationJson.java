package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.Destination.Ability;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.JsonReader;
import java.net.URI;
import tools.jackson.core.JsonGenerator;

/** A service outside, on the wire. */
final class DestinationJson {
    private DestinationJson() {}

    static Destination read(JsonReader in) {
        in.object();
        String code = null;
        String url = null;
        Ability ability = null;
        int timeout = 10;
        int atOnce = 8;
        int attempts = 20;
        boolean inside = false;
        boolean contacts = false;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "url" -> url = url(in, in.nonEmptyText(1_000));
                case "ability" -> ability = in.oneOf(Ability.values());
                case "timeoutSeconds" -> timeout = in.integer(1, 300);
                case "atOnce" -> atOnce = in.integer(1, 500);
                case "mostAttempts" -> attempts = in.integer(1, 1_000);
                case "inside" -> inside = in.bool();
                case "contacts" -> contacts = in.bool();
                default -> throw in.unknownField();
            }
        }
        if (ability == Ability.LOOK_UP && url != null && url.contains("?")) {
            throw BadJson.invalidAt(
                    in.path().isEmpty() ? "url" : in.path() + ".url",
                    "what is looked up has its key at the end of the address: it has no query");
        }
        return new Destination(
                in.required(code, "code"),
                in.required(url, "url"),
                in.required(ability, "ability"),
                timeout,
                atOnce,
                attempts,
                inside,
                contacts);
    }

    /** An address that can be called, as it was just read. */
    static String url(JsonReader in, String text) {
        try {
            URI uri = URI.create(text);
            boolean good = uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && uri.getPort() <= 65_535;
            if (!good) {
                throw in.invalid("an address begins with http:// or https:// and has a host, and no password");
            }
            return text.replaceFirst("/+$", "");
        } catch (IllegalArgumentException e) {
            throw in.invalid("this is no address");
        }
    }

    static void write(JsonGenerator json, Destination destination) {
        json.writeStartObject();
        fields(json, destination);
        json.writeEndObject();
    }

    static void fields(JsonGenerator json, Destination destination) {
        json.writeStringProperty("code", destination.code());
        json.writeStringProperty("url", destination.url());
        json.writeStringProperty("ability", Spelling.of(destination.ability()));
        json.writeNumberProperty("timeoutSeconds", destination.timeoutSeconds());
        json.writeNumberProperty("atOnce", destination.atOnce());
        json.writeNumberProperty("mostAttempts", destination.mostAttempts());
        json.writeBooleanProperty("inside", destination.inside());
        json.writeBooleanProperty("contacts", destination.contacts());
    }
}
