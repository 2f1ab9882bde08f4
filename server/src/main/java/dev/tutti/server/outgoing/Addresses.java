package dev.tutti.server.outgoing;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where calls may go: not into the private network the hub stands in, unless the configuration says so. */
public final class Addresses {
    private Addresses() {}

    /**
     * Why a host that must not be in a private network must not be called now, or null: then whoever connects to it within
     * the next minute comes to the addresses that were looked at.
     */
    public static @Nullable String forbidden(String host) {
        try {
            List<InetAddress> addresses = PinnedAddresses.look(host);
            for (InetAddress address : addresses) {
                if (isPrivate(address)) {
                    return host + " is at an address of a private network; what may be there has inside: true";
                }
            }
            PinnedAddresses.pin(host, addresses);
            return null;
        } catch (UnknownHostException e) {
            return "there is no host " + host;
        }
    }

    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            return isPrivate((Inet6Address) address, bytes);
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || first == 0
                || first >= 224 // multicast, and what is reserved
                || (first == 100 && second >= 64 && second < 128) // shared by many customers of one carrier
                || (first == 192
                        && second == 0
                        && (bytes[2] == 0 || bytes[2] == 2)) // and for documents, as the next two
                || (first == 198 && second == 51 && bytes[2] == 100)
                || (first == 203 && second == 0 && bytes[2] == 113)
                || (first == 198 && (second == 18 || second == 19)); // for measuring
    }

    private static boolean isPrivate(Inet6Address address, byte[] bytes) {
        boolean translated = startsWith(bytes, 0x00, 0x64, 0xff, 0x9b);
        boolean tunnelled = startsWith(bytes, 0x20, 0x02);
        if (translated || tunnelled) {
            int at = translated ? 12 : 2;
            return isPrivate(inside(Arrays.copyOfRange(bytes, at, at + 4)));
        }
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // an address of four bytes, written otherwise
                || startsWith(bytes, 0x20, 0x01, 0x0d, 0xb8) // for documents
                || (bytes[0] & 0xfe) == 0xfc;
    }

    private static boolean startsWith(byte[] bytes, int... first) {
        for (int i = 0; i < first.length; i++) {
            if ((bytes[i] & 0xff) != first[i]) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress inside(byte[] four) {
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
