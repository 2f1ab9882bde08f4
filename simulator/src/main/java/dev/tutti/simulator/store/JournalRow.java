package dev.tutti.simulator.store;

import dev.tutti.conveyor.Audit;
import dev.tutti.hub.HubChange;

/** One command that was carried out: what it changed, and who asked for it. */
public record JournalRow(long aggregate, int fromVersion, int toVersion, HubChange change, Audit audit) {}
