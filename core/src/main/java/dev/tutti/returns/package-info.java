/**
 * What customers send back or bring back: what was announced, what has come, what was decided about its price. It knows
 * nothing of orders.
 */
@NullMarked
package dev.tutti.returns;

import org.jspecify.annotations.NullMarked;
