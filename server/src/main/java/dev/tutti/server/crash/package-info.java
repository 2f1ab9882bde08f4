/** Where a server can be made to die, for tests that see what it leaves behind. */
@NullMarked
package dev.tutti.server.crash;

import org.jspecify.annotations.NullMarked;
