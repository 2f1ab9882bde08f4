package dev.tutti.network;

import java.time.Duration;
import java.util.Currency;

/**
 * Where orders come from: a web shop, an app, the tills, a marketplace, a trading partner.
 *
 * @param currency all its orders are in
 * @param flows the names of the flows its orders take
 * @param threshold units of each item at each node that it does not see, and so does not sell: a margin for what is counted
 *     wrong or sold at the till, wider for a channel that must not cancel
 * @param duplicatesWithin two like orders of one customer within this time may be one sent twice; zero if nobody looks
 */
public record Channel(
        ChannelId id,
        String code,
        Currency currency,
        ChannelFlows flows,
        String brand,
        String legalEntity,
        Duration duplicatesWithin,
        int threshold) {
    public static final int MOST_THRESHOLD = 100_000;

    /** Beyond, a customer means it. */
    public static final Duration LONGEST_FOR_DUPLICATES = Duration.ofDays(30);

    /** One that sees all there is, and where nobody looks for duplicates. */
    public Channel(ChannelId id, String code, Currency currency, ChannelFlows flows, String brand, String legalEntity) {
        this(id, code, currency, flows, brand, legalEntity, Duration.ZERO, 0);
    }
}
