package dev.tutti.reservation;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.DailyCapacity;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Slots;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.inventory.Taking;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.network.Slot;
import dev.tutti.reservation.Reservation.HeldUnits;
import dev.tutti.reservation.Reservation.Parcel;
import dev.tutti.reservation.Reservation.Waiting;
import dev.tutti.sourcing.Offered;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The decisions about reservations: what is held, and when it is given back. */
public final class Reservations {
    /** The longest time from now that anything is held without an order. */
    public static final Duration LONGEST = Duration.ofDays(14);

    private Reservations() {}

    /**
     * Decides one command. Changes nothing; the same arguments give the same decision.
     *
     * @param reservation null if there is none yet
     */
    public static ReservationDecision decide(
            @Nullable Reservation reservation, ReservationCommand command, ReservationFacts facts) {
        if (command instanceof ReservationCommand.Reserve reserve) {
            return reserve(reserve, facts);
        }
        if (reservation == null) {
            return refused(RefusalCode.UNKNOWN_RESERVATION, "there is no such reservation");
        }
        return switch (command) {
            case ReservationCommand.Reserve c -> throw new AssertionError("handled above");
            case ReservationCommand.Extend(Instant until) -> extend(reservation, until, facts);
            case ReservationCommand.Release c ->
                reservation.isHeld() ? ended(reservation, ReservationState.RELEASED, facts) : unchanged(reservation);
            case ReservationCommand.Yield c ->
                reservation.isHeld() && isShort(reservation, facts)
                        ? yielded(reservation, facts)
                        : unchanged(reservation);
            case ReservationCommand.Wake c ->
                reservation.isHeld() && !facts.now().isBefore(reservation.until())
                        ? ended(reservation, ReservationState.EXPIRED, facts)
                        : unchanged(reservation);
        };
    }

