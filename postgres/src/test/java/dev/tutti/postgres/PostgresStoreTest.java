package dev.tutti.postgres;

import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.simulator.contract.Harness;
import dev.tutti.simulator.contract.StoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The real database keeps the contract that the simulated store keeps, so what is simulated is what will run. */
class PostgresStoreTest {
    @TestFactory
    Stream<DynamicTest> keepsTheContract() {
        return StoreContract.<PreparedChange>cases().stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), () -> {
                    try (Threads threads = new Threads()) {
                        promise.body().accept(threads);
                    }
                }));
    }

    /** Calls that may wait run in threads of their own; COMMIT is cut off by a proxy. */
    private static final class Threads implements Harness<PreparedChange> {
        private static final long MOMENT_MILLIS = 300;

        private final CuttingProxy proxy;
        private final Database database;
        private final ExecutorService threads = Executors.newCachedThreadPool();

        Threads() throws IOException {
            proxy = new CuttingProxy(TestDatabase.port());
            database = Database.open(TestDatabase.fresh().replace(":" + TestDatabase.port(), ":" + proxy.port()), 8);
        }

        @Override
        public Store<Aggregate, HubChange, PreparedChange> store() {
            return database.store();
        }

        @Override
        public long nextId() {
            return database.ids().next();
        }

        @Override
        public <T> Harness.Call<T> begin(Supplier<T> call) {
            CompletableFuture<T> result = CompletableFuture.supplyAsync(call, threads);
            return new Harness.Call<>() {
                @Override
                public boolean waits() {
                    try {
                        result.get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
                        return false;
                    } catch (TimeoutException e) {
                        return true;
                    } catch (ExecutionException | InterruptedException e) {
                        return false;
                    }
                }

                @Override
                public T result() {
                    try {
                        return result.get();
                    } catch (ExecutionException e) {
                        if (e.getCause() instanceof StoreFailure failure) {
                            throw failure;
                        }
                        throw new IllegalStateException(e.getCause());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
        }

        @Override
        public void loseNextCommit(boolean happens) {
            proxy.cutNext(happens ? CuttingProxy.Cut.AFTER_COMMIT : CuttingProxy.Cut.BEFORE_COMMIT);
        }

        @Override
        public Map<PositionKey, Position> positions(SortedSet<PositionKey> keys) {
            AvailabilityIndex index = new AvailabilityIndex();
            database.stock().learn(index, 0, Integer.MAX_VALUE);
            Map<PositionKey, Position> there = new TreeMap<>();
            for (PositionKey key : keys) {
                Position position = index.position(key);
                if (position != null) {
                    there.put(key, position);
                }
            }
            return there;
        }

        @Override
        public int @Nullable [] ledgerSums(PositionKey key) {
            try (Connection connection = database.dataSource().getConnection();
                    PreparedStatement select = connection.prepareStatement("""
                            select count(*), coalesce(sum(on_hand_delta), 0), coalesce(sum(reserved_delta), 0)
                            from stock_ledger
                            where item_id = ? and place_id = ?
                            """)) {
                select.setInt(1, key.item());
                select.setInt(2, key.place());
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getInt(1) == 0 ? null : new int[] {row.getInt(2), row.getInt(3)};
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
            database.close();
            try {
                proxy.close();
            } catch (UncheckedIOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
