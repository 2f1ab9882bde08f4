package dev.tutti.inventory;

import java.util.Arrays;

/** What planning sees: for an item, the nodes that have any and how many units each may promise; and single balances. */
public interface Supply {
    /**
     * Reads one item.
     *
     * @param into filled with the nodes that have at least one available unit, by number ascending
     */
    void read(int item, Candidates into);

    /** The balances of one position, with what is about to be claimed; empty if it is not known. */
    Position balance(PositionKey position);

    /** Nodes and their units, in arrays that are reused from one read to the next. */
    final class Candidates {
        private int[] places = new int[16];
        private int[] units = new int[16];
        private int size;

        public void clear() {
            size = 0;
        }

        public void add(int place, int available) {
            if (size == places.length) {
                places = Arrays.copyOf(places, size * 2);
                units = Arrays.copyOf(units, size * 2);
            }
            places[size] = place;
            units[size++] = available;
        }

        public int size() {
            return size;
        }

        /** The same as another has. */
        void copy(Candidates other) {
            if (places.length < other.size) {
                places = new int[other.places.length];
                units = new int[other.places.length];
            }
            System.arraycopy(other.places, 0, places, 0, other.size);
            System.arraycopy(other.units, 0, units, 0, other.size);
            size = other.size;
        }

        /** Adds to what a node has; nodes may come in any order. */
        void addMore(int node, int available) {
            int at = Arrays.binarySearch(places, 0, size, node);
            if (at >= 0) {
                units[at] = (int) Math.min(Position.MOST, (long) units[at] + available);
                return;
            }
            add(node, available);
            System.arraycopy(places, ~at, places, ~at + 1, size - 1 - ~at);
            System.arraycopy(units, ~at, units, ~at + 1, size - 1 - ~at);
            places[~at] = node;
            units[~at] = available;
        }

        /** Which one a node is; negative if it is none of them. */
        public int indexOf(int node) {
            return Arrays.binarySearch(places, 0, size, node);
        }

        public int place(int i) {
            return places[i];
        }

        public int units(int i) {
            return units[i];
        }

        void keepOnly(java.util.function.IntBinaryOperator unitsAtPlace) {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                int left = unitsAtPlace.applyAsInt(places[i], units[i]);
                if (left > 0) {
                    places[kept] = places[i];
                    units[kept++] = left;
                }
            }
            size = kept;
        }
    }
}
