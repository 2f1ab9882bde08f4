/**
 * The live page: what is going on, for people, told anew every second while somebody looks. Decides what is shown and to
 * whom; it never changes anything, and it asks the database for nothing that grows with the number of orders stored.
 */
@NullMarked
package dev.tutti.server.live;

import org.jspecify.annotations.NullMarked;
