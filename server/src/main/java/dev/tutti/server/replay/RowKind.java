package dev.tutti.server.replay;

/** What a row of a history is. The order of the constants is stored. */
enum RowKind {
    /** Cannot be used; counted with its reason. */
    REFUSED,
    /** A line of an order. */
    ORDER,
    /** A line of a sale over a store's counter. */
    TILL_SALE,
    /** Calls off, or sends back, what the customer bought before. */
    CANCELLATION,
    /** Brings something back of which no order is looked for. */
    RETURN;

    static RowKind of(int number) {
        return values()[number];
    }
}
