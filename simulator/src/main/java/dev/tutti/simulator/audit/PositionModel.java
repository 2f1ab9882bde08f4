package dev.tutti.simulator.audit;

import static dev.tutti.inventory.StockMove.COUNT;
import static dev.tutti.simulator.audit.Invariant.LEDGER_IS_POSITION;
import static dev.tutti.simulator.audit.Invariant.REQUESTS_SUMMED;
import static dev.tutti.simulator.audit.Invariant.SHORTAGE_DECLARED;

import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        this.cap = key.isWaiting() ? Position.MOST : 0;
    }

    /** How many units an entry says it is about. */
    static int quantity(LedgerEntry entry) {
        return switch (entry.move()) {
            case RESERVE -> entry.reservedDelta();
            case RELEASE, YIELD, ISSUE, LOSE -> -entry.reservedDelta();
            case WITHDRAW, CONVERT -> -entry.onHandDelta();
            case SELL -> entry.found() - entry.onHandDelta();
            case ADJUST, RETURN, DEPOSIT -> entry.onHandDelta() - entry.found();
            case COUNT -> entry.after().onHand();
            case CAP -> entry.after().backorderCap();
            case SAFETY -> entry.after().safetyStock();
        };
    }

    /** What was told, and of which moment it was. */
    private record Told(long at, StockMove move, int units) {}

    private final List<Told> told = new ArrayList<>();
    private long countedAt;

    /**
     * What is there if all that was told happened in order of moment: from the last count on, goods before sales, and never
     * less than nothing.
     */
    private int there() {
        List<Told> inOrder = new ArrayList<>(told);
        inOrder.sort(Comparator.comparingLong(Told::at).thenComparing(t -> t.move() != COUNT && t.units() < 0));
        int units = 0;
        for (Told next : inOrder) {
            units = next.move() == COUNT ? next.units() : Math.max(0, units + next.units());
        }
        return units;
    }

    /** Units came or went; a count of that moment or of a later one has seen it. */
    private void come(LedgerEntry entry, int units, @Nullable StockChange said) {
        if (!isSeenByCount(said)) {
            told.add(new Told(entry.at(), entry.move(), units));
            onHand = there();
        }
    }

    private boolean isSeenByCount(@Nullable StockChange said) {
        return said != null && said.isTimed() && said.at() <= countedAt;
    }

    /** What was counted then, and what has happened since. */
    private void counted(LedgerEntry entry, @Nullable StockChange said) {
        if (said == null || entry.at() < countedAt) {
            return;
        }
        told.removeIf(before -> before.at() <= entry.at());
        told.add(new Told(entry.at(), COUNT, said.quantity()));
        onHand = there();
        countedAt = entry.at();
    }

    /**
     * Books one entry by the rules of stock keeping and compares.
     *
     * @param said what a document said; null if an order or a reservation did it
     */
    void apply(LedgerEntry entry, @Nullable StockChange said) {
        int quantity = said == null ? quantity(entry) : said.quantity();
        int before = onHand;
        if (said != null && entry.at() != said.at() && said.isTimed()) {
            throw new Violation(LEDGER_IS_POSITION, name, entry + " is not of the moment that " + said + " says");
        }
        switch (entry.move()) {
            case RESERVE -> reserved += quantity;
            case RELEASE, YIELD -> reserved -= quantity;
            case ISSUE, LOSE -> {
                reserved -= quantity;
                come(entry, -quantity, null);
            }
            case SELL -> come(entry, -quantity, said);
            case CONVERT -> {
                come(entry, -quantity, said);
                if (before - onHand < quantity) {
                    throw new Violation(LEDGER_IS_POSITION, name, entry + " is of units that were not there");
                }
            }
            case WITHDRAW -> onHand -= quantity;
            case ADJUST, RETURN -> come(entry, quantity, said);
            case DEPOSIT -> onHand += quantity;
            case COUNT -> counted(entry, said);
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
