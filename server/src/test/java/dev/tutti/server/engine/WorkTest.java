package dev.tutti.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Job;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.OrderCommand;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static Job<Aggregate, HubCommand> job(long id, String key) {
        return new Job<>(
                Lane.BULK,
                id,
                true,
                0,
                new HubCommand.ForOrder(new OrderCommand.Wake()),
                List.of(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, key), id, id)),
                new Audit("test", "", Instant.EPOCH, ""),
                answer -> {});
    }

    @Test
    void aCommandWaitsForTheOneThatCameFirstUnderItsKey() throws InterruptedException {
        Work work = new Work(Limits.STANDARD);
        Job<Aggregate, HubCommand> first = job(1, "same");
        Job<Aggregate, HubCommand> other = job(2, "other");
        Job<Aggregate, HubCommand> second = job(3, "same");
        work.offer(first);
        List<Job<Aggregate, HubCommand>> round = work.take();
        work.offer(second);
        work.offer(other);

        assertThat(round).containsExactly(first);
        assertThat(work.take()).containsExactly(other);
        work.giveBack(round, List.of());
        assertThat(work.take()).containsExactly(second);
    }

    @Test
    void endsWhenAllThatWasTakenInIsCarried() throws InterruptedException {
        Work work = new Work(Limits.STANDARD);
        Job<Aggregate, HubCommand> again = job(1, "a");
        work.offer(again);
        List<Job<Aggregate, HubCommand>> round = work.take();
        work.close();
        work.giveBack(round, round);

        assertThat(work.offer(job(2, "b"))).isFalse();
        assertThat(work.take()).containsExactly(again);
        work.giveBack(List.of(again), List.of());
        assertThat(work.take()).isEmpty();
    }
}
