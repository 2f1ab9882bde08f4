package dev.tutti.server.demo;

import dev.tutti.network.GeoPoint;

/** A node of the retailer, as the demo's people know it. */
record Place(String code, boolean isStore, GeoPoint.Vector at) {}
