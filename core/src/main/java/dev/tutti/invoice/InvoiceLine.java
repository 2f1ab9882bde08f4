package dev.tutti.invoice;

/**
 * Units of an order line on a document.
 *
 * @param amount what they come to, with their share of discount, tax and shipping, in minor units; never negative
 */
public record InvoiceLine(int line, int quantity, long amount) {}
