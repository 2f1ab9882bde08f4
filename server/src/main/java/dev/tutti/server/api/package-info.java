/**
 * REST v1: what the paths mean. Reads the wire into the domain's own shapes, puts commands on the conveyor, writes
 * orders, stock and master data as JSON. Decides how they look on the wire; never what happens to them.
 */
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;
