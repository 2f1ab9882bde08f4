/**
 * What is on its way to nodes: purchase orders, advance ship notices, transfers. What they are counted on for is booked at
 * the days on which it is due, and as what those who wait may have; what comes is booked where it comes.
 */
@NullMarked
package dev.tutti.inbound;

import org.jspecify.annotations.NullMarked;
