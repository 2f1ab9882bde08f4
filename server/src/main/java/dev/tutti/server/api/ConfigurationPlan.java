package dev.tutti.server.api;

import dev.tutti.flow.Flow;
import dev.tutti.flow.Flows;
import dev.tutti.inventory.Item;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.RingFence;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.MasterData.Snapshot;
import dev.tutti.postgres.MasterData.StoredFlow;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.events.KafkaTopic;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.server.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a document would change, compared with one version: what is new, what differs and how, what no word is said of,
 * and what follows.
 */
final class ConfigurationPlan {
    static final int SOME_CODES = 10;
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_DETAILS = 300;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /**
     * One that is new or would change.
     *
     * @param fields in which it differs; none if it is new
     */
    private record Entry(String kind, String code, boolean isNew, List<Difference> fields) {
        String words() {
            String what = kind + " " + code;
            return isNew
                    ? what
                    : what + ": "
                            + String.join(
                                    "; ", fields.stream().map(Difference::words).toList());
        }

        void write(JsonGenerator json) {
            json.writeStartObject();
            json.writeStringProperty("kind", kind);
            json.writeStringProperty("code", code);
            json.writeStringProperty("change", isNew ? "new" : "changed");
            json.writeName("fields");
            json.writeStartArray();
            for (Difference field : fields) {
                json.writeStartObject();
                json.writeStringProperty("path", field.path());
                json.writeName("before");
                MAPPER.writeTree(json, field.before());
                json.writeName("after");
                MAPPER.writeTree(json, field.after());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("words", words());
            json.writeEndObject();
        }
    }

    /** How many of a kind are what. */
    private static final class Tally {
        int made;
        int changed;
        int same;
        long leftAlone;
        List<String> someLeftAlone = List.of();
    }

    private final long against;
    private final List<Entry> listed = new ArrayList<>();
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final List<String> follows;
    private final Flows known;
    private final List<Flow> flows;
    private final List<Destination> destinations;
    private final List<Subscription> subscriptions;
    private final List<Node> nodes;
    private final List<Channel> channels;
    private final List<RingFence> ringFences;
    private final List<CarrierService> services;
    private final List<Item> items;

    private ConfigurationPlan(ConfigurationDocument document, Snapshot now, Flows known, MasterData data) {
        this.against = now.version();
        Network network = now.network();
        this.known = known;
        this.flows = differing("flow", document.flows(), known.newest(), Flow::name, FlowJson::write);
        this.destinations = differing(
                "destination", document.destinations(), now.destinations(), Destination::code, DestinationJson::write);
        this.subscriptions = differing(
                "subscription",
                document.subscriptions(),
                now.subscriptions(),
                Subscription::code,
                SubscriptionJson::write);
        this.nodes = differing("node", document.nodes(), network.nodes(), Node::code, NodeJson::write);
        this.channels =
                differing("channel", document.channels(), network.channels(), Channel::code, ChannelJson::write);
        this.ringFences = differing(
                "ring-fence", document.ringFences(), network.ringFences(), RingFence::code, RingFenceJson::write);
        this.services = differing(
                "carrier-service",
                document.services(),
                network.services(),
                CarrierService::code,
                CarrierServiceJson::write);
        this.items = differing("item", document.items(), now.items(), Item::sku, ItemJson::write);
        Tally items = tally("item");
        items.leftAlone = now.otherItems();
        items.someLeftAlone = now.someOthers();
        List<String> words = new Consequences(network, nodes, channels, services).inWords(data::openWork);
        this.follows = new ArrayList<>(flows.stream().map(this::follows).toList());
        subscriptions.forEach(subscription -> follows.add(follows(subscription, data)));
        follows.addAll(words);
    }

    static ConfigurationPlan of(ConfigurationDocument document, Catalogue catalogue, MasterData data) {
        Snapshot now = data.snapshot(document.items().stream().map(Item::sku).toList(), SOME_CODES);
        return new ConfigurationPlan(document, now, catalogue.flows(now.flows()), data);
    }

    private String follows(Flow flow) {
        int version = nextVersion(flow);
        return version == 1
                ? "flow " + flow.name() + " is taken by orders of the channels that name it"
                : "new orders take version " + version + " of flow " + flow.name()
                        + "; those under way keep the one they began with";
    }

    private static String follows(Subscription subscription, MasterData data) {
        boolean signed = !KafkaTopic.isMeant(subscription.url());
        return data.subscriptions().stream().anyMatch(one -> one.code().equals(subscription.code()))
                ? "subscription " + subscription.code() + " goes on from where it is"
                : "subscription " + subscription.code() + " is told of what happens from now on"
                        + (signed
                                ? ", once it has a secret: POST /v1/subscriptions/" + subscription.code() + "/secrets"
                                : "");
    }

