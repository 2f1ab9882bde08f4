package dev.tutti.server.live;

import dev.tutti.postgres.LiveReads.NodeLoad;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.live.Tally.Kind;
import dev.tutti.server.live.Tally.Sums;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the server is, and the day in five figures. */
record HeadView(List<Fact> facts, String instant, String time, List<Figure> figures) {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration STALE = Duration.ofSeconds(30);

    record Fact(String mood, String name, String value) {}

    record Figure(String mood, String name, String span, String value, String unit, String note) {}

    static HeadView of(
            Engine engine,
            boolean databaseAnswers,
            @Nullable Sums sums,
            @Nullable Long open,
            @Nullable Long cases,
            @Nullable List<NodeLoad> load) {
        Instant now = Engine.now();
        return new HeadView(
                List.of(stock(engine), database(engine, databaseAnswers), waiting(engine)),
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                Words.time(now),
                List.of(taken(sums), perMinute(sums), open(open, cases, load), late(load), fulfilled(sums)));
    }

    private static Fact stock(Engine engine) {
        Duration age = engine.staleness();
        String mood = age.compareTo(FRESH) < 0 ? "ok" : age.compareTo(STALE) < 0 ? "warn" : "bad";
        return new Fact(mood, "Stock picture", Words.age(age) + " old");
    }

    private static Fact database(Engine engine, boolean answers) {
        double held = engine.database().store().lockHold().millis(0.5);
        return answers
                ? new Fact("ok", "Database", "rows locked " + Words.length(held) + Words.TIED + "ms")
                : new Fact("bad", "Database", "does not answer");
    }

    private static Fact waiting(Engine engine) {
        return new Fact("ok", "Commands waiting", Words.number(engine.waiting()));
    }

    private static Figure unknown(String name, String span) {
        return new Figure("none", name, span, "–", "", "being counted");
    }

    private static Figure taken(@Nullable Sums sums) {
        if (sums == null) {
            return unknown("Orders taken", "24 h");
        }
        long taken = sums.day(Kind.TAKEN);
        String note = !sums.complete()
                ? "counted back to " + Words.minute(sums.since())
                : taken == 0 ? "none yet" : Words.count(sums.day(Kind.CANCELLED), "cancelled", "cancelled");
        return new Figure(taken == 0 ? "none" : "", "Orders taken", "24 h", Words.number(taken), "", note);
    }

    private static Figure perMinute(@Nullable Sums sums) {
        if (sums == null) {
            return unknown("Orders per minute", "now");
        }
        int last = sums.lastMinute(Kind.TAKEN);
        int unfinished = sums.thisMinute(Kind.TAKEN);
        String before =
                sums.peak() == 0 ? "" : "most " + Words.number(sums.peak()) + " at " + Words.minute(sums.peakAt());
        String note = before.isEmpty() && unfinished == 0 ? "none yet" : before;
        if (note.isEmpty()) {
            note = Words.number(unfinished) + " in this one so far";
        }
        return new Figure(last == 0 ? "none" : "", "Orders per minute", "now", Words.number(last), "", note);
    }

    private static Figure open(@Nullable Long open, @Nullable Long cases, @Nullable List<NodeLoad> load) {
        if (open == null || cases == null || load == null) {
            return unknown("Orders open", "now");
        }
        long units = load.stream().mapToLong(NodeLoad::units).sum();
        String work = units == 0
                ? "no node has work"
                : Words.count(units, "unit", "units") + " to do at " + Words.count(load.size(), "node", "nodes");
        String note = cases == 0 ? work : work + " · " + Words.count(cases, "needs", "need") + " a person";
        return new Figure(open == 0 ? "none" : "", "Orders open", "now", Words.number(open), "", note);
    }

    private static Figure late(@Nullable List<NodeLoad> load) {
        if (load == null) {
            return unknown("Late fulfilment orders", "now");
        }
        long late = load.stream().mapToLong(NodeLoad::late).sum();
        long all = load.stream().mapToLong(NodeLoad::fulfilmentOrders).sum();
        long behind = load.stream().filter(node -> node.late() > 0).count();
        String note = all == 0
                ? "none open"
                : "of " + Words.number(all) + " open"
                        + (behind == 0 ? "" : " · " + Words.count(behind, "node", "nodes") + " behind");
        return new Figure(
                late > 0 ? "bad" : all == 0 ? "none" : "",
                "Late fulfilment orders",
                "now",
                Words.number(late),
                "",
                note);
    }

    private static Figure fulfilled(@Nullable Sums sums) {
        if (sums == null) {
            return unknown("Fulfilled", "24 h");
        }
        long fulfilled = sums.day(Kind.FULFILLED);
        long closed = fulfilled + sums.day(Kind.CANCELLED);
        return closed == 0
                ? new Figure("none", "Fulfilled", "24 h", "–", "", "no order closed yet")
                : new Figure(
                        "",
                        "Fulfilled",
                        "24 h",
                        Words.length(Math.floor(1000.0 * fulfilled / closed) / 10),
                        "%",
                        "of " + Words.number(closed) + " closed"
                                + (closed == fulfilled ? ", none cancelled" : "; the rest was cancelled"));
    }
}
