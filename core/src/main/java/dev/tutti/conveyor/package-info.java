/**
 * The one write path. Many commands travel together through one short transaction: decided before it, locked in
 * one order, rechecked, admitted one by one in the order they arrived, written as sets, committed once.
 * Generic: it knows keys, aggregates with versions and guarded positions, and no command by name.
 */
@NullMarked
package dev.tutti.conveyor;

import org.jspecify.annotations.NullMarked;
