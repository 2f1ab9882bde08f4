/**
 * One node's unit of work, and the states a unit can be in between being ordered and being gone. Decides which
 * moves of units are possible; never where the units should come from.
 */
@NullMarked
package dev.tutti.fulfilment;

import org.jspecify.annotations.NullMarked;
