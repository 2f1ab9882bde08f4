package dev.tutti.sourcing.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SourcingProblemTest {

    @Test
    void refusesCostsWhoseSumCouldRunOver() {
        SourcingProblem.Builder b = SourcingProblem.builder();
        b.addPackage(Long.MAX_VALUE);
        b.addPackage(1);
        assertThatIllegalArgumentException().isThrownBy(b::build).withMessageContaining("2^57");

        SourcingProblem.Builder units = SourcingProblem.builder();
        units.addLine(Integer.MAX_VALUE, true, Long.MIN_VALUE);
        assertThatIllegalArgumentException().isThrownBy(units::build).withMessageContaining("2^57");
    }

    @Test
    void refusesOneStockInPackagesOfDifferentCapacities() {
        SourcingProblem.Builder b = SourcingProblem.builder();
        int narrow = b.addPackage(1, b.addCapacity(3));
        int wide = b.addPackage(1);
        int stock = b.addStock(5);
        b.addLine(1, false, 10);
        b.addOption(narrow, stock, 1);
        b.addOption(wide, stock, 1);
        assertThatIllegalArgumentException().isThrownBy(b::build).withMessageContaining("capacity");
    }

    @Test
    void solvesTheLargestCostsItAccepts() {
        SourcingProblem.Builder b = SourcingProblem.builder();
        long unit = 1L << 50;
        for (int n = 0; n < 3; n++) {
            b.addPackage(unit, b.addCapacity(5));
        }
        for (int l = 0; l < 3; l++) {
            b.addLine(4, true, 8 * unit);
            for (int n = 0; n < 3; n++) {
                b.addOption(n, b.addStock(3), unit + n);
            }
        }
        SourcingProblem problem = b.build();
        SourcingSolution solution = new ExactSearch().solve(problem);
        Plans.assertHolds(problem, solution);
        assertThat(solution.proven()).isTrue();
        assertThat(solution.cost()).isEqualTo(15 * unit + 0 * 5 + 1 * 5 + 2 * 2);
    }

    @Test
    void anOrderNobodyCanFillStaysUnfilled() {
        SourcingProblem.Builder b = SourcingProblem.builder();
        b.addLine(3, true, 7);
        SourcingSolution solution = new ExactSearch().solve(b.build());
        assertThat(solution.unfilled(0)).isEqualTo(3);
        assertThat(solution.cost()).isEqualTo(21);
        assertThat(solution.proven()).isTrue();
    }

    @Test
    void anOrderWithoutLinesCostsNothing() {
        assertThat(new ExactSearch().solve(SourcingProblem.builder().build()).cost())
                .isZero();
    }
}
