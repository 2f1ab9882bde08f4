package dev.tutti.conveyor;

import dev.tutti.inventory.Supply;
import java.time.Instant;
import java.util.List;

/**
 * What a decision sees besides state and command.
 *
 * @param now business time
 * @param supply with all claims planned so far
 * @param alike who has left the command's {@link Mark}, or an older one, before
 */
public record Circumstances(Instant now, Supply supply, List<KeyOwner> alike) {}
