package dev.tutti.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A shop that takes on ten units a day, and a warehouse that counts none; the shop is dear by the unit. */
class CapacityTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final LocalDate TODAY = LocalDate.parse("2026-03-02");
    private static final int DAILY = 10;
    private static final int SHOP = 1;
    private static final int WAREHOUSE = 2;
    private static final int LATE_WAREHOUSE = 3;
    private static final int BOTH_HAVE_IT = 1;
    private static final int SHOP_HAS_IT = 2;

    private static final Network NETWORK = new Network(
            1,
            List.of(
                    node(SHOP, DAILY, 900, 14),
                    node(WAREHOUSE, Node.UNLIMITED, 1, 14),
                    node(LATE_WAREHOUSE, Node.UNLIMITED, 1, 9)),
            List.of());

    private final AvailabilityIndex stock = new AvailabilityIndex();
    private int version;

    CapacityTest() {
        onHand(BOTH_HAVE_IT, SHOP);
        onHand(BOTH_HAVE_IT, WAREHOUSE);
        onHand(SHOP_HAS_IT, SHOP);
    }

    @Test
    void leavesTodayWhileThereIsRoom() {
        claimed(TODAY, DAILY - 2);
        SourcingPlan plan = plan(0, 2);
        assertThat(shopsParcel(plan).capacityDay()).isEqualTo(TODAY);
        assertThat(plan.proven()).isTrue();
    }

    @Test
    void leavesTheNextDayThatHasRoomForAllOfIt() {
        claimed(TODAY, DAILY - 1);
        claimed(TODAY.plusDays(1), DAILY);
        SourcingPlan plan = plan(0, 2);
        assertThat(shopsParcel(plan).capacityDay()).isEqualTo(TODAY.plusDays(2));
        assertThat(shopsParcel(plan).dispatchBy()).isEqualTo(Instant.parse("2026-03-05T00:00:00Z"));
    }

    @Test
    void leavesTodayIfThereIsRoomForWhatItGivesThoughNotForWhatItCouldGive() {
        claimed(TODAY, DAILY - 2);
        SourcingPlan plan = plan(5, 2);
        assertThat(shopsParcel(plan).lines()).hasSize(1);
        assertThat(shopsParcel(plan).capacityDay()).isEqualTo(TODAY);
        stock.learn(PositionKey.ofDay(new NodeId(SHOP), TODAY), day(0, 2));
        assertThat(plan.cost()).as("nothing leaves late").isEqualTo(plan(5, 2).cost());
        assertThat(plan.bound()).isLessThanOrEqualTo(plan.cost());
    }

    @Test
    void countsDaysLateFromTheFirstDayAnybodyHasRoom() {
        claimed(TODAY, DAILY - 2);
        stock.learn(new PositionKey(BOTH_HAVE_IT, WAREHOUSE), new Position(0, 0, 0, 0, 0, ++version));
        onHand(BOTH_HAVE_IT, LATE_WAREHOUSE);

        SourcingPlan plan = plan(5, 2);

        assertThat(shopsParcel(plan).capacityDay()).isEqualTo(TODAY);
        assertThat(plan.cost())
                .as("two parcels, five units at 1, two at 900, one parcel a day late")
                .isEqualTo(2 * 1_000 + 5 + 2 * 900 + 100);
    }

    @Test
    void givesWhatItsBestDayHolds() {
        for (int ahead = 0; ahead < 30; ahead++) {
            claimed(TODAY.plusDays(ahead), ahead == 4 ? DAILY - 3 : DAILY);
        }
        SourcingPlan plan = plan(0, 7);
        assertThat(shopsParcel(plan).capacityDay()).isEqualTo(TODAY.plusDays(4));
        assertThat(plan.unfilled())
                .singleElement()
                .isEqualTo(new SourcingPlan.Unfilled(2, 4, SourcingPlan.Lack.CAPACITY));
    }

    @Test
    void goesOnOverTheDaysThatFollowInAsFewParcelsAsItCan() {
        claimed(TODAY, DAILY - 4);
        claimed(TODAY.plusDays(1), DAILY);

        SourcingPlan plan = plan(0, 25);

        assertThat(plan.unfilled()).isEmpty();
        assertThat(plan.parcels())
                .extracting(parcel ->
                        parcel.capacityDay() + ": " + parcel.lines().getFirst().quantity())
                .containsExactly("2026-03-04: 10", "2026-03-05: 10", "2026-03-06: 5");
        assertThat(plan.proven()).isFalse();
    }

    @Test
    void saysForWhatUnitsAreMissing() {
        SourcingPlan plan = plan(0, 118);
        assertThat(plan.unfilled())
                .as("the shop has 100, and eleven days of ten")
                .containsExactly(new SourcingPlan.Unfilled(2, 18, SourcingPlan.Lack.STOCK));
        onHand(SHOP_HAS_IT, 200, SHOP);
        assertThat(plan(0, 118).unfilled())
                .containsExactly(new SourcingPlan.Unfilled(2, 8, SourcingPlan.Lack.CAPACITY));
    }

    @Test
    void linesThatMustNotBeSplitEachFindADay() {
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        for (int line = 1; line <= 3; line++) {
            demands.add(new SourcingRequest.Demand(line, SHOP_HAS_IT, 8, 1, false, List.of()));
        }
        SourcingPlan plan = plan(demands);
        assertThat(plan.unfilled()).isEmpty();
        assertThat(plan.parcels())
                .extracting(SourcingPlan.Parcel::capacityDay)
                .containsExactly(TODAY, TODAY.plusDays(1), TODAY.plusDays(2));
    }

    @Test
    void goesOnFromWhatItSawAtFirstWhateverHappensMeanwhile() {
        claimed(TODAY, DAILY - 4);
        Supply changing = new Supply() {
            private int reads;

            @Override
            public void read(int item, Candidates into) {
                stock.read(item, into);
                if (++reads > 1) {
                    into.clear();
                }
            }

            @Override
            public Position balance(PositionKey position) {
                Position found = stock.balance(position);
                // Somebody else takes all that is left of a day as soon as it was looked at.
                stock.learn(position, new Position(0, DAILY, 0, DAILY, 0, ++version));
                return found;
            }
        };
        SourcingRequest request = new SourcingRequest(
                NOW,
                List.of(new SourcingRequest.Group(1, Method.SHIP, null, null)),
                List.of(new SourcingRequest.Demand(2, SHOP_HAS_IT, 25, 1, true, List.of())));

        SourcingPlan plan = new Sourcing().plan(request, NETWORK, changing);

        assertThat(plan.unfilled()).isEmpty();
        assertThat(new Sourcing().replay(plan.record(), NETWORK)).isEqualTo(plan);
    }

    private SourcingPlan plan(int unitsOfBoth, int unitsOfTheShop) {
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        if (unitsOfBoth > 0) {
            demands.add(new SourcingRequest.Demand(1, BOTH_HAVE_IT, unitsOfBoth, 1, true, List.of()));
        }
        demands.add(new SourcingRequest.Demand(2, SHOP_HAS_IT, unitsOfTheShop, 1, true, List.of()));
        return plan(demands);
    }

    private SourcingPlan plan(List<SourcingRequest.Demand> demands) {
        SourcingRequest.Group group = new SourcingRequest.Group(1, Method.SHIP, null, null);
        SourcingPlan plan = new Sourcing().plan(new SourcingRequest(NOW, List.of(group), demands), NETWORK, stock);
        assertThat(new Sourcing().replay(plan.record(), NETWORK)).isEqualTo(plan);
        return plan;
    }

    private static SourcingPlan.Parcel shopsParcel(SourcingPlan plan) {
        return plan.parcels().stream()
                .filter(parcel -> parcel.node().value() == SHOP)
                .findFirst()
                .orElseThrow();
    }

    private void onHand(int item, int place) {
        onHand(item, 100, place);
    }

    private void onHand(int item, int units, int place) {
        stock.learn(new PositionKey(item, place), new Position(units, 0, 0, 0, 0, ++version));
    }

    private void claimed(LocalDate day, int units) {
        stock.learn(PositionKey.ofDay(new NodeId(SHOP), day), day(units, 1));
    }

    private static Position day(int claimed, int version) {
        return new Position(0, claimed, 0, DAILY, 0, version);
    }

    private static Node node(int id, int daily, long perUnit, int cutOffHour) {
        return new Node(
                new NodeId(id),
                "node " + id,
                NodeType.STORE,
                null,
                WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(cutOffHour, 0)),
                daily,
                new NodeCosts(1_000, perUnit, 0, 100),
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }
}
