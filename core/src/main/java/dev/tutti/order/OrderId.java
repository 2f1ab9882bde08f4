package dev.tutti.order;

/** An order's number, given at intake; later orders have greater numbers, roughly. */
public record OrderId(long value) {}
