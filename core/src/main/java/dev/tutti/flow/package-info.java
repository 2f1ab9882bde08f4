/**
 * How an order travels, as a value: steps, edges, conditions, timers. A flow only picks what to do next from
 * the facts it is shown. It knows nothing of orders, and its position is never a status.
 */
@NullMarked
package dev.tutti.flow;

import org.jspecify.annotations.NullMarked;
