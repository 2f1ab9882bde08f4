package dev.tutti.postgres;

import java.util.List;

/**
 * Somebody outside who is told what happens to orders.
 *
 * @param events kinds of events that are sent, by their stable names; empty means all
 * @param channels codes of channels whose orders it is told of; empty means all
 * @param timeoutSeconds how long an answer is waited for
 * @param atOnce how many requests may be under way
 * @param mostAttempts after so many an event is a dead letter
 * @param inside whether it may be at an address of a private network
 */
public record Subscription(
        String code,
        String url,
        List<String> events,
        List<String> channels,
        int timeoutSeconds,
        int atOnce,
        int mostAttempts,
        boolean inside) {
    public Subscription {
        events = List.copyOf(events);
        channels = List.copyOf(channels);
    }

    /** Whether it is told of a kind of event of a channel's orders. */
    public boolean wants(String event, String channel) {
        return (events.isEmpty() || events.contains(event)) && (channels.isEmpty() || channels.contains(channel));
    }
}
