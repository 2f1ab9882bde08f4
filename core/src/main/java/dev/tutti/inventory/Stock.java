package dev.tutti.inventory;

import dev.tutti.network.NodeId;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntFunction;

/** What planning sees of all stock, with what ring-fences keep: each caller may have the units of some of them. */
public interface Stock extends Supply {
    /**
     * Reads one item.
     *
     * @param fences whose units count besides those that nobody keeps
     * @param into filled with the nodes that have at least one available unit, by number ascending
     */
    void read(int item, Fences fences, Candidates into);

    /** Units of an item that a pool keeps, at all nodes together; none where nobody keeps any. */
    default int kept(int item, int pool) {
        return 0;
    }

    /** What is due of an item, the soonest first; nothing where nobody knows. */
    default List<Due> due(int item) {
        return List.of();
    }

    /** Units that are counted on at a node from a day on, in the node's zone. */
    record Due(LocalDate day, NodeId node, int units) {}

    @Override
    default void read(int item, Candidates into) {
        read(item, Fences.NONE, into);
    }

    /** As somebody sees it who may have, of each item, the units of these fences. */
    default Supply with(IntFunction<Fences> ofItem) {
        Stock all = this;
        return new Supply() {
            @Override
            public void read(int item, Candidates into) {
                all.read(item, ofItem.apply(item), into);
            }

            @Override
            public Position balance(PositionKey position) {
                return all.balance(position);
            }
        };
    }

    /** Whether it shows what there is; one that does not is no ground to keep anything. */
    default boolean isShown() {
        return true;
    }

    /** No units of it are to be had, but may be waited for: what an order sees when it has lost at the guard too often. */
    default Stock withNothing() {
        Stock all = this;
        return new Stock() {
            @Override
            public boolean isShown() {
                return false;
            }

            @Override
            public void read(int item, Fences fences, Candidates into) {
                into.clear();
            }

            @Override
            public Position balance(PositionKey position) {
                return position.isStock() && !position.isWaiting() ? Position.EMPTY : all.balance(position);
            }
        };
    }
}
