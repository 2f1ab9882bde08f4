package dev.tutti.simulator.walk;

import dev.tutti.flow.Flow;
import dev.tutti.flow.verify.Finding;
import dev.tutti.flow.verify.Finding.Trouble;
import dev.tutti.order.OrderFlow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier says of many mutants of a flow, beside what becomes of orders that take them.
 *
 * @param accepted no order was seen to get stuck in these
 * @param useless refused because something in them is never reached
 * @param stuck refused, and orders do get stuck
 * @param refusedForNothing refused, and no order was seen to get stuck
 * @param missed accepted, and an order got stuck: what must not be; its story
 */
public record Survey(int accepted, int useless, int stuck, int refusedForNothing, List<String> missed) {
    private static final int WALKS_OF_A_MUTANT = 60;

    /** Not wrong, but of no use: nothing gets stuck by it. */
    private static final Set<Trouble> USELESS = EnumSet.of(Trouble.UNREACHABLE_STEP, Trouble.UNREACHABLE_EDGE);

    public static Survey of(Flow flow, int mutants) {
        int accepted = 0;
        int useless = 0;
        int stuck = 0;
        int refusedForNothing = 0;
        List<String> missed = new ArrayList<>();
        for (int seed = 0; seed < mutants; seed++) {
            Flow mutant = Mutants.of(flow, seed);
            List<Finding> findings = OrderFlow.verified(mutant).findings();
            boolean refused = findings.stream().anyMatch(finding -> !USELESS.contains(finding.trouble()));
            String story = story(mutant, (long) seed * WALKS_OF_A_MUTANT);
            if (refused && story == null) {
                refusedForNothing++;
            } else if (refused) {
                stuck++;
            } else if (story != null) {
                missed.add("mutant " + seed + ", with "
                        + Mutants.of(flow, seed).steps().stream()
                                .filter(step -> !flow.steps().contains(step))
                                .toList() + ": " + story);
            } else if (findings.isEmpty()) {
                accepted++;
            } else {
                useless++;
            }
        }
        return new Survey(accepted, useless, stuck, refusedForNothing, missed);
    }

    private static @Nullable String story(Flow mutant, long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + WALKS_OF_A_MUTANT; seed++) {
            String story = Walk.stuck(mutant, seed);
            if (story != null) {
                return story;
            }
        }
        return null;
    }

    /** In words, with the share of refusals that nothing was seen to justify. */
    public String words() {
        int all = accepted + useless + stuck + refusedForNothing + missed.size();
        return "of %d mutants %d accepted, %d refused that are of no use in part, %d refused that get stuck, %d refused that were never seen to (%.1f %%), %d missed"
                .formatted(
                        all,
                        accepted,
                        useless,
                        stuck,
                        refusedForNothing,
                        100.0 * refusedForNothing / Math.max(1, all),
                        missed.size());
    }
}
