package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Expectation;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Stock;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.server.engine.AvailabilityNews;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What a channel can sell of items now: over all nodes that are open, and node by node, with what ring-fences keep for it.
 * Answered from the picture of the stock in memory, whose age is said.
 */
final class AvailabilityEndpoint {
    static final int MOST_ITEMS = 50;
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Engine engine;

    AvailabilityEndpoint(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/availability", "availability.read", this::get);
        routes.add("GET", "/v1/availability/changes", "availability.read", this::changes);
    }

    /** An item, and the nodes that have some of it, or expect some. */
    private record Item(String sku, List<At> nodes, Outlook outlook) {
        long units(boolean shipped) {
            return nodes.stream()
                    .filter(at -> shipped ? at.node().ships() : at.node().handsOut())
                    .mapToLong(At::units)
                    .sum();
        }
    }

    private record At(Node node, int units) {}

    /** Everything, and from then on what has changed enough. */
    private void changes(Call call) throws IOException {
        call.onlyQueries("channel", "after", "limit", "wait");
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        if (!call.caller().scope().allNodes()) {
            throw NotDone.at(
                    "channel", RefusalCode.INVALID_FIELD, "sums over all nodes are for keys that see all nodes");
        }
        int limit = call.limit();
        int wait = call.number("wait", 0, FeedEndpoints.LONGEST_WAIT_SECONDS, 0);
        String after = call.query("after");
        if (after != null && !after.matches("[0-9a-z]{1,13}-[0-9]{1,18}")) {
            throw NotDone.at("after", RefusalCode.INVALID_FIELD, "it is what an answer before said is next");
        }
        AvailabilityNews news = engine.news();
        boolean goesOn = after != null && after.startsWith(news.epoch() + "-");
        long from = after == null || !goesOn ? 0 : Long.parseLong(after.substring(after.indexOf('-') + 1));
        List<AvailabilityNews.Change> changes = waitedFor(news, channel, from, limit, wait);
        long next = changes.isEmpty() ? from : changes.getLast().number();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("channel", channel.code());
            json.writeBooleanProperty("fromTheBeginning", !goesOn);
            json.writeName("items");
            json.writeStartArray();
            for (AvailabilityNews.Change change : changes) {
                json.writeStartObject();
                json.writeStringProperty("sku", engine.catalogue().sku(change.item()));
                json.writeNumberProperty("ship", change.ship());
                json.writeNumberProperty("pickUp", change.pickUp());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("next", news.epoch() + "-" + next);
            json.writeEndObject();
        });
    }

    private static List<AvailabilityNews.Change> waitedFor(
            AvailabilityNews news, Channel channel, long after, int limit, int seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<AvailabilityNews.Change> found = news.after(channel.id(), after, limit);
        while (found.isEmpty()
                && System.nanoTime() < until
                && !Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            found = news.after(channel.id(), after, limit);
        }
        return found;
    }

    private void get(Call call) throws IOException {
        call.onlyQueries("channel", "sku", "node", "nodes", "customerGroup");
        Sight sight = new Sight(engine, call.caller().scope());
        Channel channel = sight.channel(call.requiredQuery("channel"));
        if (channel == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        String nodeCode = call.query("node");
        Node only = nodeCode == null ? null : sight.node(nodeCode);
        if (nodeCode != null && only == null) {
            throw NotDone.at("node", RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        String listed = call.query("nodes");
        if (listed != null && !listed.equals("none")) {
            throw NotDone.at("nodes", RefusalCode.INVALID_FIELD, "it is none, or left out");
        }
        String[] skus = call.requiredQuery("sku").split(",", -1);
        if (skus.length > MOST_ITEMS) {
            throw NotDone.at("sku", RefusalCode.INVALID_FIELD, "there are more than " + MOST_ITEMS + " of them");
        }
        String group = call.query("customerGroup");
        Fences fences = Fences.of(engine.catalogue().network(), channel.id(), group == null ? "" : group, Engine.now());
        Supply supply = engine.overlay().with(item -> fences);
        List<Item> items = new ArrayList<>(skus.length);
        Supply.Candidates candidates = new Supply.Candidates();
        for (String sku : skus) {
            int item = engine.catalogue().item(sku);
            if (item < 0) {
                throw NotDone.at("sku", RefusalCode.UNKNOWN_ITEM, "there is no item " + Call.safe(sku));
            }
            supply.read(item, candidates);
            List<At> nodes = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                Node node = engine.catalogue().network().node(candidates.place(i));
                if (node != null && node.active() && sight.sees(node) && (only == null || only.equals(node))) {
                    nodes.add(new At(node, candidates.units(i)));
                }
            }
            items.add(new Item(sku, nodes, outlook(item, sight, only)));
        }
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("channel", channel.code());
            json.writeNumberProperty("staleMs", engine.staleness().toMillis());
            json.writeName("items");
            json.writeStartArray();
            items.forEach(item -> write(json, item, listed == null));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /**
     * What there will be.
     *
     * @param waiting units that orders wait for and that have not come
     * @param due what is counted on from some days on, the soonest first, less what those who wait will have of it
     * @param mayWait how many more units may wait; negative if as many as like
     */
    private record Outlook(int waiting, List<Stock.Due> due, int mayWait) {}

    private Outlook outlook(int item, Sight sight, @Nullable Node only) {
        Stock stock = engine.overlay();
        Position place = stock.balance(PositionKey.ofWaiting(item));
        List<Stock.Due> due = new ArrayList<>();
        for (Stock.Due there :
                Expectation.of(stock, item, Engine.now(), engine.catalogue().network())) {
            Node node = engine.catalogue().network().node(there.node().value());
            if (node != null && sight.sees(node) && (only == null || only.equals(node))) {
                due.add(there);
            }
        }
        return new Outlook(
                Expectation.waiting(stock, item), due, place.backorderCap() == Position.MOST ? -1 : place.available());
    }

    private void write(JsonGenerator json, Item item, boolean withNodes) {
        json.writeStartObject();
        json.writeStringProperty("sku", item.sku());
        json.writeNumberProperty("ship", item.units(true));
        json.writeNumberProperty("pickUp", item.units(false));
        if (withNodes) {
            writeNodes(json, item);
        }
        json.writeNumberProperty("waiting", item.outlook().waiting());
        if (item.outlook().mayWait() >= 0) {
            json.writeNumberProperty("mayWait", item.outlook().mayWait());
        }
        long sum = 0;
        json.writeName("expected");
        json.writeStartArray();
        for (Stock.Due due : item.outlook().due()) {
            sum += due.units();
            json.writeStartObject();
            json.writeStringProperty("from", due.day().toString());
            json.writeStringProperty(
                    "node", Names.node(engine.catalogue(), due.node().value()));
            json.writeNumberProperty("quantity", due.units());
            json.writeNumberProperty("together", sum);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeNodes(JsonGenerator json, Item item) {
        json.writeName("nodes");
        json.writeStartArray();
        for (At at : item.nodes()) {
            json.writeStartObject();
            json.writeStringProperty("node", at.node().code());
            json.writeNumberProperty("available", at.units());
            json.writeBooleanProperty("ships", at.node().ships());
            json.writeBooleanProperty("handsOut", at.node().handsOut());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
