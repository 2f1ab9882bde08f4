package dev.tutti.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.StockReads.Came;
import dev.tutti.postgres.StockReads.Offer;
import dev.tutti.postgres.StockReads.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final int ITEM = 1;

    @Test
    void whatIsSentLeavesTheUnitsOfAStoreToThoseWhoCollectThere() {
        List<Came> came = List.of(new Came(ITEM, 1, true, 1), new Came(ITEM, 2, true, 1));

        assertThat(Turns.of(once(came), List.of(sent(1, 1), collected(2, 1, 1), sent(3, 1))))
                .containsExactly(1L, 2L);
    }

    @Test
    void theImportantOneIsNotPassedOverForManyThatAreNot() {
        List<Came> came = List.of(new Came(ITEM, 1, true, 1));

        assertThat(Turns.of(once(came), List.of(sent(1, 5), collected(2, 1, 1))))
                .containsExactly(1L);
    }

    @Test
    void whatANodeHasThatSendsNothingIsForThoseWhoCollectThere() {
        List<Came> came = List.of(new Came(ITEM, 1, false, 2));

        assertThat(Turns.of(
                        once(came),
                        List.of(
                                sent(1, 1),
                                new Waiting(ITEM, 2, 1, true, 2),
                                new Waiting(ITEM, 3, 1, true, 1),
                                collected(4, 1, 1))))
                .containsExactly(3L, 4L);
    }

    /** One after the other gets each of its units if all who were before keep theirs, wherever those then come from. */
    @Test
    void theyAreThoseForWhomThereAreUnitsWhoeverGivesThem() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            List<Came> came = new ArrayList<>();
            for (int node = random.nextInt(8) == 0 ? 0 : 1; node <= 3; node++) {
                if (random.nextInt(4) > 0) {
                    came.add(new Came(ITEM, node, random.nextBoolean(), 1 + random.nextInt(3)));
                }
            }
            if (came.isEmpty()) {
                continue;
            }
            List<Waiting> waiting = new ArrayList<>();
            for (int order = 1; order <= 6; order++) {
                boolean sent = random.nextBoolean();
                int store = sent && random.nextBoolean() ? 0 : 1 + random.nextInt(3);
                waiting.add(new Waiting(ITEM, order, 1 + random.nextInt(3), sent, store));
            }
            assertThat(Turns.of(once(came), waiting)).as("seed " + seed).isEqualTo(matched(came, waiting));
        }
    }

    private static Offer once(List<Came> came) {
        return new Offer(came, 1, Set.of());
    }

    private static Waiting sent(long order, int units) {
        return new Waiting(ITEM, order, units, true, 0);
    }

    private static Waiting collected(long order, int units, int store) {
        return new Waiting(ITEM, order, units, false, store);
    }

    /** By augmenting paths, unit by unit. */
    private static Set<Long> matched(List<Came> came, List<Waiting> waiting) {
        List<Came> units = new ArrayList<>();
        came.forEach(some -> {
            for (int i = 0; i < some.units(); i++) {
                units.add(some);
            }
        });
        List<Waiting> wanted = new ArrayList<>();
        waiting.forEach(order -> {
            for (int i = 0; i < order.units(); i++) {
                wanted.add(order);
            }
        });
        int[] has = new int[units.size()];
        Arrays.fill(has, -1);
        Set<Long> chosen = new LinkedHashSet<>();
        for (int w = 0; w < wanted.size(); w++) {
            if (augment(w, wanted, units, has, new boolean[units.size()])) {
                chosen.add(wanted.get(w).order());
            }
        }
        return chosen;
    }

    private static boolean augment(int w, List<Waiting> wanted, List<Came> units, int[] has, boolean[] seen) {
        for (int u = 0; u < units.size(); u++) {
            if (!seen[u] && mayHave(wanted.get(w), units.get(u))) {
                seen[u] = true;
                if (has[u] < 0 || augment(has[u], wanted, units, has, seen)) {
                    has[u] = w;
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayHave(Waiting order, Came unit) {
        return unit.node() == 0 || order.pickUpNode() == unit.node() || (order.sent() && unit.sends());
    }
}
