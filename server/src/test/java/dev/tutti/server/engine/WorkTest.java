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
    private long nanos;

    private static Job<Aggregate, HubCommand> job(long id, String key) {
        return job(Lane.BULK, 1, id, key);
    }

    private static Job<Aggregate, HubCommand> job(Lane lane, int weight, long id, String key) {
        return new Job<>(
                lane,
                weight,
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
        Work work = new Work(Limits.STANDARD, () -> nanos);
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
        Work work = new Work(Limits.STANDARD, () -> nanos);
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

    @Test
    void whileSomebodyWaitsOneRoundAtATimeCarriesWhatIsOneOfMany() throws InterruptedException {
        Work work = new Work(Limits.STANDARD, () -> nanos);
        Job<Aggregate, HubCommand> file = job(Lane.BULK, 60, 1, "a");
        Job<Aggregate, HubCommand> rest = job(Lane.BULK, 60, 2, "b");
        Job<Aggregate, HubCommand> order = job(Lane.INTERACTIVE, 1, 3, "c");
        Job<Aggregate, HubCommand> next = job(Lane.INTERACTIVE, 1, 4, "d");
        work.offer(file);
        work.offer(order);
        List<Job<Aggregate, HubCommand>> round = work.take();
        work.offer(rest);
        work.offer(next);

        assertThat(round).containsExactly(order, file);
        assertThat(work.take()).containsExactly(next);
        work.giveBack(round, List.of());
        assertThat(work.take()).containsExactly(rest);

        work.offer(job(Lane.BULK, 1, 5, "e"));
        work.offer(job(Lane.INTERACTIVE, 1, 6, "f"));
        nanos += 1_000_000_000;
        assertThat(work.take()).hasSize(2);
    }

    @Test
    void aRoundHasSoManyPlacesAsItsCommandsWeigh() throws InterruptedException {
        Work work = new Work(Limits.STANDARD, () -> nanos);
        Job<Aggregate, HubCommand> huge = job(Lane.BULK, 1_000, 1, "a");
        Job<Aggregate, HubCommand> heavy = job(Lane.BULK, 200, 2, "b");
        Job<Aggregate, HubCommand> more = job(Lane.BULK, 56, 3, "c");
        Job<Aggregate, HubCommand> last = job(Lane.BULK, 1, 4, "d");
        List.of(huge, heavy, more, last).forEach(work::offer);

        assertThat(work.take()).containsExactly(huge);
        assertThat(work.take()).containsExactly(heavy, more);
        assertThat(work.take()).containsExactly(last);
    }
}
