package dev.tutti.conveyor;

import dev.tutti.inventory.Stock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision sees besides state and command.
 *
 * @param now business time
 * @param stock with all claims planned so far
 * @param losses how often the guard has refused what was decided before
 * @param other the state of the other aggregate that the command may change; null if there is none
 * @param alike who has left the command's {@link Mark}, or an older one, before
 */
public record Circumstances<S>(
        Instant now,
        Stock stock,
        List<KeyOwner> alike,
        int losses,
        @Nullable S other) {
    /** For a command about one aggregate that leaves no mark. */
    public Circumstances(Instant now, Stock stock) {
        this(now, stock, List.of(), 0, null);
    }
}
