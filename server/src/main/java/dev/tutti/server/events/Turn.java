package dev.tutti.server.events;

import dev.tutti.postgres.Outbox;
import dev.tutti.postgres.Outbox.EventId;
import dev.tutti.postgres.Outbox.Fate;
import dev.tutti.postgres.Outbox.Held;
import dev.tutti.postgres.Outbox.Waiting;
import dev.tutti.postgres.Reads;
import dev.tutti.postgres.Reads.FeedCursor;
import dev.tutti.postgres.Reads.FeedEntry;
import dev.tutti.postgres.Subscription;
import dev.tutti.server.backoff.Backoff;
import dev.tutti.server.crash.CrashPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of sending to a subscription that is held: first what waits, then what is new, until there is nothing left,
 * time is over, or it cannot be reached.
 *
 * <p>An order's events are sent one after the other, those of different orders side by side. One that is not taken waits,
 * and all of its order wait behind it; the others go on.
 */
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    /** What was sent since may be sent again if a server dies. */
    private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

    private static final int AT_ONCE = 200;
    /** So many failures in a row are not the events' fault. */
    private static final int PATIENCE = 5;

    /** So many turns in a row without success: then it was not the events. */
    private static final int A_WHILE = 3;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Outbox outbox;
    private final Reads reads;
    private final Sink sink;
    private final Subscription to;
    private final Tail tail;
    private final Function<FeedEntry, List<CloudEvent>> events;
    private volatile List<String> secrets = List.of();
    private final BooleanSupplier closing;
    private volatile long until = System.nanoTime() + LONGEST.toNanos();
    private long notedAt = System.nanoTime();
    private final AtomicInteger inARow = new AtomicInteger();
    private volatile boolean taken;
    private volatile boolean nobodyThere;
    /** Of which something was answered, and not taken. */
    private final Set<Long> ordersMissed = ConcurrentHashMap.newKeySet();

    private boolean probing;
    private volatile String trouble = "";

    /** @param events that a command led to */
    Turn(
            Outbox outbox,
            Reads reads,
            Tail tail,
            Sink sink,
            Subscription to,
            Function<FeedEntry, List<CloudEvent>> events,
            BooleanSupplier closing) {
        this.outbox = outbox;
        this.reads = reads;
        this.tail = tail;
        this.sink = sink;
        this.to = to;
        this.events = events;
        this.closing = closing;
    }

    /** What became of one event: null if it was taken. */
    private record Tried(
            CloudEvent event,
            boolean sent,
            boolean missed,
            boolean hopeless,
            @Nullable String failure) {
        boolean taken() {
            return sent && failure == null;
        }
    }

    /** Whoever takes a subscription up, before it is known how long its requests may take. */
    static Duration lease() {
        return LEASE;
    }

    /** Longer than its longest request: it is noted how far a turn has come once a second. */
    private Duration longLease() {
        return LEASE.plusSeconds(to.timeoutSeconds());
    }

    void run(Held held) {
        secrets = held.secrets();
        if (!outbox.note(held, List.of(), longLease())) {
            return;
        }
        Held ours = held.failures() > 0 ? probed(held) : held;
        while (ours != null && !isOver()) {
            boolean waited = ours.waits() && sendWaiting(ours, outbox.waiting(to.code(), AT_ONCE));
            FeedCursor before = ours.cursor();
            ours = isOver() ? ours : sendNew(ours, AT_ONCE);
            if (ours != null && !waited && ours.cursor().equals(before)) {
                break;
            }
        }
        if (ours != null) {
            CrashPoint.TURN_OVER.pass();
            boolean away = isAway();
            outbox.release(ours, away ? 1 : 0, away ? rest(1) : Duration.ZERO, away ? trouble : "");
        }
    }

    /** Who cannot take what one order has to say may be there for the others; who takes nothing of two is not. */
    private boolean isAway() {
        return hasTrouble() || (!taken && (probing || nobodyThere || ordersMissed.size() > 1));
    }

    private boolean hasTrouble() {
        return inARow.get() >= PATIENCE;
    }

    private boolean isOver() {
        return hasTrouble() || closing.getAsBoolean() || System.nanoTime() - until > 0;
    }

    /** One that could not be reached is tried with an event that waits and a command that is new; null if in vain. */
    private @Nullable Held probed(Held held) {
        probing = true;
        until = System.nanoTime()
                + LONGEST.plusSeconds(2L * to.timeoutSeconds()).toNanos();
        if (held.waits()) {
            sendWaiting(held, outbox.anyWaiting(to.code()));
        }
        // Two requests, each as long as one may be.
        if (!outbox.note(held, List.of(), longLease())) {
            return null;
        }
        Held ours = taken ? held : sendNew(held, 1);
        if (ours == null) {
            return null;
        }
        if (!taken && (inARow.get() > 0 || closing.getAsBoolean())) {
            outbox.release(ours, held.failures() + 1, rest(held.failures() + 1), trouble);
            return null;
        }
        if (taken && held.failures() >= A_WHILE) {
            outbox.hurry(to.code());
        }
        probing = false;
        until = System.nanoTime() + LONGEST.toNanos();
        return ours;
    }

    /** @return whether anything waited */
    private boolean sendWaiting(Held held, List<Waiting> waiting) {
        if (waiting.isEmpty()) {
            return false;
        }
        Map<EventId, CloudEvent> wanted = new HashMap<>();
        for (FeedEntry entry :
                reads.entriesOf(waiting.stream().map(Waiting::event).toList())) {
            wanted(events.apply(entry)).forEach(event -> wanted.put(event.event(), event));
        }
        Map<Long, List<CloudEvent>> byOrder = new TreeMap<>();
        for (Waiting each : waiting) {
            CloudEvent event = wanted.get(each.event());
            if (event != null) {
                byOrder.computeIfAbsent(each.event().order(), o -> new ArrayList<>())
                        .add(event);
            }
        }
        Map<EventId, Integer> attempts = new HashMap<>();
        waiting.forEach(each -> attempts.put(each.event(), each.attempts()));
        Map<EventId, Tried> tried = send(byOrder.values(), event -> attempts.getOrDefault(event, 0) + 1);
        List<Fate> fates = new ArrayList<>();
        for (Waiting each : waiting) {
            Tried one = tried.get(each.event());
            if (one == null || one.taken()) {
                fates.add(new Fate.Sent(each.event(), each.attempts() + 1)); // or not wanted any more
            } else if (one.failure() != null) {
                fates.add(failed(each.event(), each.attempts(), one));
            }
        }
        outbox.settle(held, fates);
        return true;
    }

    /** Who is away for everybody has not refused this one: that is no attempt. */
    private Fate failed(EventId event, int before, Tried tried) {
        String detail = String.valueOf(tried.failure());
        int attempts = tried.missed() && isAway() ? before : before + 1;
        return tried.hopeless() || attempts >= to.mostAttempts()
                ? new Fate.Dead(event, attempts, detail)
                : new Fate.Again(event, attempts, Backoff.after(attempts, LONGEST_WAIT), detail);
    }

    private List<CloudEvent> wanted(List<CloudEvent> all) {
        return all.stream()
                .filter(event -> to.wants(event.kind(), event.channel()))
                .toList();
    }

    /** What is new, as far as a batch goes; null if the subscription was lost meanwhile. */
    private @Nullable Held sendNew(Held held, int limit) {
        List<Tail.Told> commands = tail.after(held.cursor(), limit);
        if (commands.isEmpty()) {
            return held;
        }
        Map<Long, List<CloudEvent>> byOrder = new TreeMap<>();
        for (Tail.Told command : commands) {
            List<CloudEvent> wanted = wanted(command.events());
            if (!wanted.isEmpty()) {
                byOrder.computeIfAbsent(command.cursor().order(), o -> new ArrayList<>())
                        .addAll(wanted);
            }
        }
        List<Fate> waiting = new ArrayList<>();
        if (held.waits() && !byOrder.isEmpty()) {
            for (long order : outbox.ordersThatWait(to.code(), byOrder.keySet())) {
                List<CloudEvent> behind = byOrder.remove(order);
                if (behind != null) {
                    behind.forEach(event -> waiting.add(behind(event)));
                }
            }
        }
        for (Tried one : send(byOrder.values(), event -> 1).values()) {
            EventId event = one.event().event();
            if (!one.sent()) {
                waiting.add(behind(one.event()));
            } else if (one.failure() != null) {
                waiting.add(failed(event, 0, one));
            }
        }
        Held next = held.at(commands.getLast().cursor());
        boolean mustBeNoted = !waiting.isEmpty() || System.nanoTime() - notedAt > NOTE_EVERY.toNanos();
        if (!mustBeNoted) {
            return next;
        }
        notedAt = System.nanoTime();
        if (!outbox.note(next, waiting, longLease())) {
            return null;
        }
        return waiting.isEmpty() ? next : next.waiting();
    }

    private static Fate.Again behind(CloudEvent event) {
        return new Fate.Again(event.event(), 0, Duration.ZERO, "");
    }

    /** Sends groups side by side and what is in each one after the other, up to the first that is not taken. */
    private Map<EventId, Tried> send(Collection<List<CloudEvent>> groups, Function<EventId, Integer> attempt) {
        Map<EventId, Tried> tried = new ConcurrentHashMap<>();
        groups.forEach(
                group -> group.forEach(event -> tried.put(event.event(), new Tried(event, false, false, false, null))));
        Semaphore free = new Semaphore(to.atOnce());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<CloudEvent> group : groups) {
                threads.execute(() -> sendOneByOne(group, attempt, free, tried));
            }
        }
        return tried;
    }

    private void sendOneByOne(
            List<CloudEvent> group, Function<EventId, Integer> attempt, Semaphore free, Map<EventId, Tried> tried) {
        for (CloudEvent event : group) {
            Tried one = sent(event, free);
            tried.put(event.event(), one);
            boolean givenUp = one.hopeless()
                    || (one.failure() != null && !one.missed() && attempt.apply(event.event()) >= to.mostAttempts());
            if (!one.taken() && !givenUp) {
                return;
            }
        }
    }

    private Tried sent(CloudEvent event, Semaphore free) {
        try {
            free.acquire();
            try {
                if (isOver()) {
                    return new Tried(event, false, false, false, null);
                }
                Sink.Answer answer = answer(event);
                switch (answer) {
                    case Sink.Answer.Taken t -> {
                        CrashPoint.EVENT_SENT.pass();
                        taken = true;
                        inARow.set(0);
                    }
                    case Sink.Answer.Refused r -> inARow.set(0);
                    case Sink.Answer.Impossible i -> inARow.set(0);
                    case Sink.Answer.Missed(var why, var answered) -> {
                        inARow.incrementAndGet();
                        nobodyThere |= !answered;
                        ordersMissed.add(event.event().order());
                        trouble = why;
                    }
                }
                return new Tried(
                        event,
                        true,
                        answer instanceof Sink.Answer.Missed,
                        answer instanceof Sink.Answer.Impossible,
                        answer.failure());
            } finally {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Tried(event, false, false, false, null);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // an edge of the program: whatever a client of somebody's throws
    private Sink.Answer answer(CloudEvent event) throws InterruptedException {
        try {
            return sink.send(to, secrets, event);
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: an event could not be sent to {}", to.code(), unforeseen);
            return new Sink.Answer.Missed(
                    "an error of our own: " + unforeseen.getClass().getSimpleName(), true);
        }
    }

    private static Duration rest(int failures) {
        return Backoff.after(failures, LONGEST_REST);
    }
}
