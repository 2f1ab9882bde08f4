/**
 * Measures Tutti, each figure against what it is to be compared with, in the same run. Prints one JSON object a line
 * besides what a person reads. Decides nothing about how Tutti works; what it finds goes into docs/benchmarks.md.
 */
@NullMarked
package dev.tutti.benchmarks;

import org.jspecify.annotations.NullMarked;
