package dev.tutti.sourcing;

import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import java.util.Arrays;

/**
 * The inputs of one sourcing run: with the same version of the network they give the same plan again (invariant 17).
 *
 * @param networkVersion the configuration it was made with
 * @param supply what planning saw, as runs of {@code item, n, place, units, …, place, units}, items ascending; where the
 *     item is a day (a negative number) of one node, the units are those that were left of its capacity
 */
public record SourcingRecord(SourcingRequest request, long networkVersion, int[] supply) {
    /** A day on which a node can still take so many units. */
    static Position capacityLeft(int units) {
        return new Position(0, 0, 0, units, 0, 1);
    }

    /** The supply as it was seen. */
    public Supply asSupply() {
        return new Supply() {
            @Override
            public void read(int item, Candidates into) {
                into.clear();
                for (int at = 0; at < supply.length; at += 2 + 2 * supply[at + 1]) {
                    if (supply[at] == item) {
                        for (int i = 0; i < supply[at + 1]; i++) {
                            into.add(supply[at + 2 + 2 * i], supply[at + 3 + 2 * i]);
                        }
                    }
                }
            }

            @Override
            public Position balance(PositionKey day) {
                for (int at = 0; at < supply.length; at += 2 + 2 * supply[at + 1]) {
                    if (supply[at] == day.item() && supply[at + 2] == day.place()) {
                        return capacityLeft(supply[at + 3]);
                    }
                }
                return Position.EMPTY;
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourcingRecord record
                && request.equals(record.request)
                && networkVersion == record.networkVersion
                && Arrays.equals(supply, record.supply);
    }

    @Override
    public int hashCode() {
        return 31 * request.hashCode() + Arrays.hashCode(supply);
    }
}
