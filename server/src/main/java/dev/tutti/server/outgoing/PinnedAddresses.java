package dev.tutti.server.outgoing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers for a host whose addresses were looked at a moment ago with those addresses. Without it the client would ask
 * again when it connects, and whoever owns the name could answer the one question with an address outside and the next
 * with one inside.
 *
 * <p>The JDK finds it by its name in {@code META-INF/services}; there is one for the whole process. Hosts that nobody has
 * pinned are looked up as ever.
 */
public final class PinnedAddresses extends InetAddressResolverProvider {
    /** Longer than connecting takes. */
    private static final Duration LASTS = Duration.ofMinutes(1);

    private static final int MOST = 10_000;
    private static final Map<String, Pin> PINS = new ConcurrentHashMap<>();
    private static volatile @Nullable InetAddressResolver builtIn;

    private record Pin(List<InetAddress> addresses, long until) {}

    /** From now on, and for a minute, the host is at these addresses. */
    static void pin(String host, List<InetAddress> addresses) {
        if (PINS.size() > MOST) {
            PINS.values().removeIf(pin -> System.nanoTime() - pin.until > 0);
        }
        PINS.put(host, new Pin(addresses, System.nanoTime() + LASTS.toNanos()));
    }

    /** Where the host is now, whatever was pinned. */
    static List<InetAddress> look(String host) throws UnknownHostException {
        InetAddressResolver resolver = builtIn;
        boolean literal = host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        return resolver == null || literal
                ? List.of(InetAddress.getAllByName(host))
                : resolver.lookupByName(host, LookUps.EITHER).toList();
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver usual = configuration.builtinResolver();
        builtIn = usual;
        return new LookUps(usual);
    }

    @Override
    public String name() {
        return "tutti";
    }

    private record LookUps(InetAddressResolver usual) implements InetAddressResolver {
        static final LookupPolicy EITHER = LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6);

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            Pin pin = PINS.get(host);
            return pin == null || System.nanoTime() - pin.until > 0
                    ? usual.lookupByName(host, policy)
                    : ordered(pin.addresses, policy.characteristics());
        }

        /** Those that are asked for, in the order in which they are. */
        private static Stream<InetAddress> ordered(List<InetAddress> addresses, int asked) {
            boolean sixFirst = (asked & LookupPolicy.IPV6_FIRST) != 0;
            boolean fourFirst = (asked & LookupPolicy.IPV4_FIRST) != 0;
            return addresses.stream()
                    .filter(address -> (asked & (isFour(address) ? LookupPolicy.IPV4 : LookupPolicy.IPV6)) != 0)
                    .sorted(Comparator.comparing(address -> isFour(address) ? fourFirst ? 0 : 1 : sixFirst ? 0 : 1));
        }

        private static boolean isFour(InetAddress address) {
            return address instanceof Inet4Address;
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return usual.lookupByAddress(address);
        }
    }
}
