/**
 * The demo: a retailer on real geography whose customers, stores and stock keepers are clients of the public API, each with
 * a key of its own. It starts a server and then speaks to it over HTTP alone: nothing here may reach into the hub, so
 * that whatever is seen in the demo can be done by anybody.
 */
@NullMarked
package dev.tutti.server.demo;

import org.jspecify.annotations.NullMarked;
