package dev.tutti.server.demo;

import java.util.SplittableRandom;

/** The five ways to the retailer, and how people order there. */
enum Shop {
    WEB("web", 38, 15),
    APP("app", 28, 30),
    /** What the store has not got is ordered at the till, and sent. */
    TILLS("tills", 12, 20),
    MARKETPLACE("marketplace", 18, 0),
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

    int lines(SplittableRandom random) {
        return switch (this) {
            case WEB, APP, TILLS -> fewMostly(random, 4);
            case MARKETPLACE -> fewMostly(random, 2);
            case B2B -> 5 + (int) (36 * Math.pow(random.nextDouble(), 3));
        };
    }

    int quantity(SplittableRandom random) {
        return switch (this) {
            case WEB, APP, TILLS, MARKETPLACE -> random.nextInt(100) < 85 ? 1 : 2 + random.nextInt(2);
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
