/**
 * The truth, in PostgreSQL: the conveyor's store, the schema it needs and the reads that serve pages and calls. Decides
 * how things are laid out in tables and in which statements they are written; never what happens to an order or to
 * stock. The only module that knows java.sql.
 */
@NullMarked
package dev.tutti.postgres;

import org.jspecify.annotations.NullMarked;
