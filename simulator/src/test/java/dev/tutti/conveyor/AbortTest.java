package dev.tutti.conveyor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.decision.Aggregate;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.Faults;
import dev.tutti.simulator.store.Prepared;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A round that meets an error nobody foresaw: everybody is answered once, nothing stays planned, nothing comes back. */
class AbortTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final PositionKey POSITION = new PositionKey(1, 1);
    private static final Position THERE = new Position(5, 0, 0, 0, 0, 1);

    private final Database database = new Database(commit -> {}, deadlock -> {
        throw new AssertionError(deadlock);
    });
    private final AvailabilityIndex index = new AvailabilityIndex();
    private final Conveyor<Aggregate, HubCommand, HubChange, Prepared> conveyor =
            new Conveyor<>(store(), index, Limits.STANDARD, Observer.NONE);
    private final List<Answer<Aggregate>> answers = new ArrayList<>();

    @Test
    void inTheMiddleOfDeciding() {
        index.learn(POSITION, THERE);
        Round<Aggregate, HubCommand, HubChange, Prepared> round = round(3, left -> left.size());
        round.step();
        assertThatThrownBy(round::step).isInstanceOf(StackOverflowError.class);
        assertGivenUp(round, 4);
    }

    @Test
    void betweenTwoBatches() {
        index.learn(POSITION, THERE);
        Round<Aggregate, HubCommand, HubChange, Prepared> round = round(-1, left -> 2);
        while (answers.isEmpty()) {
            round.step();
        }
        assertThat(answers).hasSize(2).allMatch(answer -> answer instanceof Answer.Done);
        round.step();
        answers.clear();
        assertGivenUp(round, 2);
    }

    @Test
    void whileMarksAreLookedFor() {
        index.learn(POSITION, THERE);
        failsToLookUp = true;
        Round<Aggregate, HubCommand, HubChange, Prepared> round = round(-1, left -> left.size());
        round.step();
        assertThatThrownBy(round::step).isInstanceOf(StackOverflowError.class);
        failsToLookUp = false;
        assertGivenUp(round, 4);
    }

    private boolean failsToLookUp;

    /** The store, which cannot be asked for keys when a test says so. */
    @SuppressWarnings("unchecked")
    private Store<Aggregate, HubChange, Prepared> store() {
        Store<Aggregate, HubChange, Prepared> store = database.connect(Faults.NONE);
        return (Store<Aggregate, HubChange, Prepared>) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (failsToLookUp && method.getName().equals("owners")) {
                        throw new StackOverflowError();
                    }
                    return method.invoke(store, arguments);
                });
    }

    private void assertGivenUp(Round<Aggregate, HubCommand, HubChange, Prepared> round, int stillWaiting) {
        round.abort();
        assertThat(round.finished()).isTrue();
        assertThat(round.returned()).isEmpty();
        assertThat(answers)
                .hasSize(stillWaiting)
                .allMatch(answer -> answer instanceof Answer.Refused<Aggregate>(var refusal)
                        && refusal.code() == RefusalCode.DECISION_FAILED);
        assertThat(conveyor.overlay().balance(POSITION)).isEqualTo(index.balance(POSITION));
        assertNothingIsLocked();
    }

    private void assertNothingIsLocked() {
        answers.clear();
        Round<Aggregate, HubCommand, HubChange, Prepared> next = round(-1, left -> 4);
        for (int call = 0; call < 20 && !next.finished(); call++) {
            next.step();
        }
        assertThat(next.finished()).as("the next round is through").isTrue();
        assertThat(answers).hasSize(4).noneMatch(answer -> answer instanceof Answer.Refused);
    }

    /** @param fails the command whose decision fails in a way that is not an exception of its own; −1 for none */
    private Round<Aggregate, HubCommand, HubChange, Prepared> round(
            int fails, Round.Cut<Aggregate, HubCommand, Prepared> cut) {
        List<Job<Aggregate, HubCommand>> jobs = new ArrayList<>();
        for (int id = 1; id <= 4; id++) {
            StockDocument document = new StockDocument(
                    id, StockDocument.Kind.DELTA, "", List.of(new StockChange(POSITION, StockMove.ADJUST, id)));
            jobs.add(new Job<>(
                    Lane.BULK,
                    id,
                    true,
                    0,
                    new HubCommand.ForStock(document),
                    List.of(new KeyClaim(new Key(KeyKind.REQUEST, "R" + id), 1, id)),
                    new Audit("test", "test", NOW, ""),
                    answers::add));
        }
        Domain<Aggregate, HubCommand, HubChange> domain = new Domain<>() {
            @Override
            public Decision<Aggregate, HubChange> decide(
                    @Nullable Aggregate state, HubCommand command, Circumstances<Aggregate> around) {
                StockDocument document = ((HubCommand.ForStock) command).document();
                if (document.id() == fails) {
                    throw new StackOverflowError();
                }
                return new Decision.Accepted<>(null, new HubChange.StockPosted(document), document.changes(), 1);
            }

            @Override
            public @Nullable Mark mark(HubCommand command) {
                long id = ((HubCommand.ForStock) command).document().id();
                return failsToLookUp ? new Mark(List.of(new KeyClaim(new Key(KeyKind.ALIKE, "M" + id), 1, id))) : null;
            }

            @Override
            public int version(Aggregate state) {
                return 1;
            }
        };
        return new Round<>(conveyor, domain, jobs, NOW, cut);
    }
}
