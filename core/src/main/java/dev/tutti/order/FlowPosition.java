package dev.tutti.order;

import java.time.Instant;

/** Where an order is in its flow, and since when. Not a status: that is read off the units. */
public record FlowPosition(String flow, int version, String step, Instant entered) {}
