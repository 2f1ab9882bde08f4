/** Patience with what is outside. */
@NullMarked
package dev.tutti.server.backoff;

import org.jspecify.annotations.NullMarked;
