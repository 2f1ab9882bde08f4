/**
 * Says before a flow runs what could go wrong with it: looks at every situation that it can come to, of which there are
 * finitely many, and tells the shortest story to one in which it would stand still, go in circles or be asked for what
 * cannot be done. What is not known counts as possible, so it may refuse a flow that is good, but accepts none that is not.
 */
@NullMarked
package dev.tutti.flow.verify;

import org.jspecify.annotations.NullMarked;
