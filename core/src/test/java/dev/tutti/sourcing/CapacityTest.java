package dev.tutti.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.Handling;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.WorkCalendar;
import java.time.DayOfWeek;
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
    /** Open on every day from ten to six, ready at once; takes on ten units a day. */
    private static final int COUNTER = 4;

    private static final int BOTH_HAVE_IT = 1;
    private static final int SHOP_HAS_IT = 2;
    private static final int COUNTER_HAS_IT = 3;

    private static final Network NETWORK = new Network(
            1,
            List.of(
                    node(SHOP, DAILY, 900, 14),
                    node(WAREHOUSE, Node.UNLIMITED, 1, 14),
                    node(LATE_WAREHOUSE, Node.UNLIMITED, 1, 9),
                    counter()),
            List.of());

    private final AvailabilityIndex stock = new AvailabilityIndex();
    private int version;

    CapacityTest() {
        onHand(BOTH_HAVE_IT, SHOP);
        onHand(BOTH_HAVE_IT, WAREHOUSE);
        onHand(SHOP_HAS_IT, SHOP);
        onHand(COUNTER_HAS_IT, COUNTER);
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

    @Test
    void whoComesInASlotCountsOnItsDayOrElseOnTheSoonestBefore() {
        Instant slot = Instant.parse("2026-03-20T15:00:00Z");
        LocalDate day = LocalDate.parse("2026-03-20");
        assertThat(days(atTheCounter(2, slot))).containsExactly(day);
        claimed(COUNTER, day, DAILY - 1);
        claimed(COUNTER, TODAY, DAILY);
        SourcingPlan before = atTheCounter(2, slot);
        assertThat(days(before)).containsExactly(TODAY.plusDays(1));
        assertThat(before.parcels().getFirst().dispatchBy()).isEqualTo(slot);
        assertThat(days(atTheCounter(1, slot))).containsExactly(day);
    }

    @Test
    void whoseSlotHasPassedIsServedAsSoonAsThereIsRoom() {
        Instant passed = Instant.parse("2026-02-27T15:00:00Z");
        assertThat(days(atTheCounter(2, passed))).containsExactly(TODAY);
        claimed(COUNTER, LocalDate.parse("2026-02-27"), DAILY);
        claimed(COUNTER, TODAY, DAILY);
        assertThat(days(atTheCounter(2, passed))).containsExactly(TODAY.plusDays(1));
    }

    @Test
    void aSlotOfTodayIsHadOnlyIfTodayHasRoomAndOneThatHasBegunIsNot() {
        claimed(COUNTER, TODAY, DAILY);
        List<SourcingRequest.Demand> two = List.of(wanted(1, 1, 2));
        SourcingPlan plan = plan(List.of(collected(1, Instant.parse("2026-03-02T15:00:00Z"))), two);
        assertThat(plan.parcels()).isEmpty();
        assertThat(plan.unfilled()).containsExactly(new SourcingPlan.Unfilled(1, 2, SourcingPlan.Lack.CAPACITY));
        assertThat(days(atTheCounter(2, Instant.parse("2026-03-02T09:00:00Z")))).containsExactly(TODAY.plusDays(1));
    }

    @Test
    void whatIsSentToAnotherStoreIsNotKeptForItsSlotThere() {
        Instant slot = Instant.parse("2026-03-20T15:00:00Z");
        SourcingRequest.Group toStore = new SourcingRequest.Group(
                1, Method.SHIP_TO_STORE, null, new NodeId(SHOP), 0, "", "", Instant.parse("2026-03-18T12:00:00Z"));
        SourcingPlan plan = plan(List.of(toStore, collected(2, slot)), List.of(wanted(1, 1, 2), wanted(2, 2, 2)));
        assertThat(days(plan)).containsExactly(TODAY, TODAY);
    }

    @Test
    void ofSeveralSlotsAtOnePlaceAllCountBeforeTheFirst() {
        Instant late = Instant.parse("2026-03-20T15:00:00Z");
        Instant soon = Instant.parse("2026-03-04T15:00:00Z");
        SourcingPlan plan =
                plan(List.of(collected(1, late), collected(2, soon)), List.of(wanted(1, 1, 2), wanted(2, 2, 2)));
        assertThat(days(plan)).containsExactly(LocalDate.parse("2026-03-04"), LocalDate.parse("2026-03-04"));
        assertThat(plan.parcels()).extracting(SourcingPlan.Parcel::dispatchBy).containsExactly(late, soon);
    }

    @Test
    void whatIsSentIsNotKeptForASlotOfTheSameOrder() {
        Instant slot = Instant.parse("2026-03-20T15:00:00Z");
        SourcingPlan plan = plan(
                List.of(collected(1, slot), new SourcingRequest.Group(2, Method.SHIP, null, null)),
                List.of(wanted(1, 1, 2), wanted(2, 2, 2)));
        assertThat(days(plan)).containsExactly(TODAY, TODAY);
        assertThat(plan.parcels())
                .extracting(SourcingPlan.Parcel::dispatchBy)
                .containsExactly(slot, Instant.parse("2026-03-03T00:00:00Z"));
    }

    private static SourcingRequest.Group collected(int number, Instant slot) {
        return new SourcingRequest.Group(number, Method.PICK_UP, null, new NodeId(COUNTER), 0, "", "", slot);
    }

    private static SourcingRequest.Demand wanted(int line, int group, int units) {
        return new SourcingRequest.Demand(line, COUNTER_HAS_IT, units, group, true, List.of());
    }

    private SourcingPlan atTheCounter(int units, Instant slot) {
        SourcingPlan plan = plan(List.of(collected(1, slot)), List.of(wanted(1, 1, units)));
        assertThat(plan.unfilled()).isEmpty();
        return plan;
    }

    private static List<LocalDate> days(SourcingPlan plan) {
        return plan.parcels().stream().map(SourcingPlan.Parcel::capacityDay).toList();
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
        return plan(List.of(new SourcingRequest.Group(1, Method.SHIP, null, null)), demands);
    }

    private SourcingPlan plan(List<SourcingRequest.Group> groups, List<SourcingRequest.Demand> demands) {
        SourcingPlan plan = new Sourcing().plan(new SourcingRequest(NOW, groups, demands), NETWORK, stock);
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
        claimed(SHOP, day, units);
    }

    private void claimed(int node, LocalDate day, int units) {
        stock.learn(PositionKey.ofDay(new NodeId(node), day), day(units, 1));
    }

    private static Position day(int claimed, int version) {
        return new Position(0, claimed, 0, DAILY, 0, version);
    }

    private static Node counter() {
        TreeMap<DayOfWeek, List<PickUpHours.Window>> hours = new TreeMap<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            hours.put(day, List.of(new PickUpHours.Window(LocalTime.of(10, 0), LocalTime.of(18, 0))));
        }
        Node shop = node(COUNTER, DAILY, 900, 14);
        return new Node(
                shop.id(),
                shop.code(),
                shop.type(),
                null,
                shop.calendar(),
                new Handling(0, 0, new TreeMap<>(), new PickUpHours(hours, 0, 60, 5)),
                DAILY,
                shop.costs(),
                "",
                true,
                true,
                true,
                new TreeMap<>());
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
