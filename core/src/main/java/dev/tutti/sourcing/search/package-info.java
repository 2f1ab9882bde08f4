/**
 * The exact search behind sourcing: one order's question as numbers, and the plan that costs least.
 *
 * <p>It decides how many units of each line come from each option, and which parcels are opened for that. It knows no
 * items, nodes, rules or prices, only indices and {@code long} costs; it never looks at a clock, so the same question
 * always gets the same answer, and an answer that is not proven best says so and by how much it could be beaten.
 */
@NullMarked
package dev.tutti.sourcing.search;

import org.jspecify.annotations.NullMarked;
