/** How the hub calls services outside: only where it may, to the address that was looked at, and never for longer than said. */
@NullMarked
package dev.tutti.server.outgoing;

import org.jspecify.annotations.NullMarked;
