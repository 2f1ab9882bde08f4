package dev.tutti.inventory;

/** What planning sees of all stock, with what ring-fences keep: each caller may have the units of some of them. */
public interface Stock extends Supply {
    /**
     * Reads one item.
     *
     * @param fences whose units count besides those that nobody keeps
     * @param into filled with the nodes that have at least one available unit, by number ascending
     */
    void read(int item, Fences fences, Candidates into);

    @Override
    default void read(int item, Candidates into) {
        read(item, Fences.NONE, into);
    }

    /** As somebody sees it who may have the units of these fences. */
    default Supply with(Fences fences) {
        Stock all = this;
        return fences.isNone()
                ? this
                : new Supply() {
                    @Override
                    public void read(int item, Candidates into) {
                        all.read(item, fences, into);
                    }

                    @Override
                    public Position balance(PositionKey position) {
                        return all.balance(position);
                    }
                };
    }

    /** A stock with nothing in it: what an order sees when it has lost at the guard too often. */
    static Stock none() {
        return new Stock() {
            @Override
            public void read(int item, Fences fences, Candidates into) {
                into.clear();
            }

            @Override
            public Position balance(PositionKey position) {
                return Position.EMPTY;
            }
        };
    }
}
