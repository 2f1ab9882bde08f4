/**
 * Whole numbers that must not drift: money in minor units with its currency, and the rules by which a whole is
 * shared out so that the parts always sum to it. Decides how rounding falls; never knows what is being counted.
 */
@NullMarked
package dev.tutti.quantity;

import org.jspecify.annotations.NullMarked;
