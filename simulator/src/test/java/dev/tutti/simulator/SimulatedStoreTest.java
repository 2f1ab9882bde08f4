package dev.tutti.simulator;

import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.simulator.contract.Harness;
import dev.tutti.simulator.contract.StoreContract;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.Fault;
import dev.tutti.simulator.store.Faults;
import dev.tutti.simulator.store.LockWait;
import dev.tutti.simulator.store.Prepared;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SimulatedStoreTest {
    @TestFactory
    Stream<DynamicTest> keepsTheContract() {
        return StoreContract.<Prepared>cases().stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), () -> {
                    try (Steps steps = new Steps()) {
                        promise.body().accept(steps);
                    }
                }));
    }

    /** Calls that wait are made again when somebody asks for their result. */
    private static final class Steps implements Harness<Prepared>, Faults {
        private final Database database = new Database(commit -> {}, deadlock -> {
            throw new AssertionError(deadlock);
        });
        private Fault atCommit = Fault.NONE;
        private long ids;

        @Override
        public Store<Aggregate, HubChange, Prepared> store() {
            return database.connect(this);
        }

        @Override
        public long nextId() {
            return ++ids;
        }

        @Override
        public <T> Harness.Call<T> begin(Supplier<T> call) {
            return new Harness.Call<>() {
                @Override
                public boolean waits() {
                    try {
                        var _ = call.get();
                        return false;
                    } catch (LockWait wait) {
                        return true;
                    }
                }

                @Override
                public T result() {
                    return call.get();
                }
            };
        }

        @Override
        public void loseNextCommit(boolean happens) {
            atCommit = happens ? Fault.ANSWER_LOST_DONE : Fault.ANSWER_LOST_UNDONE;
        }

        @Override
        public Map<PositionKey, Position> positions(SortedSet<PositionKey> keys) {
            Map<PositionKey, Position> there = new TreeMap<>(database.positions());
            there.keySet().retainAll(keys);
            return there;
        }

        @Override
        public int @Nullable [] ledgerSums(PositionKey key) {
            int[] sums = new int[2];
            boolean any = false;
            for (Commit commit : database.history()) {
                for (Store.Posting posting : commit.postings()) {
                    if (posting.entry().position().equals(key)) {
                        sums[0] += posting.entry().onHandDelta();
                        sums[1] += posting.entry().reservedDelta();
                        any = true;
                    }
                }
            }
            return any ? sums : null;
        }

        @Override
        public Fault at(dev.tutti.simulator.store.Call call) {
            Fault fault = call == dev.tutti.simulator.store.Call.COMMIT ? atCommit : Fault.NONE;
            atCommit = call == dev.tutti.simulator.store.Call.COMMIT ? Fault.NONE : atCommit;
            return fault;
        }

        @Override
        public boolean tired() {
            return false;
        }

        @Override
        public void close() {}
    }
}
