package dev.tutti.server.replay;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far it is, how fast it goes and how long it will take: a line that is written over on a terminal. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long EVERY_NANOS_IN_A_LOG = TimeUnit.SECONDS.toNanos(10);

    private final PrintStream told;
    private final long all;
    private final long before;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final long startedAt = System.nanoTime();
    private long done;
    private long shownAt = startedAt;

    /**
     * @param all rows of the whole history
     * @param left rows that are still to be carried
     */
    ProgressBar(PrintStream told, long all, long left) {
        this.told = told;
        this.all = all;
        this.before = all - left;
    }

    void add(long rows) {
        done += rows;
        long time = System.nanoTime();
        if (time - shownAt > (terminal ? EVERY_NANOS : EVERY_NANOS_IN_A_LOG)) {
            shownAt = time;
            show();
        }
    }

    private void show() {
        double seconds = Math.max(0.001, (System.nanoTime() - startedAt) / 1e9);
        double rate = done / seconds;
        long here = before + done;
        int filled = all == 0 ? WIDTH : (int) (WIDTH * here / all);
        String line = String.format(
                Locale.ROOT,
                "[%s%s] %3d %%  %,d of %,d rows  %,.0f rows/s  %s left",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                all == 0 ? 100 : 100 * here / all,
                here,
                all,
                rate,
                time((all - here) / Math.max(1, rate)));
        told.print(terminal ? "\r" + line + "   " : line + "\n");
        told.flush();
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }

    @Override
    public void close() {
        show();
        if (terminal) {
            told.println();
        }
    }
}
