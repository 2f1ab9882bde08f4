package dev.tutti.postgres;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of the numbered files that somebody sends about stock. The same number is the same file: what was taken of it once is
 * not taken again.
 *
 * @param source who sends it: a store, a warehouse, an ERP
 * @param asOf the moment of which its lines speak that do not say so themselves; null for when they are booked
 */
public record StockFile(
        String source, long sequence, @Nullable Instant asOf) {
    /** Nothing that is told is of an earlier moment. */
    public static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /** How far another clock may be ahead of ours. */
    public static final Duration AHEAD = Duration.ofMinutes(1);

    /** What is claimed with the number of each line. */
    public String key() {
        return "stock file\n" + source + "\n" + sequence;
    }
}
