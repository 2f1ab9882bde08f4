/**
 * What happens to orders, told outside: as CloudEvents, signed, an order's events in their order, at least once. The
 * journal is the outbox; nothing is told before it is committed, and nothing is left out.
 */
@NullMarked
package dev.tutti.server.events;

import org.jspecify.annotations.NullMarked;
