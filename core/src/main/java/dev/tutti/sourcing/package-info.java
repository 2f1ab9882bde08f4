/**
 * Chooses the nodes for a whole order: narrows the candidates, puts them in numbers and hands them to the exact
 * search. Decides the plan and leaves a record with its inputs, so that the same plan can be computed again;
 * never reserves anything.
 */
@NullMarked
package dev.tutti.sourcing;

import org.jspecify.annotations.NullMarked;
