/**
 * Runs the core: the threads of the conveyor, the work that falls due, the picture of the stock and how it follows what
 * other servers do, the catalogue of items and nodes. Decides when something is done and on which thread; never what.
 */
@NullMarked
package dev.tutti.server.engine;

import org.jspecify.annotations.NullMarked;
