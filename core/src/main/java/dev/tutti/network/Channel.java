package dev.tutti.network;

import java.util.Currency;

/**
 * Where orders come from: a web shop, an app, the tills, a marketplace, a trading partner.
 *
 * @param currency all its orders are in
 * @param flows the names of the flows its orders take
 */
public record Channel(
        ChannelId id, String code, Currency currency, ChannelFlows flows, String brand, String legalEntity) {}
