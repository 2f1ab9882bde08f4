package dev.tutti.order;

import static dev.tutti.decision.RefusalCode.INVALID_FIELD;
import static dev.tutti.decision.RefusalCode.UNITS_NOT_IN_STATE;

import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.FulfilmentStatus;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Node;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What was sent is there, or what is collected is ready: noted beside the day on which it should have been. */
final class Arriving {
    private Arriving() {}

    /** A carrier says so. Where that is, it may be a day later or earlier than with us. */
    static void arrive(Change change, OrderCommand.Arrive command) {
        FulfilmentOrder work = NodeWork.work(change.order(), command.fulfilmentOrder());
        Refused.when(!work.method().isSent(), UNITS_NOT_IN_STATE, "this is collected where it is, and does not arrive");
        Refused.when(
                work.in(UnitState.SHIPPED) + work.in(UnitState.RETURNED) == 0,
                UNITS_NOT_IN_STATE,
                "nothing of it has left the node");
        Refused.when(work.live() > 0, UNITS_NOT_IN_STATE, "not all of it has left the node");
        Refused.when(work.arrived() != null, UNITS_NOT_IN_STATE, "it arrived on " + work.arrived());
        LocalDate today = LocalDate.ofInstant(change.facts().now(), ZoneOffset.UTC);
        LocalDate placed = LocalDate.ofInstant(change.order().header().placedAt(), ZoneOffset.UTC);
        Refused.at("on", command.on().isAfter(today.plusDays(1)), INVALID_FIELD, "that day is still to come");
        Refused.at(
                "on",
                command.on().isBefore(placed.minusDays(1)),
                INVALID_FIELD,
                "the order was placed on " + placed + ", which is later");
        change.happens(new OrderEvent.ParcelArrived(work.number(), command.on(), ofParcel(change, work)));
    }

    /** What is collected is there as soon as all of it is staged. */
    static void staged(Change change) {
        for (FulfilmentOrder work : change.order().fulfilmentOrders()) {
            Node node = change.facts().network().node(work.node().value());
            if (work.method() == Method.PICK_UP
                    && work.status() == FulfilmentStatus.READY
                    && work.arrived() == null
                    && node != null) {
                LocalDate day = LocalDate.ofInstant(
                        change.facts().now(), node.calendar().zone());
                LocalDate by = lastDay(work, node);
                change.happens(new OrderEvent.ParcelArrived(work.number(), day, new Foretold("", 0, by, by)));
            }
        }
    }

    private static @Nullable Foretold ofParcel(Change change, FulfilmentOrder work) {
        SourcingRequest.Group to = change.order()
                .header()
                .shipGroup(work.shipGroup())
                .asSourced(change.facts().network());
        CarrierService service = change.facts().network().service(to.service());
        Node node = change.facts().network().node(work.node().value());
        if (service == null || node == null) {
            return null;
        }
        long miles = change.facts()
                .sourcing()
                .distances(change.facts().network(), to)
                .of(node);
        int zone = service.zones().of(node, to.country(), to.postcode(), miles);
        CarrierService.Transit transit = service.transit().get(zone);
        LocalDate leaves = lastDay(work, node);
        LocalDate earliest = transit == null ? null : service.arrival(leaves, transit.fewest());
        LocalDate latest = transit == null ? null : service.arrival(leaves, transit.most());
        return earliest == null || latest == null ? null : new Foretold(service.code(), zone, earliest, latest);
    }

    /** That of the moment from which a customer can collect it, or of which the end is meant. */
    private static LocalDate lastDay(FulfilmentOrder work, Node node) {
        boolean isBeginning = work.method() == Method.PICK_UP && node.handling().pickUp() != null;
        Instant moment = isBeginning ? work.dispatchBy() : work.dispatchBy().minusNanos(1);
        return LocalDate.ofInstant(moment, node.calendar().zone());
    }
}