    private static ReservationDecision reserve(ReservationCommand.Reserve asked, ReservationFacts facts) {
        Channel channel = facts.network().channel(asked.channel());
        if (channel == null) {
            return new ReservationDecision.Refused(
                    Refusal.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel"));
        }
        if (asked.mayWait() && asked.mostParcels() > 0) {
            return new ReservationDecision.Refused(Refusal.at(
                    "mayWait", RefusalCode.INVALID_FIELD, "what may wait comes in as many parcels as it takes"));
        }
        Refusal late = tooLong(asked.until(), facts);
        if (late != null) {
            return new ReservationDecision.Refused(late);
        }
        Refusal notSo = notOffered(asked, channel, facts.network());
        if (notSo != null) {
            return new ReservationDecision.Refused(notSo);
        }
        Refusal notThere = notCollectedThere(asked, facts.network());
        if (notThere != null) {
            return new ReservationDecision.Refused(notThere);
        }
        TreeMap<String, Slot> slots = new TreeMap<>();
        for (Map.Entry<Integer, Slot> wanted : asked.slots().entrySet()) {
            String path = "shipGroups[" + (wanted.getKey() - 1) + "].collectFrom";
            if (asked.demands().stream().noneMatch(demand -> demand.group() == wanted.getKey())) {
                return new ReservationDecision.Refused(Refusal.at(
                        path, RefusalCode.INVALID_FIELD, "nothing would be collected then: the group has no line"));
            }
            slots.put(path, wanted.getValue());
        }
        Refusal full = Slots.refusal(facts.network(), facts.stock(), slots, facts.now());
        if (full != null) {
            return new ReservationDecision.Refused(full);
        }
        Offered offered = Offered.of(facts.network(), asked.demands());
        Allowance allowance = asked.allowance();
        int all = offered.demands().stream()
                .mapToInt(SourcingRequest.Demand::quantity)
                .sum();
        Refusal tooMuch = allowance == null ? null : tooMuch(allowance, all, facts);
        if (tooMuch != null) {
            return new ReservationDecision.Refused(tooMuch);
        }
        Fences fences = Fences.of(facts.network(), asked.channel(), asked.customerGroup(), facts.now());
        SourcingPlan plan = facts.sourcing()
                .plan(
                        new SourcingRequest(facts.now(), asked.groups(), offered.demands(), asked.mostParcels()),
                        facts.network(),
                        facts.stock().with(item -> fences));
        TreeMap<Integer, Integer> wait = new TreeMap<>();
        List<Waiting> waiting = new ArrayList<>();
        for (SourcingPlan.Unfilled missing : plan.unfilled()) {
            SourcingRequest.Demand demand = offered.demands().get(missing.line() - 1);
            SourcingRequest.Group group = asked.groups().get(demand.group() - 1);
            int sum = wait.merge(demand.item(), missing.quantity(), Integer::sum);
            String path = "lines[" + (offered.asked().get(missing.line() - 1) - 1) + "]";
            String units = missing.quantity() + (missing.quantity() == 1 ? " unit" : " units");
            if (missing.lack() == SourcingPlan.Lack.CAPACITY) {
                return new ReservationDecision.Refused(
                        Refusal.at(path, RefusalCode.INSUFFICIENT_CAPACITY, units + " cannot be had now in this way"));
            }
            // Who is shown nothing any more, having lost too often, is not to wait for what is there.
            if (!asked.mayWait() || !facts.stock().isShown()) {
                return new ReservationDecision.Refused(
                        Refusal.at(path, RefusalCode.INSUFFICIENT_SUPPLY, units + " cannot be had now in this way"));
            }
            if (!facts.sourcing().hasWay(group, facts.network(), facts.now())) {
                return new ReservationDecision.Refused(Refusal.at(
                        path,
                        RefusalCode.INSUFFICIENT_SUPPLY,
                        units + " cannot be had in this way: no node that is open does so"));
            }
            if (sum > room(demand.item(), facts)) {
                return new ReservationDecision.Refused(Refusal.at(
                        path,
                        RefusalCode.INSUFFICIENT_SUPPLY,
                        units + " cannot be had now in this way, and so many more may not wait"));
            }
            waiting.add(new Waiting(demand.group(), demand.item(), missing.quantity()));
        }
        Taking taking = new Taking(facts.stock(), item -> fences);
        List<Parcel> parcels = new ArrayList<>();
        List<StockChange> days = new ArrayList<>();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            List<HeldUnits> units = new ArrayList<>();
            for (LineQuantity part : parcel.lines()) {
                int item = offered.demands().get(part.line() - 1).item();
                for (Taking.Part from : taking.take(item, parcel.node(), part.quantity())) {
                    units.add(new HeldUnits(part.line(), item, from.quantity(), from.pool()));
                }
            }
            parcels.add(new Parcel(
                    parcel.group(), parcel.node(), parcel.method(), parcel.dispatchBy(), parcel.capacityDay(), units));
            days.addAll(parcel.claimsOfDay(facts.network(), facts.stock()));
        }
        List<StockChange> claims = new ArrayList<>(taking.claims());
        claims.addAll(days);
        wait.forEach(
                (item, units) -> claims.add(new StockChange(PositionKey.ofWaiting(item), StockMove.RESERVE, units)));
        if (allowance != null) {
            PositionKey key = PositionKey.ofCaller(allowance.caller());
            if (facts.stock().balance(key).backorderCap() != allowance.most()) {
                claims.add(new StockChange(key, StockMove.CAP, allowance.most()));
            }
            claims.add(new StockChange(key, StockMove.RESERVE, all));
        }
        List<Slot> held = List.copyOf(asked.slots().values());
        held.forEach(slot -> claims.addAll(Slots.claims(facts.network(), facts.stock(), slot)));
        return new ReservationDecision.Accepted(
                new Reservation(
                        asked.id(),
                        1,
                        ReservationState.HELD,
                        asked.channel(),
                        asked.customerGroup(),
                        asked.reference(),
                        facts.now(),
                        asked.until(),
                        asked.groups(),
                        parcels,
                        waiting,
                        held,
                        allowance == null ? 0 : allowance.caller(),
                        0),
                claims);
    }

    /** How many more units of an item may wait. */
    private static int room(int item, ReservationFacts facts) {
        return facts.stock().balance(PositionKey.ofWaiting(item)).available();
    }

