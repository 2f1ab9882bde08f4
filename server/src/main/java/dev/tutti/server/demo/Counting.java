package dev.tutti.server.demo;

import dev.tutti.server.demo.Assortment.Article;
import java.util.SplittableRandom;

/** Stores count what is on a shelf, and do not always find what the books say. */
final class Counting {
    private static final int PERCENT_WRONG = 25;

    private final Cast cast;
    private final double perSecond;
    private final SplittableRandom random;

    Counting(Cast cast, double perSecond, SplittableRandom random) {
        this.cast = cast;
        this.perSecond = perSecond;
        this.random = random;
    }

    void count() {
        while (cast.run().goesOn()) {
            cast.run().sleep((long) (1000 * Run.exponential(random, 1 / perSecond)));
            Place store = cast.geography().anyStore(random);
            Article article = cast.assortment().wanted(random);
            if (cast.assortment().isKeptAt(store, article)) {
                count(store, article);
            }
        }
    }

    private void count(Place store, Article article) {
        int found = Tills.onHand(cast, store, article);
        if (random.nextInt(100) < PERCENT_WRONG) {
            found = Math.max(0, found + (random.nextInt(3) < 2 ? -1 : 1));
        }
        Reply reply = cast.hub()
                .lines(
                        cast.keys().node(store.code()),
                        "/v1/stock/snapshot?reference=count",
                        MasterData.line(article.sku(), store.code(), found));
        if (!reply.isDone() || !reply.problems().isEmpty()) {
            cast.tally().surprise("a count at " + store.code(), reply.body());
        }
    }
}
