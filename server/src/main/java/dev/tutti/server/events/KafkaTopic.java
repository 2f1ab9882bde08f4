package dev.tutti.server.events;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a topic of Kafka is, as in {@code kafka://host:9092,other:9092/orders}.
 *
 * @param servers each with its port
 */
public record KafkaTopic(List<String> servers, String name) {
    private static final String SCHEME = "kafka:";
    private static final Pattern ADDRESS = Pattern.compile(
            "kafka://((?:[A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]):[0-9]{1,5}(?:,(?:[A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]):[0-9]{1,5})*)/([A-Za-z0-9._-]{1,200})");

    /** Whether an address means to be one of these. */
    public static boolean isMeant(String address) {
        return address.startsWith(SCHEME);
    }

    /** Null if it is none. */
    public static @Nullable KafkaTopic of(String address) {
        Matcher parts = ADDRESS.matcher(address);
        return parts.matches() ? new KafkaTopic(List.of(parts.group(1).split(",", -1)), parts.group(2)) : null;
    }

    /** As Kafka's clients want them. */
    String bootstrap() {
        return String.join(",", servers);
    }
}
