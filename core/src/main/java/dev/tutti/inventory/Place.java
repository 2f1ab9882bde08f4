package dev.tutti.inventory;

import dev.tutti.network.NodeId;
import java.time.LocalDate;

/**
 * Where units are booked: a node, or something that is kept apart at a node.
 *
 * <p>Physical units are booked at the <em>node</em> alone, so a count or a delivery concerns one row, whatever is kept
 * apart there. A <em>ring-fence</em> at a node is a claim on its units like any other, and a position of its own says how
 * many of them it keeps: taking units into a fence claims them at the node and adds them to the fence; whoever takes units
 * out of it takes over that claim. Units that have come for orders which wait are kept in the same way
 * ({@link Pool#WAKING}).
 *
 * <p>In a number, by which places are ordered and stored, the lower half is the node's number and the upper half the pool.
 *
 * @param pool what part of the node's units
 * @param node the node's number; 0 for what belongs to no node
 */
public record Place(int pool, int node) {
    private static final int NODE_BITS = 16;

    /** The parts there are at a node. */
    public static final class Pool {
        /** What the node has. */
        public static final int STOCK = 0;
        /** Physical units that nobody may have before somebody has looked at them. */
        public static final int QUALITY_CONTROL = 1;
        /** Physical units that nobody may have. */
        public static final int DAMAGED = 2;
        /** Units of the stock that came for orders which wait, and are kept for them. */
        public static final int WAKING = 3;
        /** Units of the stock that ring-fence 1 keeps; those of fence 2 are one further, and so on. */
        public static final int FIRST_FENCE = 16;

        public static final int MOST_FENCES = 16_000;
        /** Units that are due on a day. */
        public static final int FIRST_DAY = 16_384;

        private Pool() {}
    }

    /** The first day on which anything can be due. */
    public static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);

    /** The last. */
    public static final LocalDate LAST_DAY = FIRST_DAY.plusDays(16_383);

    /** Demand that has no node and no date. */
    public static final Place UNASSIGNED = new Place(Pool.STOCK, 0);

    public static Place of(int number) {
        return new Place(number >>> NODE_BITS, number & 0xFFFF);
    }

    public static Place of(NodeId node) {
        return new Place(Pool.STOCK, node.value());
    }

    /** What ring-fence number {@code fence}, from 1, keeps at a node. */
    public static Place ofFence(int fence, NodeId node) {
        return new Place(poolOfFence(fence), node.value());
    }

    public static int poolOfFence(int fence) {
        return Pool.FIRST_FENCE + fence - 1;
    }

    /** What is due at a node on a day. */
    public static Place ofDue(LocalDate day, NodeId node) {
        return new Place(Pool.FIRST_DAY + Math.toIntExact(day.toEpochDay() - FIRST_DAY.toEpochDay()), node.value());
    }

    public int number() {
        return pool << NODE_BITS | node;
    }

    /** Whether it is what a node has, and not a part of it. */
    public boolean isNode() {
        return pool == Pool.STOCK && node > 0;
    }

    public boolean isDue() {
        return pool >= Pool.FIRST_DAY;
    }

    /** Whether it keeps units that are booked, and claimed, at the node. */
    public boolean isFence() {
        return pool >= Pool.WAKING && pool < Pool.FIRST_DAY;
    }

    /** The day on which its units are due. */
    public LocalDate due() {
        return FIRST_DAY.plusDays(pool - Pool.FIRST_DAY);
    }
}
