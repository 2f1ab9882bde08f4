package dev.tutti.postgres;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long locks were held: counts by duration, in steps of about seven per cent. */
public final class LockHold {
    private static final double STEP = Math.log(2) / 10;
    private static final int BUCKETS = 400;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void add(long nanos) {
        counts.incrementAndGet((int) Math.min(BUCKETS - 1, Math.log((double) Math.max(1, nanos)) / STEP));
    }

    /** The duration that so many of the locks did not exceed, in milliseconds; 0 if there were none. */
    public double millis(double quantile) {
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += counts.get(i);
        }
        long rank = (long) Math.ceil(all * quantile);
        for (int i = 0; i < BUCKETS; i++) {
            rank -= counts.get(i);
            if (rank <= 0) {
                return all == 0 ? 0 : Math.exp((i + 1) * STEP) / 1e6;
            }
        }
        return 0;
    }

    public void reset() {
        for (int i = 0; i < BUCKETS; i++) {
            counts.set(i, 0);
        }
    }
}
