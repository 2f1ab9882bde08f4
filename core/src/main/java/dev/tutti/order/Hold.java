package dev.tutti.order;

import java.time.Instant;
import java.util.List;

/**
 * Why units of an order must not go on to a customer yet. Stock is claimed for them all the same.
 *
 * @param number counts the order's holds from 1
 * @param type in a word, such as {@code fraud}, {@code address} or {@code payment}
 * @param lines those that are held; empty means all
 * @param until when a person looks at it at the latest
 */
public record Hold(int number, String type, String reason, List<Integer> lines, Instant placedAt, Instant until) {
    public Hold {
        lines = List.copyOf(lines);
    }

    public boolean holds(int line) {
        return lines.isEmpty() || lines.contains(line);
    }
}
