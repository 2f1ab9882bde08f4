package dev.tutti.simulator.planted;

import dev.tutti.simulator.audit.Invariant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A bug that systems of this kind have had, or easily could.
 *
 * @param caughtBy the invariants of which the first to fail must be one
 */
record PlantedBug(String name, List<Edit> edits, Set<Invariant> caughtBy) {
    static PlantedBug of(String name, Edit edit, Invariant first, Invariant... others) {
        return new PlantedBug(name, List.of(edit), EnumSet.of(first, others));
    }

    static PlantedBug of(String name, Edit edit, Edit second, Invariant first, Invariant... others) {
        return new PlantedBug(name, List.of(edit, second), EnumSet.of(first, others));
    }

    @Override
    public String toString() {
        return name;
    }
}
