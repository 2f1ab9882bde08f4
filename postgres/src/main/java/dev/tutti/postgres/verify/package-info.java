/**
 * The invariants, put to a live database: each has a number, a sentence and a query that finds what violates it. Reads
 * one snapshot and changes nothing. Decides whether the books are true; never repairs them.
 */
@NullMarked
package dev.tutti.postgres.verify;

import org.jspecify.annotations.NullMarked;
