package dev.tutti.server.demo;

import java.util.SplittableRandom;

/** The six ways to the retailer, and how people order there. */
enum Shop {
    WEB("web", 36, 15),
    APP("app", 26, 30),
    /** What the store has not got is ordered at the till, and sent. */
    TILLS("tills", 12, 20),
    MARKETPLACE("marketplace", 16, 0),
    /** Somebody types what a customer says: now and then a digit is missing, or an order is typed twice. */
    PHONE("phone", 6, 0),
    B2B("b2b", 4, 0);

    private final String channel;
    private final int percentOfOrders;
    private final int percentPickedUp;

    Shop(String channel, int percentOfOrders, int percentPickedUp) {
        this.channel = channel;
        this.percentOfOrders = percentOfOrders;
        this.percentPickedUp = percentPickedUp;
    }

    String channel() {
        return channel;
    }

    double share() {
        return percentOfOrders / 100.0;
    }

    boolean picksUp(SplittableRandom random) {
        return random.nextInt(100) < percentPickedUp;
    }

    boolean mistypes(SplittableRandom random) {
        return this == PHONE && random.nextInt(100) < 8;
    }

    boolean typesTwice(SplittableRandom random) {
        return this == PHONE && random.nextInt(100) < 6;
    }

    int lines(SplittableRandom random) {
        return switch (this) {
            case WEB, APP, TILLS, PHONE -> fewMostly(random, 4);
            case MARKETPLACE -> fewMostly(random, 2);
            case B2B -> 5 + (int) (36 * Math.pow(random.nextDouble(), 3));
        };
    }

    int quantity(SplittableRandom random) {
        return switch (this) {
            case WEB, APP, TILLS, MARKETPLACE, PHONE -> random.nextInt(100) < 85 ? 1 : 2 + random.nextInt(2);
            case B2B -> 2 + random.nextInt(9);
        };
    }

    /** Half of them one, half of the others two. */
    private static int fewMostly(SplittableRandom random, int most) {
        int number = 1;
        while (number < most && random.nextBoolean()) {
            number++;
        }
        return number;
    }
}
