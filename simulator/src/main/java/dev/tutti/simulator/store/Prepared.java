package dev.tutti.simulator.store;

import dev.tutti.conveyor.Audit;
import dev.tutti.hub.HubChange;

/** A change made ready to be written. */
public record Prepared(HubChange change, Audit audit) {}
