package dev.tutti.server.demo;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Everybody who plays, and what they share. */
final class Cast {
    /** A run has its own numbers and its own luck: another run places other orders. */
    private static final long SEED = 42;

    private final Run run;
    private final HubClient hub;
    private final Keyring keys;
    private final Assortment assortment;
    private final Geography geography;
    private final int runNumber;
    private final DemoOptions options;
    private final @Nullable OrderTopic marketplace;
    private final Tally tally = new Tally();
    private final Customers customers = new Customers(this);

    Cast(
            Run run,
            HubClient hub,
            Keyring keys,
            Assortment assortment,
            Geography geography,
            int runNumber,
            DemoOptions options,
            @Nullable OrderTopic marketplace) {
        this.run = run;
        this.hub = hub;
        this.keys = keys;
        this.assortment = assortment;
        this.geography = geography;
        this.runNumber = runNumber;
        this.options = options;
        this.marketplace = marketplace;
    }

    /** Everybody begins. */
    void play() {
        SplittableRandom luck = new SplittableRandom(SEED + runNumber);
        for (Shop shop : Shop.values()) {
            Shoppers shoppers = new Shoppers(this, shop, options.rate() * shop.share(), luck.split());
            run.start(shoppers::come);
        }
        for (Place place : geography.places()) {
            Staff staff = new Staff(this, place, options.pace(), luck.split());
            run.start(staff::work);
        }
        Tills tills = new Tills(this, options.rate() / 4, luck.split());
        run.start(tills::sell);
        StockKeepers keepers = new StockKeepers(this, options.rate(), luck.split());
        run.start(keepers::restock);
        run.start(new ServiceDesk(this, luck.split())::work);
        run.start(new Counting(this, options.rate() / 40, luck.split())::count);
    }

    /** Where the marketplace leaves its orders; null if it calls instead. */
    @Nullable
    OrderTopic marketplace() {
        return marketplace;
    }

    Run run() {
        return run;
    }

    HubClient hub() {
        return hub;
    }

    Keyring keys() {
        return keys;
    }

    Assortment assortment() {
        return assortment;
    }

    Geography geography() {
        return geography;
    }

    int runNumber() {
        return runNumber;
    }

    Tally tally() {
        return tally;
    }

    Customers customers() {
        return customers;
    }
}