    private static @Nullable Refusal notOffered(ReservationCommand.Reserve asked, Channel channel, Network network) {
        for (SourcingRequest.Demand demand : asked.demands()) {
            SourcingRequest.Group group = asked.groups().get(demand.group() - 1);
            String why = Offered.not(network, demand.item(), channel.code(), group.method());
            if (why != null) {
                return Refusal.at("lines[" + (demand.line() - 1) + "].sku", RefusalCode.ITEM_NOT_OFFERED, why);
            }
        }
        return null;
    }

    private static @Nullable Refusal notCollectedThere(ReservationCommand.Reserve asked, Network network) {
        for (int i = 0; i < asked.groups().size(); i++) {
            NodeId store = asked.groups().get(i).pickUpNode();
            Node node = store == null ? null : network.node(store.value());
            String why = node == null ? null : Offered.notAt(node);
            if (why != null) {
                return Refusal.at("shipGroups[" + i + "].pickUpNode", RefusalCode.INVALID_FIELD, why);
            }
        }
        return null;
    }

    private static @Nullable Refusal tooLong(Instant until, ReservationFacts facts) {
        if (!until.isAfter(facts.now())) {
            return Refusal.at("until", RefusalCode.INVALID_FIELD, "that time is over");
        }
        return until.isAfter(facts.now().plus(LONGEST))
                ? Refusal.at(
                        "until",
                        RefusalCode.INVALID_FIELD,
                        "nothing is held for longer than " + LONGEST.toDays() + " days without an order")
                : null;
    }

    private static ReservationDecision extend(Reservation reservation, Instant until, ReservationFacts facts) {
        if (!reservation.isHeld()) {
            return refused(
                    RefusalCode.NOT_EXPECTED_NOW,
                    "it holds nothing any more: it is "
                            + reservation.state().name().toLowerCase(java.util.Locale.ROOT));
        }
        Refusal late = tooLong(until, facts);
        if (late != null) {
            return new ReservationDecision.Refused(late);
        }
        return until.equals(reservation.until())
                ? unchanged(reservation)
                : new ReservationDecision.Accepted(reservation.until(until), List.of());
    }

    private static boolean isShort(Reservation reservation, ReservationFacts facts) {
        return reservation.parcels().stream()
                .anyMatch(parcel -> parcel.units().stream().anyMatch(held -> isShort(held, parcel.node(), facts)));
    }

    private static boolean isShort(HeldUnits held, NodeId node, ReservationFacts facts) {
        return facts.stock().balance(new PositionKey(held.item(), node.value())).shortage() > 0;
    }

    /** Units that are short are not put back into the fence they were taken from: it would have to give them up at once. */
    private static ReservationDecision yielded(Reservation reservation, ReservationFacts facts) {
        TreeMap<PositionKey, Integer> missing = new TreeMap<>();
        List<StockChange> claims = new ArrayList<>();
        for (boolean ofFences : new boolean[] {false, true}) {
            for (Parcel parcel : reservation.parcels()) {
                for (HeldUnits held : parcel.units()) {
                    if (isKept(held, facts.network(), facts.now()) == ofFences) {
                        claims.addAll(yielded(held, parcel.node(), facts, missing));
                    }
                }
            }
        }
        reservation.parcels().forEach(parcel -> claims.addAll(noLongerWorkedOn(parcel, parcel.units())));
        return ended(reservation, ReservationState.RELEASED, claims);
    }

    /** @param missing how many units are still short, by position */
    private static List<StockChange> yielded(
            HeldUnits held, NodeId node, ReservationFacts facts, TreeMap<PositionKey, Integer> missing) {
        PositionKey key = new PositionKey(held.item(), node.value());
        int left = missing.computeIfAbsent(
                key, wanted -> facts.stock().balance(wanted).shortage());
        boolean isKept = isKept(held, facts.network(), facts.now());
        int toNobody = isKept ? Math.min(left, held.quantity()) : held.quantity();
        missing.put(key, Math.max(0, left - toNobody));
        List<StockChange> claims = new ArrayList<>(2);
        if (toNobody > 0) {
            claims.add(new StockChange(key, StockMove.RELEASE, toNobody));
        }
        if (toNobody < held.quantity()) {
            claims.add(backIntoFence(held, node, held.quantity() - toNobody));
        }
        return claims;
    }

