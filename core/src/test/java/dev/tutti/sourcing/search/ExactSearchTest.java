package dev.tutti.sourcing.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactSearchTest {
    private static final int PROBLEMS = 20_000;

    @Test
    void costsNoMoreThanTheBestOfAllPlans() {
        ExactSearch search = new ExactSearch();
        for (long seed = 0; seed < PROBLEMS; seed++) {
            SourcingProblem problem = RandomProblems.tiny(seed);
            SourcingSolution solution = search.solve(problem);
            Plans.assertHolds(problem, solution);
            BruteForce.Best best = BruteForce.best(problem);
            assertThat(solution.proven()).as("seed %d", seed).isTrue();
            assertThat(solution.cost()).as("seed %d", seed).isEqualTo(best.cost());
            assertThat(solution.packages()).as("packages, seed %d", seed).isEqualTo(best.packages());
        }
    }
}
