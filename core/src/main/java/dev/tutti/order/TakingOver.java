package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.NOT_EXPECTED_NOW;
import static dev.tutti.decision.RefusalCode.UNKNOWN_RESERVATION;

import dev.tutti.decision.Refusal;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.inventory.StockChange;
import dev.tutti.network.CarrierService;
import dev.tutti.order.OrderEvent.NewFulfilmentOrder;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.Reservation.HeldUnits;
import dev.tutti.reservation.ReservationState;
import dev.tutti.reservation.Reservations;
import dev.tutti.sourcing.SourcingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        for (Reservation.Parcel parcel : held.parcels()) {
            List<HeldUnits> left = new ArrayList<>(parcel.units());
            for (ShipGroup group : change.order().header().shipGroups()) {
                if (isSameWay(group, parcel.group())) {
                    take(parcel, group, left);
                }
            }
            if (!left.isEmpty()) {
                givenBack.addAll(Reservations.givenBack(
                        parcel, left, change.facts().network(), change.facts().now()));
            }
        }
        for (Reservation.Waiting units : held.waiting()) {
            int left = units.quantity();
            for (ShipGroup group : change.order().header().shipGroups()) {
                left -= isSameWay(group, units.group()) ? wait(units.item(), left, group) : 0;
            }
            if (left > 0) {
                givenBack.add(Reservations.noLongerWaiting(units.item(), left));
            }
        }
        givenBack.addAll(Reservations.noLongerHeld(held));
        change.takesOver(held, made, waiting, givenBack);
    }

    /** @return how many of these units lines of the group wait for */
    private int wait(int item, int units, ShipGroup group) {
        int left = units;
        for (OrderLine line : change.order().lines()) {
            int wanted = line.item() == item && line.shipGroup() == group.number() ? this.wanted[line.number() - 1] : 0;
            int part = Math.min(left, wanted);
            if (part > 0 && (line.splittable() || part == line.units().total())) {
                waiting.add(new LineQuantity(line.number(), part));
                this.wanted[line.number() - 1] -= part;
                left -= part;
            }
        }
        return units - left;
    }

    private boolean isSameWay(ShipGroup group, int number) {
        for (SourcingRequest.Group of : held.groups()) {
            if (of.number() == number) {
                CarrierService service = change.facts().network().service(group.service());
                return of.method() == group.method()
                        && of.service() == (service == null ? 0 : service.number())
                        && Objects.equals(of.pickUpNode(), group.pickUpNode());
            }
        }
        return false;
    }

    private void take(Reservation.Parcel parcel, ShipGroup group, List<HeldUnits> left) {
        List<LineQuantity> lines = new ArrayList<>();
        for (OrderLine line : change.order().lines()) {
            int units = line.shipGroup() == group.number() ? of(line, left) : 0;
            if (units > 0) {
                lines.add(new LineQuantity(line.number(), units));
                wanted[line.number() - 1] -= units;
                remove(line.item(), units, left);
            }
        }
        if (!lines.isEmpty()) {
            made.add(new NewFulfilmentOrder(
                    made.size() + 1,
                    parcel.node(),
                    group.number(),
                    parcel.method(),
                    parcel.dispatchBy(),
                    parcel.capacityDay(),
                    lines));
        }
    }

    /** How many of a parcel's units a line takes: one that is not to be split all or none. */
    private int of(OrderLine line, List<HeldUnits> left) {
        int there = 0;
        for (HeldUnits units : left) {
            there += units.item() == line.item() ? units.quantity() : 0;
        }
        int units = Math.min(there, wanted[line.number() - 1]);
        return line.splittable() || units == line.units().total() ? units : 0;
    }

    private static void remove(int item, int quantity, List<HeldUnits> left) {
        int toGo = quantity;
        for (int i = 0; i < left.size() && toGo > 0; i++) {
            HeldUnits units = left.get(i);
            if (units.item() == item) {
                int taken = Math.min(toGo, units.quantity());
                toGo -= taken;
                left.set(i, new HeldUnits(item, units.quantity() - taken, units.pool()));
            }
        }
        left.removeIf(units -> units.quantity() == 0);
    }
}