    private static ReservationDecision ended(Reservation reservation, ReservationState how, ReservationFacts facts) {
        List<StockChange> claims = new ArrayList<>();
        for (Parcel parcel : reservation.parcels()) {
            claims.addAll(givenBack(parcel, parcel.units(), facts.network(), facts.now()));
        }
        return ended(reservation, how, claims);
    }

    /** @param claims what gives its parcels back; the rest is added */
    private static ReservationDecision ended(Reservation reservation, ReservationState how, List<StockChange> claims) {
        reservation.waiting().forEach(units -> claims.add(noLongerWaiting(units.item(), units.quantity())));
        reservation.slots().forEach(slot -> claims.add(Slots.release(slot)));
        claims.addAll(noLongerHeld(reservation));
        return new ReservationDecision.Accepted(reservation.ended(how, 0), claims);
    }

    /** What makes room for others who would wait. */
    public static StockChange noLongerWaiting(int item, int units) {
        return new StockChange(PositionKey.ofWaiting(item), StockMove.RELEASE, units);
    }

    /** What counts no longer against what its caller may hold. */
    public static List<StockChange> noLongerHeld(Reservation reservation) {
        List<StockChange> claims = new ArrayList<>();
        if (reservation.caller() != 0) {
            claims.add(new StockChange(
                    PositionKey.ofCaller(reservation.caller()), StockMove.RELEASE, reservation.quantity()));
        }
        return claims;
    }

    private static @Nullable Refusal tooMuch(Allowance allowance, int units, ReservationFacts facts) {
        int held =
                facts.stock().balance(PositionKey.ofCaller(allowance.caller())).reserved();
        return (long) held + units <= allowance.most()
                ? null
                : Refusal.at(
                        "lines",
                        RefusalCode.TOO_MUCH_HELD,
                        "this key may hold " + allowance.most() + " units at a time, and holds " + held + " already");
    }

    /** An order has the units and slots now that it wants; all others must be {@link #givenBack}. */
    public static Reservation taken(Reservation reservation, long order) {
        return reservation.ended(ReservationState.TAKEN, order);
    }

    /** What gives units of a parcel back: into the fence they were taken from, if it still keeps any, else to everybody. */
    public static List<StockChange> givenBack(Parcel parcel, List<HeldUnits> units, Network network, Instant now) {
        List<StockChange> claims = new ArrayList<>();
        for (HeldUnits held : units) {
            claims.add(
                    isKept(held, network, now)
                            ? backIntoFence(held, parcel.node(), held.quantity())
                            : StockChange.of(held.item(), parcel.node().value(), StockMove.RELEASE, held.quantity()));
        }
        claims.addAll(noLongerWorkedOn(parcel, units));
        return claims;
    }

    private static StockChange backIntoFence(HeldUnits held, NodeId node, int units) {
        return new StockChange(
                PositionKey.of(held.item(), new Place(held.pool(), node.value())), StockMove.DEPOSIT, units);
    }

    /** What units took of the day's capacity of their node. */
    private static List<StockChange> noLongerWorkedOn(Parcel parcel, List<HeldUnits> units) {
        LocalDate day = parcel.capacityDay();
        int sum = units.stream().mapToInt(HeldUnits::quantity).sum();
        return day != null && sum > 0 ? List.of(DailyCapacity.release(parcel.node(), day, sum)) : List.of();
    }

    private static boolean isKept(HeldUnits held, Network network, Instant now) {
        return held.pool() != Place.Pool.STOCK && keeps(network, held.pool(), now);
    }

    private static boolean keeps(Network network, int pool, Instant now) {
        for (RingFence fence : network.ringFences()) {
            if (Place.poolOfFence(fence.number()) == pool) {
                return !fence.isOver(now);
            }
        }
        return false;
    }

    private static ReservationDecision unchanged(Reservation reservation) {
        return new ReservationDecision.Accepted(reservation, List.of());
    }

    private static ReservationDecision refused(RefusalCode code, String detail) {
        return new ReservationDecision.Refused(Refusal.of(code, detail));
    }
}
