package dev.tutti.conveyor;

import dev.tutti.inventory.Supply;
import java.time.Instant;

/** What a decision sees besides state and command: business time, and the supply with all claims planned so far. */
public record Circumstances(Instant now, Supply supply) {}
