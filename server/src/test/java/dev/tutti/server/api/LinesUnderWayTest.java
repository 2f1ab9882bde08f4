package dev.tutti.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class LinesUnderWayTest {
    private static final int ITEM = 7;
    private static final int NODE = 3;

    private final AvailabilityIndex index = new AvailabilityIndex();
    private final LinesUnderWay underWay = new LinesUnderWay(index);

    private static List<StockChange> line(StockMove move, int quantity) {
        return List.of(StockChange.of(ITEM, NODE, move, quantity));
    }

    private static List<StockChange> lineAt(StockMove move, int quantity) {
        return List.of(new StockChange(new PositionKey(ITEM, NODE), move, quantity, 1_000_000));
    }

    private void onHand(int units) {
        index.learn(new PositionKey(ITEM, NODE), new Position(units, 0, 0, 0, 0, 1));
    }

    private CompletableFuture<Boolean> send(List<StockChange> line) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        underWay.gathered(line);
        underWay.sent(line, answer);
        return answer;
    }

    @Test
    void whatTakesWhatIsStillComingFollowsIt() {
        CompletableFuture<Boolean> delivery = send(line(StockMove.ADJUST, 5));
        assertThat(underWay.mustFollow(line(StockMove.ADJUST, -5))).isTrue();
        assertThat(underWay.mustFollow(line(StockMove.SELL, 1))).isTrue();
        assertThat(underWay.mustFollow(line(StockMove.ADJUST, 5)))
                .as("sums are sums")
                .isFalse();
        assertThat(underWay.mustFollow(List.of(StockChange.of(ITEM, NODE + 1, StockMove.SELL, 1))))
                .as("elsewhere")
                .isFalse();
        delivery.complete(true);
        assertThat(underWay.mustFollow(line(StockMove.ADJUST, -5))).isFalse();
    }

    @Test
    void whatIsThereAnyhowNeedNotWait() {
        onHand(10);
        CompletableFuture<Boolean> sale = send(line(StockMove.SELL, 4));
        CompletableFuture<Boolean> delivery = send(line(StockMove.ADJUST, 5));
        assertThat(underWay.mustFollow(line(StockMove.SELL, 6))).isFalse();
        assertThat(underWay.mustFollow(line(StockMove.SELL, 7)))
                .as("four of the ten may be gone already")
                .isTrue();
        delivery.complete(true);
        assertThat(underWay.mustFollow(line(StockMove.SELL, 7)))
                .as("it is refused, or not, whoever comes first")
                .isFalse();
        sale.complete(true);
    }

    @Test
    void whatComesWhereMoreIsTakenThanIsThereFollowsThat() {
        onHand(1);
        CompletableFuture<Boolean> sale = send(line(StockMove.SELL, 3));
        assertThat(underWay.mustFollow(line(StockMove.ADJUST, 5)))
                .as("two would be taken off it, which were never there")
                .isTrue();
        sale.complete(false);
        assertThat(underWay.mustFollow(line(StockMove.ADJUST, 5))).isFalse();
    }

    @Test
    void ofTwoFiguresTheLaterOneHolds() {
        for (StockMove move : new StockMove[] {StockMove.COUNT, StockMove.CAP, StockMove.SAFETY}) {
            CompletableFuture<Boolean> first = send(line(move, 5));
            assertThat(underWay.mustFollow(line(move, 8))).as("%s", move).isTrue();
            first.complete(true);
            assertThat(underWay.mustFollow(line(move, 8))).as("%s", move).isFalse();
        }
    }

    @Test
    void whatSaysWhenItWasNeedNotWait() {
        CompletableFuture<Boolean> delivery = send(line(StockMove.ADJUST, 5));
        assertThat(underWay.mustFollow(lineAt(StockMove.SELL, 5))).isFalse();
        assertThat(underWay.mustFollow(lineAt(StockMove.ADJUST, -5))).isFalse();
        delivery.complete(true);
    }

    @Test
    void whoWaitsGoesOnWhenAllIsAnsweredWhateverTheAnswer() throws InterruptedException {
        CompletableFuture<Boolean> first = send(line(StockMove.ADJUST, 5));
        CompletableFuture<Boolean> second = send(line(StockMove.ADJUST, 6));
        AtomicBoolean gone = new AtomicBoolean();
        Thread waiting = Thread.ofVirtual().start(() -> {
            underWay.await();
            gone.set(true);
        });
        second.complete(true);
        while (waiting.getState() != Thread.State.WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(gone.get()).isFalse();
        first.completeExceptionally(new IllegalStateException("the database is gone"));
        waiting.join();
        assertThat(gone.get()).isTrue();
        assertThat(underWay.mustFollow(line(StockMove.SELL, 1))).isFalse();
    }
}
