package dev.tutti.server.demo;

import dev.tutti.server.demo.Assortment.Article;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/** What customers carry out of the stores themselves, and now and then back in without saying of which order. */
final class Tills {
    private static final int PERCENT_BROUGHT_BACK = 4;
    private static final int LOOKS = 40;

    private final Cast cast;
    private final double perSecond;
    private final SplittableRandom random;

    Tills(Cast cast, double perSecond, SplittableRandom random) {
        this.cast = cast;
        this.perSecond = perSecond;
        this.random = random;
    }

    void sell() {
        while (cast.run().goesOn()) {
            cast.run().sleep((long) (1000 * Run.exponential(random, 1 / perSecond)));
            Place store = cast.geography().anyStore(random);
            boolean back = random.nextInt(100) < PERCENT_BROUGHT_BACK;
            byte[] receipt = receipt(store, !back);
            if (receipt.length > 0) {
                send(store, back ? "/v1/stock/returns" : "/v1/stock/sales", receipt);
            }
        }
    }

    private byte[] receipt(Place store, boolean onlyWhatIsThere) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        int wanted = 1 + random.nextInt(3);
        for (int look = 0; look < LOOKS && wanted > 0; look++) {
            Article article = cast.assortment().wanted(random);
            if (cast.assortment().isKeptAt(store, article) && (!onlyWhatIsThere || onHand(cast, store, article) > 0)) {
                lines.writeBytes(MasterData.line(article.sku(), store.code(), 1));
                wanted--;
            }
        }
        return lines.toByteArray();
    }

    /** What lies on the shelf, be it somebody's or not: nobody at a till asks. */
    static int onHand(Cast cast, Place store, Article article) {
        String path = "/v1/stock?sku=" + article.sku() + "&node=" + store.code();
        Reply reply = cast.hub().get(cast.keys().node(store.code()), path);
        return reply.isDone() ? reply.json().at("/positions/0/onHand").asInt(0) : 0;
    }

    private void send(Place store, String path, byte[] lines) {
        Reply reply = cast.hub().lines(cast.keys().node(store.code()), path, lines);
        if (!reply.isDone() || !reply.problems().isEmpty()) {
            cast.tally().surprise(path + " of " + store.code(), reply.body());
        }
    }
}
