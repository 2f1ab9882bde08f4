package dev.tutti.server.live;

import dev.tutti.postgres.LiveReads;
import dev.tutti.postgres.LiveReads.Minute;
import dev.tutti.server.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * What happened to orders in the last day, minute by minute, in memory: filled from the journal an hour at a time, the
 * newest first, and carried forward from where it has read to. A horizon stands between both, so that nothing is counted
 * twice or left out. If nobody looked for a while it begins anew.
 */
final class Tally {
    static final int DAY = 24 * 60;
    static final int SHOWN = 30;
    private static final int SLICE = 60;
    private static final long FILLING_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long FORGETS_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** What is counted. */
    enum Kind {
        TAKEN,
        RELEASED,
        FULFILLED,
        CANCELLED,
        RETURNED
    }

    private static final int KINDS = Kind.values().length;

    private final LiveReads reads;
    private final TreeMap<Long, Map<Integer, int[]>> minutes = new TreeMap<>();
    private boolean began;
    private long firstHorizon;
    private long horizon;
    private long filledFrom;
    private long lastNanos;

    Tally(LiveReads reads) {
        this.reads = reads;
    }

    /**
     * Sums over some channels.
     *
     * @param day of the last day, by channel and kind
     * @param recent of the last minutes by kind, the last one not over yet
     * @param peak the most orders taken in a minute, and which it was
     * @param complete whether the whole day has been counted
     * @param since from when on all has been counted
     */
    record Sums(Map<Integer, long[]> day, int[][] recent, int peak, Instant peakAt, boolean complete, Instant since) {
        long day(Kind kind) {
            return day.values().stream().mapToLong(sums -> sums[kind.ordinal()]).sum();
        }

        long day(int channel, Kind kind) {
            long[] sums = day.get(channel);
            return sums == null ? 0 : sums[kind.ordinal()];
        }

        /** In the last minute that is over. */
        int lastMinute(Kind kind) {
            return recent[kind.ordinal()][SHOWN - 2];
        }

        /** In the one that is not over. */
        int thisMinute(Kind kind) {
            return recent[kind.ordinal()][SHOWN - 1];
        }
    }

    /** Reads on. Only one thread at a time does. */
    Tally advance() {
        long start = System.nanoTime();
        long now = minute(Engine.now());
        if (!began || start - lastNanos > FORGETS_NANOS) {
            beginAnew(now);
        } else {
            long seen = reads.horizon();
            add(reads.minutesOf(horizon, seen));
            horizon = seen;
        }
        while (filledFrom > now - DAY && System.nanoTime() - start < FILLING_NANOS) {
            fillOneMore(now);
        }
        lastNanos = start;
        return this;
    }

    private synchronized void beginAnew(long now) {
        minutes.clear();
        firstHorizon = reads.horizon();
        horizon = firstHorizon;
        filledFrom = now + DAY;
        began = true;
    }

    private void fillOneMore(long now) {
        long from = filledFrom > now ? now - SLICE : Math.max(now - DAY, filledFrom - SLICE);
        add(reads.minutesOf(start(from), start(filledFrom), firstHorizon));
        synchronized (this) {
            filledFrom = from;
        }
    }

    private synchronized void add(List<Minute> counted) {
        for (Minute minute : counted) {
            int[] sums = minutes.computeIfAbsent(minute.minute(), m -> new HashMap<>())
                    .computeIfAbsent(minute.channel(), c -> new int[KINDS]);
            sums[Kind.TAKEN.ordinal()] += minute.taken();
            sums[Kind.RELEASED.ordinal()] += minute.released();
            sums[Kind.FULFILLED.ordinal()] += minute.fulfilled();
            sums[Kind.CANCELLED.ordinal()] += minute.cancelled();
            sums[Kind.RETURNED.ordinal()] += minute.returned();
        }
    }

    synchronized Sums sums(IntPredicate channels) {
        long now = minute(Engine.now());
        minutes.headMap(now - DAY).clear();
        Map<Integer, long[]> day = new HashMap<>();
        int[][] recent = new int[KINDS][SHOWN];
        int peak = 0;
        long peakAt = now;
        for (Map.Entry<Long, Map<Integer, int[]>> minute : minutes.entrySet()) {
            int taken = 0;
            long ago = now - minute.getKey();
            for (Map.Entry<Integer, int[]> channel : minute.getValue().entrySet()) {
                if (channels.test(channel.getKey())) {
                    long[] sums = day.computeIfAbsent(channel.getKey(), c -> new long[KINDS]);
                    int[] counted = channel.getValue();
                    taken += counted[Kind.TAKEN.ordinal()];
                    for (int kind = 0; kind < KINDS; kind++) {
                        sums[kind] += counted[kind];
                        if (ago >= 0 && ago < SHOWN) {
                            recent[kind][(int) (SHOWN - 1 - ago)] += counted[kind];
                        }
                    }
                }
            }
            if (taken >= peak && ago > 0) {
                peak = taken;
                peakAt = minute.getKey();
            }
        }
        return new Sums(day, recent, peak, start(peakAt), filledFrom <= now - DAY, start(Math.min(now, filledFrom)));
    }

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60L);
    }

    private static Instant start(long minute) {
        return Instant.EPOCH.plus(Duration.ofMinutes(minute));
    }
}
