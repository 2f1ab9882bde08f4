package dev.tutti.server.effects;

import dev.tutti.postgres.Destination;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Where calls may go: not into the private network the hub stands in, unless the configuration says so. */
final class Addresses {
    private Addresses() {}

    /** Why a destination must not be called now, or null. */
    static @Nullable String forbidden(Destination destination) {
        if (destination.inside()) {
            return null;
        }
        String host = URI.create(destination.url()).getHost();
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (isPrivate(address)) {
                    return host + " is at an address of a private network; a destination that may be has inside: true";
                }
            }
            return null;
        } catch (UnknownHostException e) {
            return "there is no host " + host;
        }
    }

    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean shared = bytes.length == 4 && first == 100 && second >= 64 && second < 128;
        boolean unique = address instanceof Inet6Address && (first & 0xfe) == 0xfc;
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || shared
                || unique;
    }
}
