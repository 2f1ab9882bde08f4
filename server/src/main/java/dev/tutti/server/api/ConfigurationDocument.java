package dev.tutti.server.api;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Step;
import dev.tutti.flow.verify.Finding;
import dev.tutti.inventory.Item;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Channel;
import dev.tutti.network.HandOver;
import dev.tutti.network.Node;
import dev.tutti.network.RingFence;
import dev.tutti.order.OrderFlow;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.BadJson.Kind;
import dev.tutti.server.json.JsonReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What should be configured, in one document: flows, nodes, channels and items as they are put one by one elsewhere.
 *
 * @param flows their versions are none yet
 * @param ifVersion only if this version is the newest; 0 for any
 * @param author who wants it, as they say themselves; null if they do not
 * @param reason why; null if it is not said
 */
record ConfigurationDocument(
        List<Flow> flows,
        List<Destination> destinations,
        List<Subscription> subscriptions,
        List<Node> nodes,
        List<Channel> channels,
        List<RingFence> ringFences,
        List<CarrierService> services,
        List<Item> items,
        long ifVersion,
        @Nullable String author,
        @Nullable String reason) {
    private static final int MOST_FLOWS = 200;
    private static final int MOST_DESTINATIONS = 200;
    private static final int MOST_SUBSCRIPTIONS = 200;
    private static final int MOST_NODES = 20_000;
    private static final int MOST_SERVICES = 1_000;
    private static final int MOST_RING_FENCES = 1_000;
    private static final int MOST_CHANNELS = 10_000;
    /** So many are held in memory and written in one transaction. */
    private static final int MOST_ITEMS = 200_000;

    /** Reads all of it and collects what is wrong; only if nothing is, the document is whole. */
    static ConfigurationDocument read(JsonReader in, Engine engine, Problems problems) {
        Catalogue known = engine.catalogue();
        List<Flow> wanted = List.of();
        List<Destination> destinations = List.of();
        List<Subscription> subscriptions = List.of();
        Set<String> mentioned = new TreeSet<>();
        Set<String> reachable = new TreeSet<>();
        known.destinations().forEach(destination -> reachable.add(destination.code()));
        Map<String, String> called = new LinkedHashMap<>();
        Map<String, List<String>> toldOf = new LinkedHashMap<>();
        Set<String> channelCodes = new TreeSet<>();
        Set<String> nodeCodes = new TreeSet<>();
        Map<Item, String> paths = new LinkedHashMap<>();
        Map<String, ChannelJson.NamedFlow> flowsOfChannels = new LinkedHashMap<>();
        Map<String, FlowKind> kinds = new TreeMap<>();
        List<Node> nodes = List.of();
        List<Channel> channels = List.of();
        List<RingFence> ringFences = List.of();
        List<CarrierService> services = List.of();
        List<Item> items = List.of();
        long ifVersion = 0;
        String author = null;
        String reason = null;
        in.begin();
        in.object();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "flows" ->
                    wanted = elements(
                            in,
                            "code",
                            MOST_FLOWS,
                            each -> FlowJson.read(each, 0),
                            Flow::name,
                            problems,
                            (flow, path) -> {
                                kinds.put(flow.name(), flow.kind());
                                keepsItsKind(known, flow, path, problems);
                                verify(flow, path, problems);
                                for (int i = 0; i < flow.steps().size(); i++) {
                                    Step step = flow.steps().get(i);
                                    if (step.action().target() == Action.Target.DESTINATION && step.target() != null) {
                                        String field = FlowJson.targetField(step.action());
                                        called.put(path + ".steps[" + i + "]." + field, step.target());
                                    }
                                }
                            },
                            mentioned);
                case "destinations" ->
                    destinations = elements(
                            in,
                            "code",
                            MOST_DESTINATIONS,
                            DestinationJson::read,
                            Destination::code,
                            problems,
                            (destination, path) -> {},
                            reachable);
                case "subscriptions" ->
                    subscriptions = elements(
                            in,
                            "code",
                            MOST_SUBSCRIPTIONS,
                            SubscriptionJson::read,
                            Subscription::code,
                            problems,
                            (subscription, path) -> toldOf.put(path + ".channels", subscription.channels()));
                case "nodes" ->
                    nodes = elements(
                            in,
                            "code",
                            MOST_NODES,
                            NodeJson::read,
                            Node::code,
                            problems,
                            (node, path) -> {
                                check(node, path, problems);
                            },
                            nodeCodes);
                case "channels" ->
                    channels = elements(
                            in,
                            "code",
                            MOST_CHANNELS,
                            each -> ChannelJson.read(each, flowsOfChannels::put),
                            Channel::code,
                            problems,
                            (channel, path) -> {},
                            channelCodes);
                case "ringFences" ->
                    ringFences = elements(
                            in,
                            "code",
                            MOST_RING_FENCES,
                            RingFenceJson::read,
                            RingFence::code,
                            problems,
                            (fence, path) -> toldOf.put(path + ".channels", List.copyOf(fence.channels())));
                case "carrierServices" ->
                    services = elements(
                            in,
                            "code",
                            MOST_SERVICES,
                            CarrierServiceJson::read,
                            CarrierService::code,
                            problems,
                            (service, path) -> {});
                case "items" ->
                    items = elements(in, "sku", MOST_ITEMS, ItemJson::read, Item::sku, problems, paths::put);
                case "ifVersion" -> ifVersion = in.isNull() ? 0 : in.integer(1, Long.MAX_VALUE);
                case "author" -> author = in.isNull() ? null : in.nonEmptyText(200);
                case "reason" -> reason = in.isNull() ? null : in.nonEmptyText(500);
                default -> {
                    problems.add(name, Kind.UNKNOWN_FIELD, in.unknownField().detail());
                    in.skip();
                }
            }
        }
        in.end();
        flowsOfChannels.forEach((path, named) -> {
            Flow before = known.flows().newest(named.name());
            FlowKind kind = kinds.getOrDefault(named.name(), before == null ? null : before.kind());
            boolean unread = mentioned.contains(named.name()) && !kinds.containsKey(named.name());
            if (kind != named.kind() && !unread) {
                problems.add(ChannelJson.noSuchFlow(path, named));
            }
        });
        toldOf.forEach((path, codes) -> {
            for (String code : codes) {
                if (known.channel(code) == null && !channelCodes.contains(code)) {
                    problems.add(path, Kind.INVALID_FIELD, "there is no channel " + code);
                }
            }
        });
        TermsCheck terms = new TermsCheck(
                known,
                engine.index(),
                paths.keySet(),
                code -> channelCodes.contains(code) || known.channel(code) != null,
                code -> nodeCodes.contains(code) || known.node(code) != null);
        paths.forEach((item, path) -> terms.look(item, path + ".", problems::add));
        called.forEach((path, destination) -> {
            if (!reachable.contains(destination)) {
                problems.add(path, Kind.INVALID_FIELD, "there is no destination " + destination);
            }
        });
        return new ConfigurationDocument(
                wanted,
                destinations,
                subscriptions,
                nodes,
                channels,
                ringFences,
                services,
                items,
                ifVersion,
                author,
                reason);
    }

    private static void keepsItsKind(Catalogue known, Flow flow, String path, Problems problems) {
        Flow before = known.flows().newest(flow.name());
        if (before != null && before.kind() != flow.kind()) {
            problems.add(
                    path + ".for",
                    Kind.INVALID_FIELD,
                    "it is a flow for " + Spelling.of(before.kind()) + "s, and channels may name it for those");
        }
    }

    /** Looks at one that could be read: does it hold together? */
    private interface Check<T> {
        void look(T thing, String path);
    }

    private static <T> List<T> elements(
            JsonReader in,
            String codeField,
            int most,
            Function<JsonReader, T> read,
            Function<T, String> code,
            Problems problems,
            Check<T> check) {
        return elements(in, codeField, most, read, code, problems, check, new TreeSet<>());
    }

    /** @param mentioned gets all their codes, also of those that cannot be read */
    private static <T> List<T> elements(
            JsonReader in,
            String codeField,
            int most,
            Function<JsonReader, T> read,
            Function<T, String> code,
            Problems problems,
            Check<T> check,
            Set<String> mentioned) {
        List<T> all = new ArrayList<>();
        if (in.isNull()) {
            return all;
        }
        Map<String, String> places = new HashMap<>();
        in.list(most, element -> {
            String path = in.path();
            JsonNode tree = in.tree();
            mentioned.add(tree.path(codeField).asString(""));
            T thing = problems.read(tree, path, read);
            if (thing != null) {
                String before = places.putIfAbsent(code.apply(thing), path);
                if (before != null) {
                    problems.add(
                            path + "." + codeField,
                            Kind.INVALID_FIELD,
                            code.apply(thing) + " is there twice: also at " + before);
                }
                check.look(thing, path);
                all.add(thing);
            }
            return path;
        });
        return all;
    }

    /** Tells each thing that is wrong with it at the step where it shows, with the story that leads there. */
    private static void verify(Flow flow, String path, Problems problems) {
        try {
            if (!FlowJson.stored(FlowJson.toStore(flow)).steps().equals(flow.steps())) {
                throw new IllegalStateException("flow " + flow.name() + " is not read again as it is written");
            }
        } catch (BadJson e) {
            problems.add(
                    path + e.path().replaceFirst("^(?=[a-z])", "."),
                    Kind.INVALID_FIELD,
                    "written out in full, " + e.detail());
            return;
        }
        List<String> steps = flow.steps().stream().map(Step::name).toList();
        for (Finding finding : OrderFlow.verified(flow).findings()) {
            StringBuilder detail = new StringBuilder(finding.step() + ": " + finding.says());
            for (int i = 0; i < finding.story().size(); i++) {
                detail.append(i == 0 ? ". It comes to this so: " : "; ")
                        .append(i + 1)
                        .append(") ")
                        .append(finding.story().get(i));
            }
            problems.add(path + ".steps[" + steps.indexOf(finding.step()) + "]", Kind.INVALID_FIELD, detail.toString());
        }
    }

    private static void check(Node node, String path, Problems problems) {
        if (HandOver.of(node, null, Engine.now()) == null) {
            problems.add(
                    path + ".calendar",
                    Kind.INVALID_FIELD,
                    "it has no working day within a year, so nothing ever leaves");
        }
        if (node.active() && !node.ships() && !node.handsOut()) {
            problems.add(
                    path,
                    Kind.INVALID_FIELD,
                    "it is active, yet neither ships nor hands out; a node is closed with active: false");
        }
    }
}
