package dev.tutti.order;

import dev.tutti.inventory.StockMove;

/** Why a node gives units back, and what that says about its stock. */
public enum RejectReason {
    /** Looked for and not found. */
    NOT_FOUND(StockMove.LOSE),
    DAMAGED(StockMove.LOSE),
    /** The units are there, but the node cannot do the work. */
    NO_CAPACITY(StockMove.RELEASE),
    /** The node has not begun before its time was up. */
    NOT_IN_TIME(StockMove.RELEASE),
    OTHER(StockMove.RELEASE);

    private final StockMove move;

    RejectReason(StockMove move) {
        this.move = move;
    }

    StockMove move() {
        return move;
    }
}
