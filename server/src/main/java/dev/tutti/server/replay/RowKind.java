package dev.tutti.server.replay;

import java.util.List;

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

    static final List<Integer> ASKING = List.of(ORDER.ordinal(), TILL_SALE.ordinal());
    static final List<Integer> GIVING_BACK = List.of(CANCELLATION.ordinal(), RETURN.ordinal());
    static final List<Integer> ALL_USED =
            List.of(ORDER.ordinal(), TILL_SALE.ordinal(), CANCELLATION.ordinal(), RETURN.ordinal());

    static RowKind of(int number) {
        return values()[number];
    }
}
