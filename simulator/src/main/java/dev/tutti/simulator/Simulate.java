package dev.tutti.simulator;

import dev.tutti.simulator.audit.Violation;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code ./tutti simulate}: runs worlds and says how they ended. The same arguments give the same output. */
public final class Simulate {
    private static final String USAGE =
            "usage: ./tutti simulate --seed N --steps M [--seeds COUNT] [--servers K] [--print]";

    private Simulate() {}

    public static void main(String[] args) {
        long seed = 1;
        int steps = 500;
        int seeds = 1;
        int servers = 0;
        boolean print = false;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--seed" -> seed = Long.parseLong(args[++i]);
                    case "--steps" -> steps = Integer.parseInt(args[++i]);
                    case "--seeds" -> seeds = Integer.parseInt(args[++i]);
                    case "--servers" -> servers = Integer.parseInt(args[++i]);
                    case "--print" -> print = true;
                    default -> throw new IllegalArgumentException("unknown option " + args[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
            System.err.println(wrong.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
        long started = System.nanoTime();
        boolean clean = true;
        double ran = 0;
        for (long s = seed; s < seed + seeds && clean; s++) {
            ran++;
            clean = run(s, steps, servers, print ? System.out::println : null);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        System.err.printf(Locale.ROOT, "%.1f s, %.0f steps/s%n", seconds, ran * steps / seconds);
        System.exit(clean ? 0 : 1);
    }

    private static boolean run(long seed, int steps, int servers, @Nullable Consumer<String> printer) {
        Report report = new World(seed, servers, printer).run(steps);
        System.out.println(summary(seed, report));
        if (report.violation() == null) {
            return true;
        }
        System.out.println(describe(seed, steps, servers, report));
        return false;
    }

    /** One line that says what happened in a world. */
    static String summary(long seed, Report report) {
        History h = report.history();
        return "seed " + seed + ": " + report.step() + " steps, " + report.requests() + " requests, " + h.commands
                + " commands in " + h.commits + " commits, " + h.postings + " ledger entries, " + h.done + " done, "
                + h.repeated + " repeated, " + h.refused + " refused, " + report.crashes() + " crashes, history "
                + String.format(Locale.ROOT, "%016x", h.hash());
    }

    private static String describe(long seed, int steps, int servers, Report report) {
        Violation violation = report.violation();
        if (violation == null) {
            return "";
        }
        return "VIOLATION of invariant " + violation.invariant().number() + " (" + violation.invariant() + ": "
                + violation.invariant().sentence() + ")\n  at step " + report.step() + ", " + violation.subject() + ": "
                + violation.getMessage() + "\n  replay: ./tutti simulate --seed " + seed + " --steps " + steps
                + (servers > 0 ? " --servers " + servers : "");
    }

    /**
     * Runs one world.
     *
     * @return null if every invariant held, else what did not and how to see it again
     */
    public static @Nullable String violation(long seed, int steps) {
        Report report = new World(seed, 0, null).run(steps);
        return report.violation() == null ? null : describe(seed, steps, 0, report);
    }
}
