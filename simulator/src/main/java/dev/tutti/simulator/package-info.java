/**
 * A whole world in one thread and from one seed: servers that run the conveyor's own code on the simulated store,
 * customers, nodes, stock keepers, a clock, and everything that goes wrong between them. Decides who acts next and what
 * fails; whether what came of it is right is for the auditor to say.
 */
@NullMarked
package dev.tutti.simulator;

import org.jspecify.annotations.NullMarked;
