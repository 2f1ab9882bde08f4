package dev.tutti.network;

/**
 * The names of the flows that a channel's orders and their parts take.
 *
 * @param fulfilmentOrder empty if fulfilment orders have no flow of their own
 * @param returns empty if returns have none: their price is given back as soon as they have come
 */
public record ChannelFlows(String order, String fulfilmentOrder, String returns) {
    /** For orders alone. */
    public static ChannelFlows ofOrders(String order) {
        return new ChannelFlows(order, "", "");
    }
}
