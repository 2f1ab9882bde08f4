package dev.tutti.returns;

/**
 * Units of an order line that come back.
 *
 * @param expected announced, and still to come
 * @param received are back
 * @param decided of those received: it is known whether their price is given back; until then they count as paid for
 * @param kept of those decided: their price is not given back
 */
public record ReturnLine(int line, int expected, int received, int decided, int kept) {
    int undecided() {
        return received - decided;
    }
}
