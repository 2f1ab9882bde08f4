package dev.tutti.network;

import java.util.Currency;

/**
 * Where orders come from: a web shop, an app, the tills, a marketplace, a trading partner.
 *
 * @param currency all its orders are in
 * @param flow the name of the flow its orders take
 * @param backorders whether an order that cannot be filled now is taken all the same and waits
 */
public record Channel(
        ChannelId id,
        String code,
        Currency currency,
        String flow,
        boolean backorders,
        String brand,
        String legalEntity) {}
