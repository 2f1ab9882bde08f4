/**
 * The order, one aggregate: what the customer asked for, line by line and unit by unit, and the commands that
 * may change it. decide() says what a command leads to and changes nothing; apply() is the only way a state
 * comes about. Never sees a clock, a database or another order.
 */
@NullMarked
package dev.tutti.order;

import org.jspecify.annotations.NullMarked;
