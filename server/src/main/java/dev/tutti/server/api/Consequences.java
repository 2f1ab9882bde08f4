package dev.tutti.server.api;

import dev.tutti.network.CarrierService;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.postgres.MasterData.OpenWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What follows from a change of the network, as far as it can be told at little cost. */
final class Consequences {
    private final Network before;
    private final List<Node> nodes;
    private final List<Channel> channels;
    private final List<CarrierService> services;
    private final Map<String, Node> changed = new HashMap<>();
    private final List<String> words = new ArrayList<>();

    /**
     * @param nodes that are new or would change
     * @param channels likewise
     * @param services likewise
     */
    Consequences(Network before, List<Node> nodes, List<Channel> channels, List<CarrierService> services) {
        this.before = before;
        this.nodes = nodes;
        this.channels = channels;
        this.services = services;
        nodes.forEach(node -> changed.put(node.code(), node));
    }

    List<String> inWords(Function<Collection<Node>, List<OpenWork>> openWork) {
        List<Node> known = before.nodes().stream()
                .filter(node -> changed.containsKey(node.code()))
                .toList();
        if (!known.isEmpty()) {
            work(openWork.apply(known));
        }
        nodes.forEach(this::distance);
        nodes.forEach(this::cutOffs);
        channels.forEach(this::orders);
        if (before.nodes().stream().anyMatch(Consequences::ships) && !shipsAfterwards()) {
            words.add("no node would be left that ships");
        }
        return words;
    }

    private void work(List<OpenWork> open) {
        Map<String, Long> stranded = new LinkedHashMap<>();
        for (OpenWork work : open) {
            Node node = before.node(work.node().value());
            String where = node == null ? null : stranded(work, node, changed.get(node.code()));
            if (where != null) {
                stranded.merge(where, work.count(), Long::sum);
            }
        }
        stranded.forEach((where, count) -> words.add(
                count == 1
                        ? "1 open fulfilment order is " + where + "; it stays there"
                        : count + " open fulfilment orders are " + where + "; they stay there"));
    }

    private static @Nullable String stranded(OpenWork work, Node now, @Nullable Node then) {
        if (then == null) {
            return null;
        }
        if (now.active() && !then.active()) {
            return "at " + then.code() + ", which would be closed";
        }
        return switch (work.method()) {
            case SHIP ->
                now.ships() && !then.ships() ? "to ship at " + then.code() + ", which would ship no more" : null;
            case PICK_UP, SHIP_TO_STORE ->
                now.handsOut() && !then.handsOut()
                        ? "to be collected at " + then.code() + ", which would hand out no more"
                        : null;
        };
    }

    private void distance(Node node) {
        Node now = before.node(node.code());
        if (node.location() == null && (now == null || now.location() != null)) {
            words.add(node.code() + " has no location: distance from it costs nothing");
        }
    }

    private void cutOffs(Node node) {
        for (String code : node.handling().cutOffs().keySet()) {
            boolean isKnown = before.services().stream()
                            .anyMatch(service -> service.code().equals(code))
                    || services.stream().anyMatch(service -> service.code().equals(code));
            if (!isKnown) {
                words.add(node.code() + " has a cut-off for " + code + ", and there is no such carrier service");
            }
        }
    }

    private void orders(Channel channel) {
        Channel now = before.channel(channel.code());
        if (now != null && !now.flows().equals(channel.flows())) {
            words.add("orders of " + channel.code() + " under way keep the flows they began with");
        }
        if (now != null && !now.currency().equals(channel.currency())) {
            words.add("orders of " + channel.code() + " already placed stay in " + now.currency()
                    + "; new ones must be in " + channel.currency());
        }
    }

    private boolean shipsAfterwards() {
        return nodes.stream().anyMatch(Consequences::ships)
                || before.nodes().stream().anyMatch(node -> !changed.containsKey(node.code()) && ships(node));
    }

    private static boolean ships(Node node) {
        return node.active() && node.ships();
    }
}
