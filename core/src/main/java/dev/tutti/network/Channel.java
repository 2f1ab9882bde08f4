package dev.tutti.network;

import java.util.Currency;

/**
 * Where orders come from: a web shop, an app, the tills, a marketplace, a trading partner.
 *
 * @param currency all its orders are in
 * @param flow the name of the flow its orders take
 */
public record Channel(ChannelId id, String code, Currency currency, String flow, String brand, String legalEntity) {}
