package dev.tutti.network;

/** What kind of house a node is. */
public enum NodeType {
    STORE,
    DISTRIBUTION_CENTRE,
    SUPPLIER,
    THIRD_PARTY_WAREHOUSE
}
