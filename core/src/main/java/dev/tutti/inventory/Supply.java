package dev.tutti.inventory;

/** What planning sees: for an item, the places that have any and how many units each may promise; and single balances. */
public interface Supply {
    /**
     * Reads one item.
     *
     * @param into filled with the places that have at least one available unit, by place ascending
     */
    void read(int item, Candidates into);

    /** The balances of one position, with what is about to be claimed; empty if it is not known. */
    Position balance(PositionKey position);

    /** Places and their units, in arrays that are reused from one read to the next. */
    final class Candidates {
        private int[] places = new int[16];
        private int[] units = new int[16];
        private int size;

        public void clear() {
            size = 0;
        }

        public void add(int place, int available) {
            if (size == places.length) {
                places = java.util.Arrays.copyOf(places, size * 2);
                units = java.util.Arrays.copyOf(units, size * 2);
            }
            places[size] = place;
            units[size++] = available;
        }

        public int size() {
            return size;
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

    /** A supply with nothing in it: what an order sees when it has lost at the guard too often. */
    static Supply none() {
        return new Supply() {
            @Override
            public void read(int item, Candidates into) {
                into.clear();
            }

            @Override
            public Position balance(PositionKey position) {
                return Position.EMPTY;
            }
        };
    }
}
