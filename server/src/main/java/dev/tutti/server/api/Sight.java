package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.Order;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Scope;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a caller can see: the one place where scope is applied. Whatever lies outside looks as if it did not exist.
 */
final class Sight {
    private final Engine engine;
    private final Scope scope;

    Sight(Engine engine, Scope scope) {
        this.engine = engine;
        this.scope = scope;
    }

    Catalogue catalogue() {
        return engine.catalogue();
    }

    @Nullable
    Channel channel(String code) {
        return scope.hasChannel(code) ? engine.catalogue().channel(code) : null;
    }

    @Nullable
    Node node(String code) {
        return scope.hasNode(code) ? engine.catalogue().node(code) : null;
    }

    /** The number of the item whose SKU comes next. */
    int item(JsonReader in) {
        int item = engine.catalogue().item(in.nonEmptyText(100));
        if (item < 0) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_ITEM, "there is no such item");
        }
        return item;
    }

    /** As {@link #item}, of one that has stock. */
    int stockedItem(JsonReader in) {
        int item = item(in);
        if (engine.catalogue().network().terms(item).isKit()) {
            throw NotDone.at(
                    in.path(), RefusalCode.INVALID_FIELD, "it is a kit, and has no stock but that of its parts");
        }
        return item;
    }

    boolean sees(Channel channel) {
        return scope.hasChannel(channel.code());
    }

    boolean sees(Node node) {
        return scope.hasNode(node.code());
    }

    boolean sees(Order order) {
        return scope.allChannels()
                || scope.hasChannel(Names.channel(
                        engine.catalogue(), order.header().channel().value()));
    }

    boolean seesAllChannels() {
        return scope.allChannels();
    }

    boolean seesChannel(int channel) {
        return scope.allChannels() || scope.hasChannel(Names.channel(engine.catalogue(), channel));
    }

    Order order(long id) {
        Order order = engine.reads().order(id);
        if (order == null || !sees(order)) {
            throw noOrder();
        }
        return order;
    }

    /** Makes sure that the caller may have an order changed; whether it exists, the order's own decision says. */
    void requireOrder(long id) {
        if (!scope.allChannels()) {
            order(id);
        }
    }

    /** As {@link #requireOrder}, for work at a node. */
    void requireWork(long id, int number) {
        requireWork(id, number, (order, work) -> sees(work.node()));
    }

    /** As {@link #requireOrder}, for what a node hands out: its own work, or what was sent to it. */
    void requireHandingOut(long id, int number) {
        requireWork(id, number, (order, work) -> sees(order.handedOutAt(work)));
    }

    /** As {@link #requireOrder}, for a parcel: of the node that sent it, or of the store to which it was sent. */
    void requireParcel(long id, int number) {
        requireWork(id, number, (order, work) -> sees(work.node()) || sees(order.handedOutAt(work)));
    }

    private boolean sees(NodeId node) {
        return scope.hasNode(Names.node(engine.catalogue(), node.value()));
    }

    private void requireWork(long id, int number, BiPredicate<Order, FulfilmentOrder> isTheirs) {
        if (scope.allChannels() && scope.allNodes()) {
            return;
        }
        Order order = order(id);
        FulfilmentOrder work = order.fulfilmentOrder(number);
        if (work == null || !isTheirs.test(order, work)) {
            // Not even the order is theirs to know of.
            throw noOrder();
        }
    }

    /** For what speaks of all channels and nodes, and would be another thing if it spoke of some. */
    void requireEverything() {
        if (!scope.allChannels() || !scope.allNodes()) {
            throw new NotDone(Problem.of(403, "forbidden", "this key does not see all channels and nodes"));
        }
    }

    static NotDone noOrder() {
        return NotDone.unknown(RefusalCode.UNKNOWN_ORDER);
    }
}
