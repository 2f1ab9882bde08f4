package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.LEDGER_IS_POSITION;
import static dev.tutti.simulator.audit.Invariant.REQUESTS_SUMMED;
import static dev.tutti.simulator.audit.Invariant.SHORTAGE_DECLARED;

import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;

/** A position as the auditor counts it. */
final class PositionModel {
    final String name;
    /** Units that live fulfilment orders hold here, by the orders' events. */
    int live;

    int onHand;
    int reserved;
    int cap;
    int safety;
    int entries;

    PositionModel(PositionKey key) {
        this.name = "position " + key.item() + " at " + key.place();
    }

    /** How many units an entry says it is about. */
    static int quantity(LedgerEntry entry) {
        return switch (entry.move()) {
            case RESERVE -> entry.reservedDelta();
            case RELEASE, YIELD, ISSUE, LOSE -> -entry.reservedDelta();
            case WITHDRAW -> -entry.onHandDelta();
            case SELL -> entry.found() - entry.onHandDelta();
            case ADJUST, RETURN, DEPOSIT -> entry.onHandDelta() - entry.found();
            case COUNT -> entry.after().onHand();
            case CAP -> entry.after().backorderCap();
            case SAFETY -> entry.after().safetyStock();
        };
    }

    /** Books one entry by the rules of stock keeping and compares. */
    void apply(LedgerEntry entry) {
        int quantity = quantity(entry);
        int before = onHand;
        switch (entry.move()) {
            case RESERVE -> reserved += quantity;
            case RELEASE, YIELD -> reserved -= quantity;
            case ISSUE, LOSE -> {
                reserved -= quantity;
                onHand = Math.max(0, onHand - quantity);
            }
            case SELL -> onHand = Math.max(0, onHand - quantity);
            case WITHDRAW -> onHand -= quantity;
            case ADJUST, RETURN, DEPOSIT -> onHand = Math.max(0, onHand + quantity);
            case COUNT -> onHand = quantity;
            case CAP -> cap = quantity;
            case SAFETY -> safety = quantity;
        }
        entries++;
        if (entry.onHandDelta() != onHand - before) {
            throw new Violation(LEDGER_IS_POSITION, name, entry + " does not say what happened to " + before);
        }
        boolean goes = entry.move() == StockMove.ISSUE || entry.move() == StockMove.LOSE;
        if (goes && entry.found() != quantity - (before - onHand)) {
            throw new Violation(LEDGER_IS_POSITION, name, entry + " does not say how many units were found");
        }
        if (entry.move() == StockMove.RESERVE && reserved > (long) onHand + cap) {
            throw new Violation(
                    REQUESTS_SUMMED, name, quantity + " more are reserved: " + reserved + " of " + onHand + "+" + cap);
        }
        compare(entry.after());
    }

    /** The position the store shows must be this one. */
    void compare(Position there) {
        if (there.version() != entries) {
            throw new Violation(LEDGER_IS_POSITION, name, entries + " entries, but version " + there.version());
        }
        if (there.onHand() != onHand
                || there.reserved() != reserved
                || there.backorderCap() != cap
                || there.safetyStock() != safety) {
            throw new Violation(LEDGER_IS_POSITION, name, "is " + there + ", the ledger says " + this);
        }
        long short_ = Math.max(0, (long) reserved - onHand - cap);
        if (onHand < 0 || reserved < 0 || there.shortage() != short_) {
            throw new Violation(SHORTAGE_DECLARED, name, "is " + there + ", " + short_ + " units are short");
        }
    }

    @Override
    public String toString() {
        return onHand + " on hand, " + reserved + " reserved, cap " + cap + ", safety " + safety + ", " + entries
                + " entries";
    }
}
