/**
 * How the hub calls services outside: only where it may, to the address that was looked at, and with
 * requests that never last longer than said.
 */
@NullMarked
package dev.tutti.server.outgoing;

import org.jspecify.annotations.NullMarked;
