/** A real broker of Kafka in this process, with a directory of its own: for tests and for the demo. */
@NullMarked
package dev.tutti.broker;

import org.jspecify.annotations.NullMarked;
