package dev.tutti.server.live;

import dev.tutti.postgres.LiveReads;
import dev.tutti.postgres.LiveReads.NodeLoad;
import dev.tutti.postgres.LiveReads.OpenOrders;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.live.Tally.Sums;
import dev.tutti.server.security.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The board as one scope sees it. Its sections are made when somebody looks, at most once a second however many do, and
 * from what could be read in a moment: no look waits for a slow query.
 */
final class LiveBoard {
    private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final Scope scope;
    private final Pages pages;
    private final Reading<Tally> tally;
    private final Reading<List<OpenOrders>> open;
    private final Reading<Long> cases;
    private final Reading<List<NodeLoad>> load;
    private final Reading<LatestView.Found> latest;
    private final Reading<RiskView.Found> risk;
    private @Nullable Picture picture;

    /** @param sections each one's HTML, by its id */
    record Picture(Map<String, String> sections, long madeNanos) {
        /** How long until there may be another. */
        long lastsNanos() {
            return Math.max(0, madeNanos + LASTS_NANOS - System.nanoTime());
        }
    }

    /** @param tally what all boards share */
    LiveBoard(Engine engine, LiveReads reads, Scope scope, Pages pages, Reading<Tally> tally) {
        this.engine = engine;
        this.scope = scope;
        this.pages = pages;
        this.tally = tally;
        this.open = new Reading<>(() -> reads.openOrders(seen().channelNumbers()));
        this.cases = new Reading<>(() -> reads.cases(seen().channelNumbers()));
        this.load = new Reading<>(() -> {
            Seen seen = seen();
            return reads.load(seen.channelNumbers(), seen.nodeNumbers(), Engine.now());
        });
        this.latest = new Reading<>(() -> LatestView.find(reads, seen()));
        this.risk = new Reading<>(() -> RiskView.find(reads, engine.index(), seen()));
    }

    private Seen seen() {
        return new Seen(engine.catalogue().network(), scope);
    }

    synchronized Picture picture() {
        Picture last = picture;
        if (last == null || last.lastsNanos() == 0) {
            last = new Picture(sections(), System.nanoTime());
            picture = last;
        }
        return last;
    }

    /** Whether what was read last is not worth showing any more, as nobody has looked for a while. */
    private boolean isOld() {
        return picture == null || System.nanoTime() - picture.madeNanos() > OLD_NANOS;
    }

    /** Whether nobody has looked for a minute. */
    synchronized boolean isForgotten() {
        return picture != null && System.nanoTime() - picture.madeNanos() > TimeUnit.MINUTES.toNanos(1);
    }

    private Map<String, String> sections() {
        List<Reading<?>> readings = List.of(tally, open, cases, load, latest, risk);
        readings.forEach(Reading::begin);
        long until = System.nanoTime() + (isOld() ? FIRST_PATIENCE_NANOS : PATIENCE_NANOS);
        Seen seen = seen();
        List<OpenOrders> openNow = open.latest(until);
        Long casesNow = cases.latest(until);
        List<NodeLoad> loadNow = load.latest(until);
        LatestView.Found latestNow = latest.latest(until);
        RiskView.Found riskNow = risk.latest(until);
        Tally tallyNow = tally.latest(until);
        Sums sums = tallyNow == null ? null : tallyNow.sums(channels(seen));
        Long orders = openNow == null
                ? null
                : Long.valueOf(openNow.stream().mapToLong(OpenOrders::orders).sum());
        boolean answers = readings.stream().noneMatch(Reading::failing);

        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("head", pages.head(HeadView.of(engine, answers, sums, orders, casesNow, loadNow)));
        sections.put("flow", pages.flow(FlowView.of(seen, openNow, sums)));
        sections.put("latest", pages.latest(LatestView.of(latestNow, seen)));
        sections.put("map", pages.map(MapView.of(seen, loadNow)));
        sections.put("pulse", pages.pulse(PulseView.of(sums)));
        sections.put("risk", pages.risk(RiskView.of(riskNow, seen)));
        return sections;
    }

    private static IntPredicate channels(Seen seen) {
        List<Integer> numbers = seen.channelNumbers();
        if (numbers == null) {
            return channel -> true;
        }
        Set<Integer> visible = new TreeSet<>(numbers);
        return visible::contains;
    }
}
