package dev.tutti.server.api;

import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Node;
import dev.tutti.server.engine.Catalogue;

/** The codes by which the wire calls what orders know by number. */
final class Names {
    private Names() {}

    static String channel(Catalogue catalogue, int number) {
        Channel channel = catalogue.network().channel(new ChannelId(number));
        return channel == null ? "" : channel.code();
    }

    static String node(Catalogue catalogue, int number) {
        Node node = catalogue.network().node(number);
        return node == null ? "" : node.code();
    }
}
