/**
 * Runs the real PostgreSQL 18 server as a child process, for demo, development and tests. Decides where its binaries
 * are unpacked, under which account and with which settings it runs, who owns a data directory, and that the server
 * never outlives the process that owns it. What was committed is there at the next start, however the last one ended.
 *
 * <p>Never trades durability for speed, never deletes a database, never listens beyond the loopback address, and knows
 * nothing of orders, schemas or migrations. Production runs on a PostgreSQL of its own.
 */
@NullMarked
package dev.tutti.postgres.embedded;

import org.jspecify.annotations.NullMarked;
