/**
 * Lets single orders travel along a flow while everything that can happen to an order happens, at random: the other
 * opinion on what the verifier of flows says. Knows the core's decisions and no store.
 */
@NullMarked
package dev.tutti.simulator.walk;

import org.jspecify.annotations.NullMarked;
