package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/** What every plan must satisfy, checked against the problem alone. */
final class Plans {
    private Plans() {}

    static void assertHolds(SourcingProblem problem, SourcingSolution solution) {
        int[] stock = new int[problem.stocks()];
        int[] capacity = new int[problem.capacities()];
        boolean[] opened = new boolean[problem.packages()];
        long cost = 0;
        for (int l = 0; l < problem.lines(); l++) {
            int filled = 0;
            for (int o = problem.optionStart(l); o < problem.optionStart(l + 1); o++) {
                int units = solution.taken(o);
                assertThat(units).isNotNegative();
                if (units > 0) {
                    assertThat(problem.splittable(l) || units == problem.quantity(l))
                            .as("line %d stays whole", l)
                            .isTrue();
                    filled += units;
                    int p = problem.optionPackage(o);
                    cost += units * problem.optionUnitCost(o) + (opened[p] ? 0 : problem.packageCost(p));
                    opened[p] = true;
                    if (problem.optionStock(o) != NONE) {
                        stock[problem.optionStock(o)] += units;
                    }
                    if (problem.packageCapacity(p) != NONE) {
                        capacity[problem.packageCapacity(p)] += units;
                    }
                }
            }
            assertThat(solution.unfilled(l))
                    .isEqualTo(problem.quantity(l) - filled)
                    .isNotNegative();
            cost += solution.unfilled(l) * problem.unfilledCost(l);
        }
        for (int s = 0; s < stock.length; s++) {
            assertThat(stock[s]).as("stock %d", s).isLessThanOrEqualTo(problem.stock(s));
        }
        for (int c = 0; c < capacity.length; c++) {
            assertThat(capacity[c]).as("capacity %d", c).isLessThanOrEqualTo(problem.capacity(c));
        }
        int packages = 0;
        for (boolean open : opened) {
            packages += open ? 1 : 0;
        }
        assertThat(solution.packages()).isEqualTo(packages).isLessThanOrEqualTo(problem.maxPackages());
        assertThat(solution.cost()).isEqualTo(cost);
        assertThat(solution.lowerBound()).isLessThanOrEqualTo(cost);
        if (solution.proven()) {
            assertThat(solution.lowerBound()).isEqualTo(cost);
        }
    }
}
