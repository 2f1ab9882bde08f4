package dev.tutti.network;

/** A node's number: small, given once when the node is made known, never reused. */
public record NodeId(int value) implements Comparable<NodeId> {
    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }
}
