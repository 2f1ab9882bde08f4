package dev.tutti.server.demo;

import dev.tutti.server.demo.Assortment.Article;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Look through the shelves, what sells well most often, and order what is low; it comes some time later. So the demo
 * never runs dry, and yet something is always short.
 */
final class StockKeepers {
    private static final int PERCENT_SCARCE_ORDERED = 10;
    private static final int PERCENT_STORES_ORDER = 30;
    /** The opening stock is made for so many orders a second. */
    private static final double USUAL_RATE = 8;

    private final Cast cast;
    private final double rate;
    private final SplittableRandom random;
    private final Set<Article> onTheWay = ConcurrentHashMap.newKeySet();
    private final Map<String, Place> byCode = new HashMap<>();

    StockKeepers(Cast cast, double rate, SplittableRandom random) {
        this.cast = cast;
        this.rate = rate;
        this.random = random;
        cast.geography().places().forEach(place -> byCode.put(place.code(), place));
    }

    void restock() {
        while (cast.run().goesOn()) {
            cast.run().sleep((long) (1000 * Run.exponential(random, 1 / rate)));
            Article article = random.nextInt(100) < 60
                    ? cast.assortment().wanted(random)
                    : cast.assortment().any(random);
            boolean ordered = !article.scarce() || random.nextInt(100) < PERCENT_SCARCE_ORDERED;
            if (ordered && !onTheWay.contains(article)) {
                order(article);
            }
        }
    }

    private void order(Article article) {
        Reply reply = cast.hub().get(cast.keys().stock(), "/v1/stock?sku=" + article.sku());
        if (!reply.isDone()) {
            cast.tally().surprise("stock of " + article.sku(), reply.body());
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (JsonNode position : reply.json().path("positions")) {
            Place place = byCode.get(position.path("node").asString());
            int units = place == null
                    ? 0
                    : missing(article, place, position.path("available").asInt(0));
            if (place != null && units > 0) {
                lines.writeBytes(MasterData.line(article.sku(), place.code(), units));
            }
        }
        if (lines.size() > 0 && onTheWay.add(article)) {
            SplittableRandom own = random.split();
            cast.run().start(() -> deliver(article, lines.toByteArray(), own));
        }
    }

    private int missing(Article article, Place place, int available) {
        if (place.isStore()) {
            return available < 1 && random.nextInt(100) < PERCENT_STORES_ORDER ? Assortment.shelf(random) : 0;
        }
        int wanted = (int) (article.units() * Math.max(1, rate / USUAL_RATE));
        return available < wanted / 2 ? wanted - Math.max(0, available) : 0;
    }

    private void deliver(Article article, byte[] lines, SplittableRandom own) {
        try {
            cast.run().take(own, 20, 60);
            Reply reply = cast.hub().lines(cast.keys().stock(), "/v1/stock/delta?reference=delivery", lines);
            if (!reply.isDone() || !reply.problems().isEmpty()) {
                cast.tally().surprise("a delivery of " + article.sku(), reply.body());
            }
        } finally {
            onTheWay.remove(article);
        }
    }
}
