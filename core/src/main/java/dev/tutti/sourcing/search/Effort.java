package dev.tutti.sourcing.search;

/** What a search may still spend, counted in options looked at: the same on every machine, unlike time. */
final class Effort {
    private long left;

    void start(long limit) {
        left = limit;
    }

    void spend(long options) {
        left -= options;
    }

    long left() {
        return left;
    }

    boolean spent() {
        return left <= 0;
    }
}
