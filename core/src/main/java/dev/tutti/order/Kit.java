package dev.tutti.order;

/**
 * Which kit a line is a part of.
 *
 * @param item the kit's number
 * @param line counts, from 1, the lines as the channel asked for them
 * @param quantity how many kits that line was for
 */
public record Kit(int item, int line, int quantity) {}
