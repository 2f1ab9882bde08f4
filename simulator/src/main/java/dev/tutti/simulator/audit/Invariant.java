package dev.tutti.simulator.audit;

/** What must always hold. The numbers below 100 are those of the project's list; those above belong to the simulation. */
public enum Invariant {
    LEDGER_IS_POSITION(1, "the ledger's deltas sum to the position, entry by entry, per item and place"),
    SHORTAGE_DECLARED(
            2, "0 ≤ on hand; 0 ≤ reserved ≤ on hand + backorder cap + shortage, the shortage declared exactly"),
    RESERVED_IS_OWNED(3, "the live claims of all orders sum to what is reserved on the position"),
    REQUESTS_SUMMED(4, "nothing is reserved beyond on hand and backorder cap, however many lines ask at once"),
    UNITS_CONSERVED(5, "per line the units over all states are the units ordered; status follows from the units"),
    SHIPPED_ONCE(6, "a unit is in at most one live fulfilment order; shipped units are stock issues, once each"),
    PAID_WITHIN_BOUNDS(7, "per payment: refunded ≤ captured ≤ authorised, what is asked for included"),
    MONEY_FOLLOWS_UNITS(8, "a closed order is paid for what the customer has, and nothing more is held"),
    ONE_EFFECT(10, "what a provider has done is what its order knows, once for each that was asked"),
    MONEY_SUMS(9, "partial cancellations sum exactly to the whole, in whole minor units"),
    KEYS_UNIQUE(12, "a key stands for one order and one content; a request is carried out once"),
    NOBODY_FORGOTTEN(13, "every accepted order is closed, or is due some time, or is an exception with a reason"),
    ACKNOWLEDGED_IS_DURABLE(14, "what was answered has happened, and what was refused has not"),
    VERSIONS_CONTIGUOUS(15, "event versions are contiguous from 1; what consumers hold is what the store holds"),
    EVENTS_FOLD_TO_STATE(16, "folding the events gives the current row"),
    SOURCING_REPLAYS(17, "a recorded sourcing decision replays to the same plan, and breaks no rule"),
    AUDITED(19, "every change has an audit row: who, what, when, from where, why"),
    NODE_TIME(21, "cut-offs and timers fall where the node's own clock says, across daylight-saving changes"),

    NO_DEADLOCK(101, "transactions never wait for each other in a circle"),
    NO_ALARM(102, "the conveyor raises no alarm but for commands that were poisoned on purpose"),
    EVERYBODY_ANSWERED(103, "once the faults are over everything is carried out and everybody is answered"),
    DECISIONS_SEE_EACH_OTHER(104, "one server alone plans nothing that its own guard refuses"),
    LOSSES_BOUNDED(105, "a command does not lose at the guard for ever"),
    REPEATS_KNOWN(108, "an order that is like one shortly before it says so, and no other does"),
    INVOICES_FOLLOW_UNITS(109, "what is billed less what is credited is the price of the units to be paid for"),
    FENCES_KEEP(110, "what a ring-fence keeps nobody gets but those it is for, and all if it lends or is over"),
    EXPECTED_IS_ANNOUNCED(22, "what is expected is what inbound shipments are counted on for"),
    HELD_STAYS(107, "what is held is not worked on"),
    NOTHING_LEFT(106, "when all orders are closed nothing is reserved, short or still planned");

    private final int number;
    private final String sentence;

    Invariant(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    public int number() {
        return number;
    }

    public String sentence() {
        return sentence;
    }

    public Violation violatedAt(String subject, String detail) {
        return new Violation(this, subject, detail);
    }
}
