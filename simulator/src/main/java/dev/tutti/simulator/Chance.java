package dev.tutti.simulator;

import java.util.List;

/** SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed, on every machine and in every release. */
public final class Chance {
    private long state;

    public Chance(long seed) {
        this.state = seed;
        next();
    }

    public long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to but not including {@code bound}. */
    public int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** From {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True once in so many times; never for 0. */
    public boolean oneIn(int times) {
        return times > 0 && below(times) == 0;
    }

    public boolean percent(int percent) {
        return below(100) < percent;
    }

    public <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}
