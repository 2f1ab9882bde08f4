package dev.tutti.server;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Configurations that several tests begin with. */
final class Configured {
    private Configured() {}

    /** A channel whose orders are paid for at a provider. */
    static ObjectNode paid(String flows, String channel, String provider) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        JsonNode read = new YAMLMapper().readTree(flows);
        ArrayNode all = document.putArray("flows");
        read.path("flows").forEach(all::add);
        document.putArray("destinations")
                .addObject()
                .put("code", "payments")
                .put("url", provider)
                .put("ability", "keyed")
                .put("timeoutSeconds", 2)
                .put("inside", true);
        document.putArray("channels")
                .addObject()
                .put("code", channel)
                .put("currency", "EUR")
                .put("flow", "paid");
        return document.put("reason", "a test");
    }

    /** And somebody, {@code all}, who is told everything. */
    static String paid(String flows, String channel, String provider, String receiver) {
        ObjectNode document = paid(flows, channel, provider);
        document.putArray("subscriptions")
                .addObject()
                .put("code", "all")
                .put("url", receiver)
                .put("inside", true);
        return document.toString();
    }

    /** Takes a configuration as it stands in a file. */
    static void apply(TestHub hub, String yaml) {
        Http.Reply reply = ask(hub, yaml);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.text());
        }
    }

    /** What is said of a configuration that is not taken. */
    static String refused(TestHub hub, String yaml) {
        Http.Reply reply = ask(hub, yaml);
        if (reply.status() == 200) {
            throw new IllegalStateException("it was taken: " + yaml);
        }
        return reply.text();
    }

    private static Http.Reply ask(TestHub hub, String yaml) {
        ObjectNode document = (ObjectNode) new YAMLMapper().readTree(yaml);
        return hub.admin()
                .json(
                        "POST",
                        "/v1/configuration/apply",
                        document.put("reason", "a test").toString());
    }
}
