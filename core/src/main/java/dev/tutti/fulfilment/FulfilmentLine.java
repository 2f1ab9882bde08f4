package dev.tutti.fulfilment;

/**
 * What one fulfilment order holds of one order line.
 *
 * @param line the order line's number
 * @param item the item's number
 * @param units from ALLOCATED on; units the node gives back leave the line
 */
public record FulfilmentLine(int line, int item, Units units) {
    public FulfilmentLine with(Units moved) {
        return new FulfilmentLine(line, item, moved);
    }
}
