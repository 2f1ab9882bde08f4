package dev.tutti.order;

import dev.tutti.network.NodeId;

/** A node that gave a line's units back and is not asked for that line again. */
public record Blocked(int line, NodeId node) {}
