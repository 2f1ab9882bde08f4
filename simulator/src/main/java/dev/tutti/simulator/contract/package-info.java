/**
 * What every store of the conveyor must do, in cases that need no test framework: the simulated store and the real
 * database run the same ones. Decides what a store promises; never how it keeps it.
 */
@NullMarked
package dev.tutti.simulator.contract;

import org.jspecify.annotations.NullMarked;
