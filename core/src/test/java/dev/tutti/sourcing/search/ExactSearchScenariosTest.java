package dev.tutti.sourcing.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactSearchScenariosTest {

    @Test
    void sendsOneParcelWhenASecondCostsMoreThanItSaves() {
        String nodes = """
                node   parcel room shirt shoes
                north  500    -    9@10  9@40
                south  400    -    9@30  9@15
                """;
        String asked = """
                shirt 2 whole 5000
                shoes 1 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("south 2 shirt 1 shoes: 475");
    }

    @Test
    void sendsTwoParcelsWhenNoNodeHasEverything() {
        String nodes = """
                node   parcel room shirt shoes
                north  500    -    9@10  -
                south  400    -    -     9@15
                """;
        String asked = """
                shirt 2 whole 5000
                shoes 1 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("north 2 shirt, south 1 shoes: 935");
    }

    @Test
    void splitsTheLineWhenNoSingleNodeCoversIt() {
        String nodes = """
                node   parcel room shirt
                north  500    -    3@10
                south  400    -    2@12
                """;
        assertThat(Scenario.plan(nodes, "shirt 4 split 5000")).isEqualTo("north 3 shirt, south 1 shirt: 942");
    }

    @Test
    void leavesALineUnfilledRatherThanSplitWhatMustStayWhole() {
        String nodes = """
                node   parcel room shirt
                north  500    -    3@10
                south  400    -    2@12
                """;
        assertThat(Scenario.plan(nodes, "shirt 4 whole 5000")).isEqualTo("unfilled 4 shirt: 20000");
    }

    @Test
    void fillsOnlyPartWhenTheLastUnitsAreNotWorthAParcel() {
        String nodes = """
                node   parcel room shirt
                north  500    -    3@10
                south  400    -    2@12
                """;
        assertThat(Scenario.plan(nodes, "shirt 4 split 300")).isEqualTo("north 3 shirt, unfilled 1 shirt: 830");
    }

    @Test
    void twoLinesOfOneItemShareItsStock() {
        String nodes = """
                node   parcel room shirt
                north  500    -    3@10
                south  900    -    9@10
                """;
        String asked = """
                shirt 2 whole 5000
                shirt 2 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("south 2 shirt 2 shirt: 940");
    }

    @Test
    void movesALineElsewhereWhenTheNodeHasNoRoomForBoth() {
        String nodes = """
                node   parcel room shirt shoes
                north  100    3    9@10  9@10
                south  120    -    9@20  9@90
                """;
        String asked = """
                shirt 2 whole 5000
                shoes 2 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("north 2 shoes, south 2 shirt: 280");
    }

    @Test
    void paysMoreWhenOnlyOneParcelIsAllowed() {
        String nodes = """
                node   parcel room shirt shoes
                north  100    -    9@10  -
                south  100    -    -     9@10
                east   700    -    9@90  9@90
                """;
        String asked = """
                shirt 1 whole 5000
                shoes 1 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("north 1 shirt, south 1 shoes: 220");
        assertThat(Scenario.plan(nodes, asked, 1)).isEqualTo("east 1 shirt 1 shoes: 880");
        assertThat(Scenario.plan(nodes, asked, 0)).isEqualTo("unfilled 1 shirt, unfilled 1 shoes: 10000");
    }

    @Test
    void ofEqualCostsTakesFewerParcels() {
        String nodes = """
                node   parcel room shirt shoes
                north  100    -    9@10  -
                south  100    -    -     9@10
                east   200    -    9@10  9@10
                """;
        String asked = """
                shirt 1 whole 5000
                shoes 1 whole 5000
                """;
        assertThat(Scenario.plan(nodes, asked)).isEqualTo("east 1 shirt 1 shoes: 220");
    }

    @Test
    void ofEqualNodesTakesTheOneNamedFirst() {
        String nodes = """
                node   parcel room shirt
                north  100    -    9@10
                south  100    -    9@10
                """;
        assertThat(Scenario.plan(nodes, "shirt 2 whole 5000")).isEqualTo("north 2 shirt: 120");
    }

    @Test
    void leavesUnfilledWhatCostsNoMoreThatWay() {
        String nodes = """
                node   parcel room shirt
                north  100    -    9@10
                """;
        assertThat(Scenario.plan(nodes, "shirt 1 whole 110")).isEqualTo("unfilled 1 shirt: 110");
        assertThat(Scenario.plan(nodes, "shirt 1 whole 111")).isEqualTo("north 1 shirt: 110");
    }
}
