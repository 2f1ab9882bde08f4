/**
 * How a decision can fail, and how it must not. A refusal is an answer: a value with a stable code. A broken
 * invariant is a bug: it is thrown, and nothing catches it but the edge of the conveyor. Decides the vocabulary
 * of refusals; never the wording of an HTTP response.
 */
@NullMarked
package dev.tutti.decision;

import org.jspecify.annotations.NullMarked;
