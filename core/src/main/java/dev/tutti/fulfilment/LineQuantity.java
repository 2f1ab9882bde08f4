package dev.tutti.fulfilment;

/** So many units of an order line. */
public record LineQuantity(int line, int quantity) {}
