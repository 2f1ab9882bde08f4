package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.NOT_EXPECTED_NOW;
import static dev.tutti.decision.RefusalCode.UNKNOWN_RESERVATION;

import dev.tutti.decision.Refusal;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockChange;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Node;
import dev.tutti.network.PickUpTime;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.Reservation.HeldUnits;
import dev.tutti.reservation.ReservationState;
import dev.tutti.reservation.Reservations;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An order that is being placed takes over what a reservation holds: the same units at the same nodes, on the same days, so
 * that what was promised is what is planned as soon as its flow sources. What the order wants besides is sourced like any
 * order; what it does not want is given back.
 */
final class TakingOver {
    private final Change change;
    private final Reservation held;
    private final int[] wanted;
    private final List<NewFulfilmentOrder> made = new ArrayList<>();
    private final List<LineQuantity> waiting = new ArrayList<>();
    private final List<StockChange> givenBack = new ArrayList<>();

    private TakingOver(Change change, Reservation held) {
        this.change = change;
        this.held = held;
        this.wanted = change.order().lines().stream()
                .mapToInt(line -> line.units().in(UnitState.OPEN))
                .toArray();
    }

    static void takeOver(Change change, long named, @Nullable Reservation held) {
        if (named == 0) {
            return;
        }
        if (held == null || !held.channel().equals(change.order().header().channel())) {
            throw new Refused(
                    Refusal.at("reservation", UNKNOWN_RESERVATION, "there is no such reservation of this channel"));
        }
        Refused.at(
                "reservation",
                held.state() == ReservationState.TAKEN,
                NOT_EXPECTED_NOW,
                "another order has taken over what it held");
        if (held.isHeld()) {
            new TakingOver(change, held).takeOver();
        }
    }

