/**
 * The auditor: a second model of orders and stock, built from what was written down and from what the clients were
 * told, never from the core's own state. Decides whether the numbered invariants hold, and names the order or position
 * where one does not.
 */
@NullMarked
package dev.tutti.simulator.audit;

import org.jspecify.annotations.NullMarked;
