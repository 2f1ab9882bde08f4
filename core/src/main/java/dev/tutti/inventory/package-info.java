/**
 * What may be sold, and the guard that keeps it from being sold twice. A position is one item at one place;
 * every change to it goes through Guard and leaves a ledger entry. Decides whether a change is admitted; never
 * which place is best. The availability index is a picture of all positions for planning: it may be stale, the
 * guard has the last word.
 */
@NullMarked
package dev.tutti.inventory;

import org.jspecify.annotations.NullMarked;
