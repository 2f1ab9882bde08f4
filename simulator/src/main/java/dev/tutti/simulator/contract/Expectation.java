package dev.tutti.simulator.contract;

import java.util.Objects;

/** Says what is not as it should be. */
final class Expectation {
    private Expectation() {}

    static void equal(Object expected, Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + ": expected " + expected + ", got " + actual);
        }
    }

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
