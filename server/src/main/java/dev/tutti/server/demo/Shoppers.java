package dev.tutti.server.demo;

import dev.tutti.server.demo.Assortment.Article;
import dev.tutti.server.demo.Geography.Home;
import dev.tutti.server.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Places one channel's orders, by chance in time. Its customers are many, but only so many wait for an answer at once. */
final class Shoppers {
    private static final int WAITING_AT_ONCE = 32;
    private static final int LOOKS_FOR_PICK_UP = 8;
    private static final double NEAR_MILES = 60;

    private final Cast cast;
    private final Shop shop;
    private final String key;
    private final double perSecond;
    private final SplittableRandom random;
    private final Semaphore waiting = new Semaphore(WAITING_AT_ONCE);
    private int count;

    /** @param pickUpAt null if it is shipped */
    private record Basket(Home home, @Nullable Place pickUpAt, Map<Article, Integer> lines) {}

    Shoppers(Cast cast, Shop shop, double perSecond, SplittableRandom random) {
        this.cast = cast;
        this.shop = shop;
        this.key = cast.keys().channel(shop.channel());
        this.perSecond = perSecond;
        this.random = random;
    }

    void come() {
        while (cast.run().goesOn()) {
            cast.run().sleep((long) (1000 * Run.exponential(random, 1 / perSecond)));
            String number = String.format(
                    Locale.ROOT,
                    "%s%d-%06d",
                    shop.channel().substring(0, 1).toUpperCase(Locale.ROOT),
                    cast.runNumber(),
                    ++count);
            SplittableRandom own = random.split();
            waiting.acquireUninterruptibly(); // more would only wait in the server
            cast.run().start(() -> {
                try {
                    order(number, own);
                } finally {
                    waiting.release();
                }
            });
        }
    }

    private void order(String number, SplittableRandom own) {
        Basket basket = shop.picksUp(own) ? forPickUp(own) : null;
        if (basket == null) {
            basket = toShip(own);
        }
        String customer = "c-" + own.nextInt(50_000);
        String postcode = basket.home().postcode();
        if (shop.mistypes(own)) {
            postcode = postcode.substring(0, postcode.length() - 1);
        }
        byte[] order = json(number, customer, basket, postcode, own);
        if (shop.typesTwice(own)) {
            byte[] again = json(number + "-2", customer, basket, postcode, own);
            cast.run().start(() -> {
                cast.run().take(own, 2, 20);
                place(number + "-2", again, own);
            });
        }
        place(number, order, own);
    }

    private void place(String number, byte[] order, SplittableRandom own) {
        OrderTopic topic = cast.marketplace();
        if (shop == Shop.MARKETPLACE && topic != null) {
            if (topic.write(number, order)) {
                cast.tally().placed(shop.channel());
            }
            return;
        }
        Reply reply = cast.hub().post(key, "/v1/orders", order);
        if (reply.isDone()) {
            JsonNode placed = reply.json();
            cast.tally().placed(shop.channel());
            cast.tally().seen(placed);
            cast.customers().hasOrdered(placed, own);
        } else if (reply.code().equals("insufficient-supply")) {
            cast.tally().refused();
        } else {
            cast.tally().surprise("order " + number, reply.body());
        }
    }

    private Basket toShip(SplittableRandom own) {
        Map<Article, Integer> lines = new LinkedHashMap<>();
        int wanted = shop.lines(own);
        for (int tries = 4 * wanted; tries > 0 && lines.size() < wanted; tries--) {
            lines.put(cast.assortment().wanted(own), shop.quantity(own));
        }
        return new Basket(cast.geography().anyHome(own), null, lines);
    }

    /** Something that a store near by has, or nothing. */
    private @Nullable Basket forPickUp(SplittableRandom own) {
        Place store = cast.geography().anyStore(own);
        Home home = cast.geography().nearestHome(store);
        if (store.at().milesTo(home.at()) > NEAR_MILES) {
            return null;
        }
        Map<Article, Integer> lines = new LinkedHashMap<>();
        int wanted = Math.min(2, shop.lines(own));
        for (Article article : kept(store, own)) {
            if (lines.size() < wanted && available(article, store) > 0) {
                lines.put(article, 1);
            }
        }
        return lines.isEmpty() ? null : new Basket(home, store, lines);
    }

    /** Some of what a store keeps. */
    private List<Article> kept(Place store, SplittableRandom own) {
        List<Article> kept = new ArrayList<>();
        for (int tries = 0; tries < 100 && kept.size() < LOOKS_FOR_PICK_UP; tries++) {
            Article article = cast.assortment().wanted(own);
            if (cast.assortment().isKeptAt(store, article) && !kept.contains(article)) {
                kept.add(article);
            }
        }
        return kept;
    }

    private int available(Article article, Place store) {
        Reply reply = cast.hub().get(key, "/v1/stock?sku=" + article.sku() + "&node=" + store.code());
        return reply.isDone() ? reply.json().at("/positions/0/available").asInt(0) : 0;
    }

    private byte[] json(String number, String customer, Basket basket, String postcode, SplittableRandom own) {
        return Json.bytes(json -> {
            String name = People.name(own);
            json.writeStartObject();
            json.writeStringProperty("channel", shop.channel());
            json.writeStringProperty("externalId", number);
            json.writeStringProperty("customer", customer);
            json.writeStringProperty("currency", "USD");
            Place pickUpAt = basket.pickUpAt();
            if (pickUpAt == null) {
                json.writeName("shipTo");
                address(json, basket.home(), postcode, name, own);
                json.writeNumberProperty("shipping", 0);
            } else {
                json.writeName("shipGroups");
                json.writeStartArray();
                json.writeStartObject();
                json.writeStringProperty("method", "pick-up");
                json.writeStringProperty("pickUpNode", pickUpAt.code());
                json.writeName("address");
                json.writeStartObject();
                nameAndTown(json, basket.home(), postcode, name);
                json.writeEndObject();
                json.writeEndObject();
                json.writeEndArray();
            }
            json.writeName("lines");
            json.writeStartArray();
            basket.lines().forEach((article, quantity) -> {
                json.writeStartObject();
                json.writeStringProperty("sku", article.sku());
                json.writeNumberProperty("quantity", quantity);
                json.writeNumberProperty("unitPrice", article.price());
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void address(JsonGenerator json, Home home, String postcode, String name, SplittableRandom own) {
        json.writeStartObject();
        nameAndTown(json, home, postcode, name);
        json.writeStringProperty("street", People.street(own));
        json.writeStringProperty("region", home.state());
        json.writeName("location");
        json.writeStartObject();
        json.writeNumberProperty("latitude", home.point().latitude());
        json.writeNumberProperty("longitude", home.point().longitude());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** @param postcode as it was typed */
    static void nameAndTown(JsonGenerator json, Home home, String postcode, String name) {
        json.writeStringProperty("name", name);
        json.writeStringProperty("city", home.city());
        json.writeStringProperty("postcode", postcode);
        json.writeStringProperty("country", "US");
    }
}
