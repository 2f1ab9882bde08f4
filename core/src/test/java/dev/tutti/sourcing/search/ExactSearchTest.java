package dev.tutti.sourcing.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactSearchTest {
    private static final int PROBLEMS = 20_000;

    @Test
    void costsNoMoreThanTheBestOfAllPlansAndOpensNoMorePackages() {
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

    /** Whole lines go to the programme over subsets; here branch and bound must answer for them too. */
    @Test
    void branchAndBoundAgreesWithTheProgrammeOverSubsets() {
        Reduction reduction = new Reduction();
        PackageSearch search = new PackageSearch();
        ExactSearch whole = new ExactSearch();
        for (long seed = 0; seed < 500; seed++) {
            SourcingProblem problem = RandomProblems.whole(8, 25, seed);
            Model model = new Model();
            reduction.apply(problem, model);
            assertThat(model.whole).isTrue();
            int[] taken = new int[problem.options()];
            assertThat(search.solve(model, Long.MAX_VALUE, taken)).isTrue();
            assertThat(SourcingSolution.costOf(problem, taken))
                    .as("seed %d", seed)
                    .isEqualTo(whole.solve(problem).cost());
        }
    }

    /** More lines than are few, of which no node has most; also where there may be few packages. */
    @Test
    void branchAndBoundAgreesWithTheProgrammeOverMoreLines() {
        Reduction reduction = new Reduction();
        PackageSearch search = new PackageSearch();
        PartitionProgramme programme = new PartitionProgramme();
        for (long seed = 0; seed < 60; seed++) {
            SourcingProblem problem = RandomProblems.whole(13 + (int) (seed % 2), 25, 2 * (int) (seed % 3), seed);
            Model model = new Model();
            reduction.apply(problem, model);
            assertThat(model.whole && PartitionProgramme.suits(model)).isTrue();
            int[] searched = new int[problem.options()];
            assertThat(search.solve(model, Long.MAX_VALUE, searched)).isTrue();
            int[] divided = new int[problem.options()];
            programme.solve(model, divided);
            assertThat(SourcingSolution.costOf(problem, divided))
                    .as("seed %d", seed)
                    .isEqualTo(SourcingSolution.costOf(problem, searched));
            assertThat(SourcingSolution.packagesOf(problem, divided))
                    .as("seed %d", seed)
                    .isEqualTo(SourcingSolution.packagesOf(problem, searched));
        }
    }

    /** Many nodes of which each has little: the programme takes lines apart unit by unit, and branch and bound need not. */
    @Test
    void branchAndBoundAgreesWhereFewUnitsAreAtManyNodes() {
        Reduction reduction = new Reduction();
        PackageSearch search = new PackageSearch();
        ExactSearch exact = new ExactSearch();
        int divided = 0;
        int many = 0;
        for (long seed = 0; seed < 150; seed++) {
            int lines = seed % 3 == 0 ? 13 : 9;
            SourcingProblem problem = RandomProblems.sparse(lines, 40, seed);
            Model model = new Model();
            reduction.apply(problem, model);
            int[] taken = new int[problem.options()];
            assertThat(search.solve(model, Long.MAX_VALUE, taken)).isTrue();
            SourcingSolution solution = exact.solve(problem);
            Plans.assertHolds(problem, solution);
            assertThat(solution.proven()).isTrue();
            assertThat(SourcingSolution.costOf(problem, taken))
                    .as("seed %d", seed)
                    .isEqualTo(solution.cost());
            for (int l = 0; l < problem.lines(); l++) {
                int parts = 0;
                for (int o = problem.optionStart(l); o < problem.optionStart(l + 1); o++) {
                    parts += solution.taken(o) > 0 ? 1 : 0;
                }
                divided += parts > 1 ? 1 : 0;
            }
            many += lines > 12 && PartitionProgramme.suits(model) ? 1 : 0;
        }
        assertThat(divided).as("lines that come from several nodes").isPositive();
        assertThat(many).as("more than twelve lines for the programme").isEqualTo(50);
    }

    @Test
    void theOrderOfLinesAndNodesDoesNotChangeTheCost() {
        ExactSearch search = new ExactSearch();
        for (long seed = 0; seed < 3_000; seed++) {
            SourcingProblem problem = seed % 10 == 0 ? RandomProblems.split(5, 12, seed) : RandomProblems.tiny(seed);
            SourcingProblem shuffled = RandomProblems.shuffle(problem, seed);
            SourcingSolution one = search.solve(problem);
            SourcingSolution other = search.solve(shuffled);
            assertThat(other.cost()).as("seed %d", seed).isEqualTo(one.cost());
            assertThat(other.packages()).as("seed %d", seed).isEqualTo(one.packages());
        }
    }

    @Test
    void givesTheSamePlanAgainWhateverItSolvedBefore() {
        ExactSearch used = new ExactSearch(100_000);
        for (long seed = 0; seed < 300; seed++) {
            SourcingProblem problem = seed % 2 == 0 ? RandomProblems.split(6, 30, seed) : RandomProblems.tiny(seed);
            SourcingSolution again = used.solve(problem);
            SourcingSolution first = new ExactSearch(100_000).solve(problem);
            assertThat(again.lowerBound()).as("seed %d", seed).isEqualTo(first.lowerBound());
            for (int o = 0; o < problem.options(); o++) {
                assertThat(again.taken(o)).as("seed %d", seed).isEqualTo(first.taken(o));
            }
        }
    }

    @Test
    void saysHowFarAPlanMayBeFromTheBestWhenTheEffortIsSpent() {
        ExactSearch hasty = new ExactSearch(2_000);
        ExactSearch patient = new ExactSearch(Long.MAX_VALUE);
        int unproven = 0;
        for (long seed = 0; seed < 200; seed++) {
            SourcingProblem problem = RandomProblems.split(5, 30, seed);
            SourcingSolution guess = hasty.solve(problem);
            SourcingSolution best = patient.solve(problem);
            Plans.assertHolds(problem, guess);
            assertThat(best.proven()).isTrue();
            assertThat(best.cost()).as("seed %d", seed).isBetween(guess.lowerBound(), guess.cost());
            unproven += guess.proven() ? 0 : 1;
        }
        assertThat(unproven).isPositive();
    }

    @Test
    void endsLargeOrdersWithAPlanThatHolds() {
        ExactSearch search = new ExactSearch(2_000_000);
        for (int lines : new int[] {50, 500, 2_000}) {
            for (SourcingProblem problem : new SourcingProblem[] {
                RandomProblems.whole(lines, 100, lines), RandomProblems.split(lines, 100, lines)
            }) {
                SourcingSolution solution = search.solve(problem);
                Plans.assertHolds(problem, solution);
                assertThat(solution.lowerBound()).isGreaterThan(solution.cost() / 2);
            }
        }
    }
}
