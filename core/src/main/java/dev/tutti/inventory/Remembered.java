package dev.tutti.inventory;

import java.util.HashMap;
import java.util.Map;

/** What there was of each item when it was first asked for: plans made with it see the same units. Balances are those of now. */
public final class Remembered implements Supply {
    private final Supply supply;
    // Looked up by item only.
    private final Map<Integer, Candidates> items = new HashMap<>();

    /** @param supply asked once for each item */
    public Remembered(Supply supply) {
        this.supply = supply;
    }

    @Override
    public void read(int item, Candidates into) {
        Candidates seen = items.get(item);
        if (seen == null) {
            seen = new Candidates();
            supply.read(item, seen);
            items.put(item, seen);
        }
        into.copy(seen);
    }

    @Override
    public Position balance(PositionKey position) {
        return supply.balance(position);
    }
}
