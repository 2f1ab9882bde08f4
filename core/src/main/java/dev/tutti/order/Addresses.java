package dev.tutti.order;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderEvent.AddressCorrected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at where parcels go, and lets somebody correct it as long as no node has begun. */
final class Addresses {
    private Addresses() {}

    /** The groups, each with what is wrong with its address. */
    static List<ShipGroup> checked(List<ShipGroup> groups, List<Contact> contacts) {
        return groups.stream()
                .map(group -> group.with(problem(
                        group,
                        contacts.stream()
                                .filter(contact -> contact.shipGroup() == group.number())
                                .findFirst()
                                .orElse(null))))
                .toList();
    }

    /** What keeps a parcel from being sent there, or null. Who collects needs no address. */
    private static @Nullable AddressProblem problem(ShipGroup group, @Nullable Contact contact) {
        if (group.method() != Method.SHIP) {
            return null;
        }
        if (contact == null || Visible.isNothing(contact.name())) {
            return AddressProblem.NO_NAME;
        }
        if (contact.street().stream().allMatch(Visible::isNothing)) {
            return AddressProblem.NO_STREET;
        }
        if (Visible.isNothing(contact.city())) {
            return AddressProblem.NO_CITY;
        }
        if (Visible.isNothing(contact.postcode())) {
            return Postcodes.isNeeded(contact.country()) ? AddressProblem.NO_POSTCODE : null;
        }
        return Postcodes.mayBe(contact.country(), contact.postcode()) ? null : AddressProblem.WRONG_POSTCODE;
    }

    static void correct(Change change, OrderCommand.CorrectAddress command) {
        Order order = change.order();
        Contact contact = command.contact();
        Refused.when(
                order.flow().pausedUntil() != null,
                RefusalCode.NOT_EXPECTED_NOW,
                "the order is paused: resume it first");
        Refused.when(
                contact.shipGroup() < 1
                        || contact.shipGroup() > order.header().shipGroups().size(),
                RefusalCode.NOT_EXPECTED_NOW,
                "the order has no ship group " + contact.shipGroup());
        ShipGroup group = order.header().shipGroup(contact.shipGroup());
        Refused.at(
                "country",
                !group.country().equals(contact.country()),
                RefusalCode.INVALID_FIELD,
                "it goes to " + group.country() + ": another country has other prices and taxes, and is another order");
        Refused.when(
                !order.mayCorrectAddress(group.number()),
                RefusalCode.UNITS_NOT_IN_STATE,
                "nothing is still to go there, or a node has been given it");
        ShipGroup corrected = new ShipGroup(
                group.number(),
                group.method(),
                command.destination(),
                group.pickUpNode(),
                contact.country(),
                contact.postcode(),
                null,
                group.service(),
                group.slot(),
                group.promise());
        change.happens(new AddressCorrected(
                checked(List.of(corrected), List.of(contact)).getFirst()));
        change.keeps(contact);
        FlowRun.addressChanged(change);
    }

    /** Whether units are still to go there, and no node has been given any of them. */
    static boolean mayCorrect(Order order, int group) {
        boolean live = order.lines().stream()
                .anyMatch(line -> line.shipGroup() == group && line.units().cancellable() > 0);
        return live
                && order.fulfilmentOrders().stream()
                        .filter(work -> work.shipGroup() == group)
                        .allMatch(work ->
                                work.in(UnitState.RELEASED) + work.in(UnitState.PICKED) + work.in(UnitState.PACKED)
                                        == 0);
    }

    /** The first thing that is wrong with any of them, or null. */
    static @Nullable AddressProblem problem(Order order) {
        for (ShipGroup group : order.header().shipGroups()) {
            if (group.problem() != null) {
                return group.problem();
            }
        }
        return null;
    }
}
