/**
 * Puts a history of orders through the engine on the history's own time and says what came of it. Decides what a row of
 * a file means (by a mapping that somebody wrote) and in which order things happen; never how an order is decided: that
 * is the core's, as in a running server.
 */
@NullMarked
package dev.tutti.server.replay;

import org.jspecify.annotations.NullMarked;
