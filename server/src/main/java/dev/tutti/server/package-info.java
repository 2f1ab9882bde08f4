/** A running Tutti server: puts the parts together, starts and stops them. Decides nothing about orders or stock. */
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;