    private int nextVersion(Flow flow) {
        Flow newest = known.newest(flow.name());
        return newest == null ? 1 : newest.version() + 1;
    }

    private StoredFlow next(Flow flow) {
        return FlowJson.toStore(new Flow(flow.name(), nextVersion(flow), flow.kind(), flow.steps()));
    }

    private Tally tally(String kind) {
        return tallies.computeIfAbsent(kind, k -> new Tally());
    }

    private <T> List<T> differing(
            String kind, List<T> wanted, List<T> known, Function<T, String> code, BiConsumer<JsonGenerator, T> write) {
        Map<String, T> others = new HashMap<>();
        known.forEach(thing -> others.put(code.apply(thing), thing));
        Tally tally = tally(kind);
        List<T> differing = new ArrayList<>();
        int room = listed.size() + MOST_LISTED;
        for (T thing : wanted) {
            T before = others.remove(code.apply(thing));
            List<Difference> fields = before == null ? List.of() : differences(before, thing, write);
            if (before != null && fields.isEmpty()) {
                tally.same++;
                continue;
            }
            differing.add(thing);
            if (before == null) {
                tally.made++;
            } else {
                tally.changed++;
            }
            if (listed.size() < room) {
                listed.add(new Entry(kind, code.apply(thing), before == null, fields));
            }
        }
        tally.leftAlone = others.size();
        tally.someLeftAlone =
                others.keySet().stream().sorted().limit(SOME_CODES).toList();
        return differing;
    }

    private static <T> List<Difference> differences(T before, T after, BiConsumer<JsonGenerator, T> write) {
        byte[] old = Json.bytes(json -> write.accept(json, before));
        byte[] young = Json.bytes(json -> write.accept(json, after));
        return Arrays.equals(old, young) ? List.of() : Difference.between(MAPPER.readTree(old), MAPPER.readTree(young));
    }

    long against() {
        return against;
    }

    private int size() {
        return flows.size()
                + destinations.size()
                + subscriptions.size()
                + nodes.size()
                + channels.size()
                + ringFences.size()
                + services.size()
                + items.size();
    }

    boolean isNothing() {
        return size() == 0;
    }

    /** For {@link MasterData#apply}: only what differs, and only while this is still the newest version. */
    MasterData.Change change(String author) {
        return new MasterData.Change(
                flows.stream().map(this::next).toList(),
                destinations,
                subscriptions,
                nodes,
                channels,
                ringFences,
                services,
                items,
                against,
                author,
                details());
    }

    private String details() {
        List<String> lines = new ArrayList<>(listed.stream()
                .limit(MOST_DETAILS)
                .map(entry -> entry.isNew() ? entry.words() + " is new" : entry.words())
                .toList());
        int all = size();
        if (all > lines.size()) {
            lines.add("and " + (all - lines.size()) + " more");
        }
        return String.join("\n", lines);
    }

    /** @param version the newest now: the one it was compared with, or the one that was made of it */
    void write(JsonGenerator json, long version) {
        json.writeStartObject();
        json.writeNumberProperty("version", version);
        json.writeNumberProperty("against", against);
        json.writeBooleanProperty("nothingToDo", isNothing());
        tallies.forEach((kind, tally) -> {
            json.writeName(plural(kind));
            json.writeStartObject();
            json.writeNumberProperty("new", tally.made);
            json.writeNumberProperty("changed", tally.changed);
            json.writeNumberProperty("same", tally.same);
            json.writeNumberProperty("leftAlone", tally.leftAlone);
            json.writeEndObject();
        });
        json.writeName("changes");
        json.writeStartArray();
        listed.forEach(entry -> entry.write(json));
        json.writeEndArray();
        json.writeNumberProperty("changesNotListed", size() - listed.size());
        texts(json, "leftAlone", leftAlone());
        texts(json, "follows", follows);
        json.writeEndObject();
    }

    /** As it is written as a field. */
    private static String plural(String kind) {
        return switch (kind) {
            case "ring-fence" -> "ringFences";
            case "carrier-service" -> "carrierServices";
            default -> kind + "s";
        };
    }

    private List<String> leftAlone() {
        List<String> words = new ArrayList<>();
        tallies.forEach((kind, tally) -> {
            if (tally.leftAlone > 0) {
                words.add(tally.leftAlone + " " + kind + (tally.leftAlone == 1 ? ": " : "s: ")
                        + String.join(", ", tally.someLeftAlone)
                        + (tally.leftAlone > tally.someLeftAlone.size() ? ", …" : ""));
            }
        });
        return words;
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) {
        json.writeName(name);
        json.writeStartArray();
        texts.forEach(json::writeString);
        json.writeEndArray();
    }
}
