/** Conditions as people write them, in CEL, checked for their types and compiled into the core's. Evaluates nothing. */
@NullMarked
package dev.tutti.rules;

import org.jspecify.annotations.NullMarked;
