package dev.tutti.server.api;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Node;
import dev.tutti.network.RingFence;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Units that are kept for somebody: taken into ring-fences, out of them, from one to another. */
final class RingFenceEndpoints {
    private final Engine engine;

    RingFenceEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("GET", "/v1/ring-fences", "ring-fences.read", this::list);
        routes.add("GET", "/v1/ring-fences/{code}", "ring-fences.read", this::get);
        routes.add("POST", "/v1/ring-fences/{code}/allocate", "ring-fences.move", this::allocate);
        routes.add("POST", "/v1/ring-fences/{code}/unallocate", "ring-fences.move", this::unallocate);
        routes.add("POST", "/v1/ring-fences/{code}/reallocate", "ring-fences.move", this::reallocate);
    }

    private void list(Call call) throws IOException {
        call.onlyQueries();
        List<RingFence> fences = new ArrayList<>(engine.catalogue().network().ringFences());
        fences.sort(Comparator.comparing(RingFence::code));
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("ringFences");
            json.writeStartArray();
            fences.forEach(fence -> RingFenceJson.write(json, fence));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What it keeps of an item, by node. */
    private void get(Call call) throws IOException {
        call.onlyQueries("sku");
        RingFence fence = fence(call.value(0));
        Sight sight = new Sight(engine, call.caller().scope());
        String sku = call.requiredQuery("sku");
        int item = engine.catalogue().item(sku);
        if (item < 0) {
            throw NotDone.notFound("item");
        }
        List<Node> nodes = new ArrayList<>(engine.catalogue().network().nodes());
        nodes.removeIf(node -> !sight.sees(node));
        nodes.sort(Comparator.comparing(Node::code));
        Supply supply = engine.index();
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeStringProperty("code", fence.code());
            json.writeStringProperty("sku", sku);
            json.writeName("nodes");
            json.writeStartArray();
            for (Node node : nodes) {
                int units = supply.balance(PositionKey.of(item, Place.ofFence(fence.number(), node.id())))
                        .onHand();
                if (units > 0) {
                    json.writeStartObject();
                    json.writeStringProperty("node", node.code());
                    json.writeNumberProperty("quantity", units);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private RingFence fence(@Nullable String code) {
        for (RingFence fence : engine.catalogue().network().ringFences()) {
            if (fence.code().equals(code)) {
                return fence;
            }
        }
        throw NotDone.notFound("ring-fence");
    }

    /** One that keeps what is put into it. */
    private RingFence running(@Nullable String code) {
        RingFence fence = fence(code);
        if (fence.isOver(Engine.now())) {
            throw new NotDone(Problem.of(Refusal.of(
                    RefusalCode.NOT_EXPECTED_NOW,
                    "ring-fence " + fence.code() + " is over since " + fence.returnsAt())));
        }
        return fence;
    }

    private void allocate(Call call) throws IOException {
        call.onlyQueries("reference");
        int fence = running(call.value(0)).number();
        move(call, (item, node, units) -> Fencing.allocate(item, node, fence, units));
    }

    private void unallocate(Call call) throws IOException {
        call.onlyQueries("reference");
        int pool = Place.poolOfFence(fence(call.value(0)).number());
        move(call, (item, node, units) -> Fencing.unallocate(item, node, pool, units));
    }

    private void reallocate(Call call) throws IOException {
        call.onlyQueries("reference", "to");
        int from = fence(call.value(0)).number();
        int to = running(call.requiredQuery("to")).number();
        if (from == to) {
            throw NotDone.at("to", RefusalCode.INVALID_FIELD, "it is the same ring-fence");
        }
        move(call, (item, node, units) -> Fencing.reallocate(item, node, from, to, units));
    }

    private void move(Call call, StockLines.FenceMove move) throws IOException {
        String reference = call.query("reference");
        StockLines.ofFence(engine, call, reference == null ? "" : reference, move)
                .take();
    }
}
