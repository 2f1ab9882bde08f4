/**
 * Puts the decisions on the conveyor: every command there is, for an order or for stock, and the one function
 * that decides it. Decides nothing itself.
 */
@NullMarked
package dev.tutti.hub;

import org.jspecify.annotations.NullMarked;
