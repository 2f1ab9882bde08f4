/**
 * The simulated store: tables, locks and transactions in memory, as PostgreSQL's READ COMMITTED shows them to the
 * conveyor, in one thread. A call that would block says so instead and is simply made again; any call may fail in every
 * way a real one can. Decides nothing about orders or stock.
 */
@NullMarked
package dev.tutti.simulator.store;

import org.jspecify.annotations.NullMarked;
