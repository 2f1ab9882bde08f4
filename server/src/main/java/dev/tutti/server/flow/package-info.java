/** Flows as they are written in files, on the wire and in the database, and as they are drawn. Runs none. */
@NullMarked
package dev.tutti.server.flow;

import org.jspecify.annotations.NullMarked;
