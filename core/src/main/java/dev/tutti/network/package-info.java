/**
 * Where orders come from and where they can be fulfilled: channels and nodes, with places on the globe,
 * calendars, cut-offs, capacity and costs. Decides when a node can next hand over, in the node's own time zone;
 * never how much stock it has.
 */
@NullMarked
package dev.tutti.network;

import org.jspecify.annotations.NullMarked;
