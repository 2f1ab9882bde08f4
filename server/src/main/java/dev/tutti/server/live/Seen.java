package dev.tutti.server.live;

import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.server.security.Scope;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a scope lets somebody see of the network (invariant 18). */
record Seen(Network network, Scope scope) {
    /** By number, for queries; null stands for all. */
    @Nullable
    List<Integer> channelNumbers() {
        return scope.allChannels()
                ? null
                : channels().stream().map(c -> c.id().value()).toList();
    }

    /** As {@link #channelNumbers}. */
    @Nullable
    List<Integer> nodeNumbers() {
        return scope.allNodes()
                ? null
                : nodes().stream().map(n -> n.id().value()).toList();
    }

    List<Channel> channels() {
        return network.channels().stream()
                .filter(channel -> scope.hasChannel(channel.code()))
                .sorted(Comparator.comparing(Channel::code))
                .toList();
    }

    List<Node> nodes() {
        return network.nodes().stream()
                .filter(node -> scope.hasNode(node.code()))
                .toList();
    }

    /** The node with this number, or null if there is none that may be seen. */
    @Nullable
    Node node(int number) {
        Node node = network.node(number);
        return node != null && scope.hasNode(node.code()) ? node : null;
    }
}
