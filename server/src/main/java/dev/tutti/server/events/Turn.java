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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One turn of sending to a subscription that is held: first what waits, then what is new, until there is nothing left,
 * time is over, or it cannot be reached.
 *
 * <p>An order's events are sent one after the other, those of different orders side by side. One that is not taken waits,
 * and all of its order wait behind it; the others go on.
 */
final class Turn {
    /** Longer than a turn and its last request. */
    static final Duration LEASE = Duration.ofSeconds(90);

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int AT_ONCE = 200;
    /** So many failures in a row are not the events' fault. */
    private static final int PATIENCE = 5;

    /** So many turns in a row without success: then it was not the events. */
    private static final int A_WHILE = 3;

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Outbox outbox;
    private final Reads reads;
    private final Post post;
    private final Subscription to;
    private final Function<FeedEntry, List<CloudEvent>> told;
    private final List<String> secrets;
    private final BooleanSupplier closing;
    private final long until = System.nanoTime() + LONGEST.toNanos();
    private final AtomicInteger inARow = new AtomicInteger();
    private volatile boolean taken;
    private volatile String trouble = "";

    /** @param told what the subscription is told of a command, in its order */
    Turn(
            Outbox outbox,
            Reads reads,
            Post post,
            Subscription to,
            Function<FeedEntry, List<CloudEvent>> told,
            BooleanSupplier closing) {
        this.outbox = outbox;
        this.reads = reads;
        this.post = post;
        this.to = to;
        this.told = told;
        this.secrets = outbox.secrets(to.code());
        this.closing = closing;
    }

    /** What became of one event: null if it was taken. */
    private record Tried(
            CloudEvent event, boolean sent, @Nullable String failure) {
        boolean taken() {
            return sent && failure == null;
        }
    }

    void run(Held held) {
        Held ours = held;
        if (ours.failures() > 0) {
            ours = probed(ours);
            if (ours == null) {
                return;
            }
        }
        while (ours != null && !isOver()) {
            boolean waited = sendWaiting(ours, outbox.waiting(to.code(), AT_ONCE));
            FeedCursor before = ours.cursor();
            ours = isOver() ? ours : sendNew(ours, AT_ONCE);
            if (ours != null && !waited && ours.cursor().equals(before)) {
                break;
            }
        }
        if (ours != null) {
            int failures = hasTrouble() ? 1 : 0;
            outbox.release(ours, failures, hasTrouble() ? rest(1) : Duration.ZERO, trouble);
        }
    }

    private boolean hasTrouble() {
        return inARow.get() >= PATIENCE;
    }

    private boolean isOver() {
        return hasTrouble() || closing.getAsBoolean() || System.nanoTime() - until > 0;
    }

    /** One that could not be reached is tried with an event that waits and a command that is new; null if in vain. */
    private @Nullable Held probed(Held held) {
        sendWaiting(held, outbox.anyWaiting(to.code()));
        Held ours = taken ? held : sendNew(held, 1);
        if (ours != null && !taken && inARow.get() > 0) {
            outbox.release(ours, held.failures() + 1, rest(held.failures() + 1), trouble);
            return null;
        }
        if (held.failures() >= A_WHILE) {
            outbox.hurry(to.code());
        }
        return ours;
    }

    /** @return whether anything waited */
    private boolean sendWaiting(Held held, List<Waiting> waiting) {
        if (waiting.isEmpty()) {
            return false;
        }
        Map<EventId, CloudEvent> events = new HashMap<>();
        for (FeedEntry entry :
                reads.entriesOf(waiting.stream().map(Waiting::event).toList())) {
            told.apply(entry).forEach(event -> events.put(event.event(), event));
        }
        Map<Long, List<CloudEvent>> byOrder = new TreeMap<>();
        for (Waiting each : waiting) {
            CloudEvent event = events.get(each.event());
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
                fates.add(failed(each.event(), each.attempts() + 1, one.failure()));
            }
        }
        outbox.settle(held, fates);
        return true;
    }

    private Fate failed(EventId event, int attempts, String detail) {
        return attempts >= to.mostAttempts()
                ? new Fate.Dead(event, attempts, detail)
                : new Fate.Again(event, attempts, wait(attempts, LONGEST_WAIT), detail);
    }

    /** What is new, as far as a batch goes; null if the subscription was lost meanwhile. */
    private @Nullable Held sendNew(Held held, int limit) {
        List<FeedEntry> entries = reads.feed(held.cursor(), limit);
        if (entries.isEmpty()) {
            return held;
        }
        Map<Long, List<CloudEvent>> byOrder = new TreeMap<>();
        for (FeedEntry entry : entries) {
            List<CloudEvent> events = told.apply(entry);
            if (!events.isEmpty()) {
                byOrder.computeIfAbsent(entry.cursor().order(), o -> new ArrayList<>())
                        .addAll(events);
            }
        }
        List<Fate.Again> waiting = new ArrayList<>();
        Set<Long> behind = byOrder.isEmpty() ? Set.of() : outbox.ordersThatWait(to.code(), byOrder.keySet());
        for (long order : behind) {
            List<CloudEvent> events = byOrder.remove(order);
            if (events != null) {
                events.forEach(event -> waiting.add(behind(event)));
            }
        }
        for (Tried one : send(byOrder.values(), event -> 1).values()) {
            EventId event = one.event().event();
            if (!one.sent()) {
                waiting.add(behind(one.event()));
            } else if (one.failure() != null) {
                waiting.add(new Fate.Again(event, 1, wait(1, LONGEST_WAIT), one.failure()));
            }
        }
        return outbox.moveOn(held, entries.getLast().cursor(), waiting, LEASE);
    }

    private static Fate.Again behind(CloudEvent event) {
        return new Fate.Again(event.event(), 0, Duration.ZERO, "");
    }

    /** Sends groups side by side and what is in each one after the other, up to the first that is not taken. */
    private Map<EventId, Tried> send(Collection<List<CloudEvent>> groups, Function<EventId, Integer> attempt) {
        Map<EventId, Tried> tried = new ConcurrentHashMap<>();
        groups.forEach(group -> group.forEach(event -> tried.put(event.event(), new Tried(event, false, null))));
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
            boolean givenUp = one.failure() != null && attempt.apply(event.event()) >= to.mostAttempts();
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
                    return new Tried(event, false, null);
                }
                Post.Answer answer = post.send(to, secrets, event);
                switch (answer) {
                    case Post.Answer.Taken t -> {
                        taken = true;
                        inARow.set(0);
                    }
                    case Post.Answer.Refused r -> inARow.set(0);
                    case Post.Answer.Missed(var why) -> {
                        inARow.incrementAndGet();
                        trouble = why;
                    }
                }
                return new Tried(event, true, answer.failure());
            } finally {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Tried(event, false, null);
        }
    }

    private static Duration rest(int failures) {
        return wait(failures, LONGEST_REST);
    }

    /** Twice as long each time, and never the same for two. */
    private static Duration wait(int times, Duration longest) {
        long most = Math.min(longest.toMillis(), SHORTEST_WAIT.toMillis() << Math.min(20, times - 1));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}
