package dev.tutti.decision;

/** Why a command is refused. The codes are part of the API: once published, one never changes its meaning. */
public enum RefusalCode {
    /** A field is missing, too long, out of range or of the wrong kind. */
    INVALID_FIELD,
    UNKNOWN_ITEM,
    UNKNOWN_NODE,
    UNKNOWN_CHANNEL,
    UNKNOWN_ORDER,
    UNKNOWN_RESERVATION,
    UNKNOWN_SHIPMENT,
    UNKNOWN_LINE,
    UNKNOWN_FULFILMENT_ORDER,
    UNKNOWN_RETURN,
    UNKNOWN_FLOW,
    CURRENCY_MISMATCH,
    /** The amounts of the lines and of the order contradict each other. */
    AMOUNTS_DISAGREE,
    /** The channel does not sell the item, or not in this way. */
    ITEM_NOT_OFFERED,
    /** The flow says that an order which cannot be filled now is not taken. */
    INSUFFICIENT_SUPPLY,
    /** As before, though the units are there: the nodes that have them can take on no more in the days ahead. */
    INSUFFICIENT_CAPACITY,
    /** The caller may not hold so many units at a time without an order. */
    TOO_MUCH_HELD,
    /** The units asked for are not, or no longer, in a state that allows this. */
    UNITS_NOT_IN_STATE,
    /** The order's flow is at a step where this has no effect. */
    NOT_EXPECTED_NOW,
    /** The caller saw an older version of the order. */
    STALE_VERSION,
    /** The key was used before, with another content. */
    KEY_REUSED,
    /** The command could not be decided because of an error in Tutti itself; nothing was done. */
    DECISION_FAILED,
    /** The database would not store the content, and no part of it was stored. */
    NOT_STORABLE,
    /** Too much is waiting; nothing was done, try again later. */
    OVERLOADED;

    /** The stable spelling used on the wire, such as {@code unknown-item}. */
    public String code() {
        return Spelling.of(this);
    }
}
