package dev.tutti.benchmarks;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.ChannelId;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Orders as customers place them: some lines, popular items more often, anywhere in the country. */
final class Drafts {
    private final SplittableRandom random;
    private final Zipf popularity;
    private final int lines;

    Drafts(long seed, int items, int lines) {
        this.random = new SplittableRandom(seed);
        this.popularity = new Zipf(items, 1.0);
        this.lines = lines;
    }

    /** The number of an item that somebody buys. */
    int item() {
        return 1 + popularity.next(random);
    }

    SplittableRandom random() {
        return random;
    }

    OrderDraft draft(long id, Instant now) {
        List<OrderDraft.Line> wanted = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            wanted.add(new OrderDraft.Line(item(), 1 + random.nextInt(3), 1, true, 500 + random.nextInt(5000), 0, 0));
        }
        return new OrderDraft(
                new OrderId(id),
                new ChannelId(World.CHANNEL),
                "B-" + id,
                "c-" + random.nextInt(1_000_000),
                "USD",
                now,
                0,
                List.of(new ShipGroup(1, Method.SHIP, World.somewhere(random), null, "US", "10001")),
                wanted,
                0,
                495,
                null,
                List.of(new Contact(1, "A Buyer", List.of("1 Main St"), "Springfield", "", "10001", "US", "", "")),
                new TreeMap<>());
    }
}