    private void takeOver() {
        List<List<HeldUnits>> left = new ArrayList<>();
        held.parcels().forEach(parcel -> left.add(new ArrayList<>(parcel.units())));
        int[] waitingLeft =
                held.waiting().stream().mapToInt(Reservation.Waiting::quantity).toArray();
        // Nobody has what was held for somebody else before all have what was held for them.
        for (boolean own : new boolean[] {true, false}) {
            for (int i = 0; i < left.size(); i++) {
                Reservation.Parcel parcel = held.parcels().get(i);
                for (ShipGroup group : groupsOf(parcel.group(), own)) {
                    take(parcel, group, left.get(i));
                }
            }
        }
        // Nor does anybody wait for what was held at a node.
        for (boolean own : new boolean[] {true, false}) {
            for (int i = 0; i < waitingLeft.length; i++) {
                Reservation.Waiting units = held.waiting().get(i);
                for (ShipGroup group : groupsOf(units.group(), own)) {
                    waitingLeft[i] -= wait(units.item(), waitingLeft[i], group);
                }
            }
        }
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).isEmpty()) {
                givenBack.addAll(Reservations.givenBack(
                        held.parcels().get(i),
                        left.get(i),
                        change.facts().network(),
                        change.facts().now()));
            }
        }
        for (int i = 0; i < waitingLeft.length; i++) {
            if (waitingLeft[i] > 0) {
                givenBack.add(Reservations.noLongerWaiting(held.waiting().get(i).item(), waitingLeft[i]));
            }
        }
        givenBack.addAll(Reservations.noLongerHeld(held));
        change.takesOver(held, made, waiting, givenBack);
    }

    /** @return how many of these units lines of the group wait for */
    private int wait(int item, int units, ShipGroup group) {
        int left = units;
        for (Fit fit : Fit.values()) {
            for (OrderLine line : change.order().lines()) {
                if (line.item() == item && line.shipGroup() == group.number()) {
                    int part =
                            fit.of(line, wanted[line.number() - 1], left == units ? List.of(units) : List.of(), left);
                    if (part > 0) {
                        waiting.add(new LineQuantity(line.number(), part));
                        wanted[line.number() - 1] -= part;
                        left -= part;
                    }
                }
            }
        }
        return units - left;
    }

    /**
     * The order's groups that may have what was held for one of the reservation's, since they go the same way.
     *
     * @param own whether the one it was held for is asked for, or all others
     */
    private List<ShipGroup> groupsOf(int number, boolean own) {
        List<ShipGroup> groups = new ArrayList<>();
        for (SourcingRequest.Group of : held.groups()) {
            if (of.number() == number) {
                change.order().header().shipGroups().stream()
                        .filter(group -> isSameWay(group, of) && isFor(group, of) == own)
                        .forEach(groups::add);
            }
        }
        groups.sort(Comparator.comparing(group -> group.number() != number));
        return groups;
    }

    /** Whether the order's group is the one of the reservation: it goes to the same place, or stands at the same. */
    private boolean isFor(ShipGroup group, SourcingRequest.Group of) {
        return isSamePlace(group, of)
                || (group.number() == of.number()
                        && held.groups().stream()
                                .noneMatch(other -> isSameWay(group, other) && isSamePlace(group, other)));
    }

    private boolean isSameWay(ShipGroup group, SourcingRequest.Group of) {
        CarrierService service = change.facts().network().service(group.service());
        return of.method() == group.method()
                && of.service() == (service == null ? 0 : service.number())
                && Objects.equals(of.pickUpNode(), group.pickUpNode());
    }

    /** The order may know an address where its cart knew a country. */
    private boolean isSamePlace(ShipGroup group, SourcingRequest.Group of) {
        SourcingRequest.Group asSourced = group.asSourced(change.facts().network());
        return of.country().equals(asSourced.country())
                && of.postcode().equals(asSourced.postcode())
                && Objects.equals(of.destination(), asSourced.destination());
    }

    private void take(Reservation.Parcel parcel, ShipGroup group, List<HeldUnits> left) {
        TreeMap<Integer, Integer> taken = new TreeMap<>();
        for (Fit fit : Fit.values()) {
            for (OrderLine line : change.order().lines()) {
                if (line.shipGroup() == group.number()) {
                    int units = take(line, fit, left);
                    if (units > 0) {
                        taken.put(line.number(), units);
                    }
                }
            }
        }
        if (!taken.isEmpty()) {
            Due due = due(
                    parcel,
                    group,
                    taken.values().stream().mapToInt(Integer::intValue).sum());
            made.add(new NewFulfilmentOrder(
                    made.size() + 1,
                    parcel.node(),
                    group.number(),
                    parcel.method(),
                    due.by(),
                    due.capacityDay(),
                    taken.entrySet().stream()
                            .map(of -> new LineQuantity(of.getKey(), of.getValue()))
                            .toList()));
        }
    }

    /** Until when work is wanted, and on which day it counts. */
    private record Due(Instant by, @Nullable LocalDate capacityDay) {}

    /** As the cart had it, unless the order's customer comes in another slot than that of the cart, or in none. */
    private Due due(Reservation.Parcel parcel, ShipGroup group, int units) {
        Due asHeld = new Due(parcel.dispatchBy(), parcel.capacityDay());
        Node node = change.facts().network().node(parcel.node().value());
        Instant slot = group.slot() == null ? null : group.slot().from();
        if (node == null
                || node.handling().pickUp() == null
                || parcel.method() != Method.PICK_UP
                || Objects.equals(slot, slotOf(parcel))) {
            return asHeld;
        }
        Instant comes = slot == null ? soonest(node, null) : slot;
        if (comes == null) {
            return asHeld;
        }
        LocalDate day = parcel.capacityDay();
        if (day == null) {
            return new Due(comes, null);
        }
        LocalDate other = LocalDate.ofInstant(comes, node.calendar().zone());
        if (other.equals(day) || change.countsOn(node, other, day, units)) {
            return new Due(comes, other);
        }
        Instant then = slot == null ? soonest(node, day) : slot;
        return new Due(then == null ? parcel.dispatchBy() : then, day);
    }

    /** When it can be collected at the soonest, at a node that has room for it from some day on; null if never. */
    private @Nullable Instant soonest(Node node, @Nullable LocalDate room) {
        PickUpTime time = PickUpTime.of(node, change.facts().now(), room, full -> false);
        return time == null ? null : time.offered().from();
    }

    /** In which what a parcel holds was to be collected; null if in none. */
    private @Nullable Instant slotOf(Reservation.Parcel parcel) {
        for (SourcingRequest.Group of : held.groups()) {
            if (of.number() == parcel.group()) {
                return of.collectFrom();
            }
        }
        return null;
    }

    private int take(OrderLine line, Fit fit, List<HeldUnits> left) {
        TreeMap<Integer, Integer> pieces = new TreeMap<>();
        for (HeldUnits units : left) {
            if (units.item() == line.item()) {
                pieces.merge(units.line(), units.quantity(), Integer::sum);
            }
        }
        int there = pieces.values().stream().mapToInt(Integer::intValue).sum();
        int units = fit.of(line, wanted[line.number() - 1], List.copyOf(pieces.values()), there);
        wanted[line.number() - 1] -= units;
        int toGo = units;
        for (Map.Entry<Integer, Integer> piece : pieces.entrySet()) {
            if (fit != Fit.A_PIECE || (piece.getValue() == units && toGo > 0)) {
                toGo -= remove(piece.getKey(), toGo, left);
            }
        }
        return units;
    }

    private static int remove(int heldFor, int most, List<HeldUnits> left) {
        int removed = 0;
        for (int i = 0; i < left.size() && removed < most; i++) {
            HeldUnits units = left.get(i);
            if (units.line() == heldFor) {
                int taken = Math.min(most - removed, units.quantity());
                removed += taken;
                left.set(i, new HeldUnits(heldFor, units.item(), units.quantity() - taken, units.pool()));
            }
        }
        left.removeIf(units -> units.quantity() == 0);
        return removed;
    }

    /**
     * How a line takes of what was held together: first each line that is not to be split what was held for such a one, then
     * those that find enough, and the others take what is left. So whoever orders just what their cart held has all of it.
     */
    private enum Fit {
        A_PIECE {
            @Override
            int of(OrderLine line, int wanted, List<Integer> pieces, int there) {
                return isWhole(line, wanted) && pieces.contains(wanted) ? wanted : 0;
            }
        },
        WHOLE {
            @Override
            int of(OrderLine line, int wanted, List<Integer> pieces, int there) {
                return isWhole(line, wanted) && there >= wanted ? wanted : 0;
            }
        },
        PART {
            @Override
            int of(OrderLine line, int wanted, List<Integer> pieces, int there) {
                return line.splittable() ? Math.min(there, wanted) : 0;
            }
        };

        /**
         * @param wanted units that the line has not been given yet
         * @param pieces what is held for each line of what was asked for
         * @param there all of them
         * @return how many units the line takes
         */
        abstract int of(OrderLine line, int wanted, List<Integer> pieces, int there);

        private static boolean isWhole(OrderLine line, int wanted) {
            return !line.splittable() && wanted > 0 && wanted == line.units().total();
        }
    }
}
