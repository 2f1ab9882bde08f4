package dev.tutti.promise;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Foreseen;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Remembered;
import dev.tutti.inventory.Slots;
import dev.tutti.inventory.Stock;
import dev.tutti.inventory.Supply;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.HandOver;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.PickUpTime;
import dev.tutti.network.Slot;
import dev.tutti.sourcing.Offered;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the ways in which somebody can have what they wish: one for each carrier service, store by store. */
public final class Promises {
    private static final int ONE_GROUP = 1;
    /** How many days with enough of everything are looked at for a plan. */
    private static final int DAYS_TRIED = 10;

    private final Network network;
    private final Stock stock;
    private final Supply supply;
    private final Sourcing sourcing;
    private final Reliability reliability;
    private final Wish wish;
    private final Offered offered;
    private @Nullable Boolean whole;
    private @Nullable Foreseen foreseen;

    private Promises(Network network, Stock stock, Sourcing sourcing, Reliability reliability, Wish wish) {
        this.network = network;
        this.stock = stock;
        this.supply = new Remembered(stock.with(item -> wish.fences()));
        this.offered = Offered.of(network, wish.demands());
        this.sourcing = sourcing;
        this.reliability = reliability;
        this.wish = wish;
    }

    /** @param isOnHand whether all of it can be had at once; what cannot is expected */
    private record Planned(SourcingPlan plan, boolean isOnHand) {
        boolean isSplit() {
            return plan.parcels().size() > 1;
        }
    }

    /**
     * All ways there are, those that are sent first, each kind from the soonest to the latest.
     *
     * @param stock of which they may have what nobody keeps, and the units of their ring-fences
     * @param sourcing the search, with its reusable memory
     * @param reliability what has been learned of services and nodes
     */
    public static List<Option> options(
            Network network, Stock stock, Sourcing sourcing, Reliability reliability, Wish wish) {
        return new Promises(network, stock, sourcing, reliability, wish).options();
    }

    private List<Option> options() {
        List<Option> options = new ArrayList<>();
        for (CarrierService service : offered.ships() ? network.services() : List.<CarrierService>of()) {
            Option split = shipped(service, 0);
            add(options, split);
            if (mayBeWhole(split)) {
                add(options, shipped(service, 1));
            }
        }
        for (Node store : offered.handsOut() ? stores() : List.<Node>of()) {
            Option here = collected(store);
            add(options, here);
            if (offered.ships() && (here == null || !here.isOnHand())) {
                options.addAll(sentToStore(store));
            }
        }
        options.sort(Comparator.comparing(Option::way)
                .thenComparing(Option::latest)
                .thenComparing(Option::earliest)
                .thenComparingLong(Option::cost)
                .thenComparing(Option::service));
        return options;
    }

    /** Whether one parcel that has it all would be another way. */
    private boolean mayBeWhole(@Nullable Option option) {
        return option != null && option.isOnHand() && option.isSplit() && someNodeHasEverything();
    }

    /** Most carts of many lines are nowhere whole, and need not be looked for. */
    private boolean someNodeHasEverything() {
        if (whole == null) {
            TreeMap<Integer, Integer> units = wanted();
            BitSet have = null;
            Supply.Candidates candidates = new Supply.Candidates();
            for (Map.Entry<Integer, Integer> item : units.entrySet()) {
                supply.read(item.getKey(), candidates);
                BitSet these = new BitSet();
                for (int i = 0; i < candidates.size(); i++) {
                    these.set(candidates.place(i), candidates.units(i) >= item.getValue());
                }
                if (have != null) {
                    these.and(have);
                }
                have = these;
            }
            whole = have != null && !have.isEmpty();
        }
        return whole;
    }

    private static void add(List<Option> options, @Nullable Option option) {
        if (option != null) {
            options.add(option);
        }
    }

    private @Nullable Option shipped(CarrierService service, int mostParcels) {
        SourcingRequest.Group group = new SourcingRequest.Group(
                ONE_GROUP,
                Method.SHIP,
                wish.destination(),
                null,
                service.number(),
                wish.country(),
                wish.postcode(),
                null);
        Planned planned = plan(group, mostParcels);
        List<Option.Leg> legs = planned == null ? null : legs(planned, service, group);
        return planned == null || legs == null
                ? null
                : new Option(
                        Option.Way.SHIP,
                        service.code(),
                        null,
                        planned.isOnHand(),
                        confidence(planned, service.code(), legs, null),
                        last(legs, Option.Leg::earliest),
                        last(legs, Option.Leg::latest),
                        null,
                        planned.plan().cost(),
                        planned.isSplit(),
                        legs);
    }

    /** Null if everything is not to be had, or is not at all with so few parcels; neither now nor when more has come. */
    private @Nullable Planned plan(SourcingRequest.Group group, int mostParcels) {
        List<SourcingRequest.Demand> demands = new ArrayList<>(offered.demands().size());
        for (SourcingRequest.Demand demand : offered.demands()) {
            demands.add(new SourcingRequest.Demand(
                    demand.line(), demand.item(), demand.quantity(), ONE_GROUP, demand.splittable(), demand.blocked()));
        }
        SourcingRequest request = new SourcingRequest(wish.now(), List.of(group), demands, mostParcels);
        SourcingPlan plan = sourcing.plan(request, network, supply);
        return plan.unfilled().isEmpty() ? new Planned(plan, true) : mostParcels > 0 ? null : later(request);
    }

    /** As soon as enough has come, if so many units may wait. */
    private @Nullable Planned later(SourcingRequest request) {
        Foreseen coming = foreseen();
        int tried = 0;
        for (LocalDate day : coming.days()) {
            coming.lookUntil(day);
            if (isEnough(coming, request.groups().getFirst())) {
                SourcingPlan plan = sourcing.plan(request, network, coming);
                if (plan.unfilled().isEmpty()) {
                    return mayWait(plan) ? new Planned(plan, false) : null;
                }
                if (++tried == DAYS_TRIED) {
                    return null;
                }
            }
        }
        return null;
    }

    private Foreseen foreseen() {
        if (foreseen == null) {
            foreseen = new Foreseen(supply, stock, wanted().keySet(), network, wish.now());
        }
        return foreseen;
    }

    private TreeMap<Integer, Integer> wanted() {
        TreeMap<Integer, Integer> units = new TreeMap<>();
        offered.demands().forEach(demand -> units.merge(demand.item(), demand.quantity(), Integer::sum));
        return units;
    }

    /** At the store, or somewhere. */
    private boolean isEnough(Foreseen coming, SourcingRequest.Group group) {
        for (Map.Entry<Integer, Integer> item : wanted().entrySet()) {
            if (coming.units(item.getKey(), group.onlyNode()) < item.getValue()) {
                return false;
            }
        }
        return true;
    }

    private boolean mayWait(SourcingPlan plan) {
        TreeMap<Integer, Integer> waiting = new TreeMap<>();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            units(parcel).forEach((item, units) -> {
                if (foreseen().day(item, parcel.node(), units) != null) {
                    waiting.merge(item, units, Integer::sum);
                }
            });
        }
        for (Map.Entry<Integer, Integer> item : waiting.entrySet()) {
            if (stock.balance(PositionKey.ofWaiting(item.getKey())).available() < item.getValue()) {
                return false;
            }
        }
        return true;
    }

    private TreeMap<Integer, Integer> units(SourcingPlan.Parcel parcel) {
        TreeMap<Integer, Integer> units = new TreeMap<>();
        for (LineQuantity part : parcel.lines()) {
            for (SourcingRequest.Demand demand : offered.demands()) {
                if (demand.line() == part.line()) {
                    units.merge(demand.item(), part.quantity(), Integer::sum);
                }
            }
        }
        return units;
    }

    /** When work on a parcel can start: at once, or when the last of its units has come; null if not within a year. */
    private @Nullable Instant start(Planned planned, SourcingPlan.Parcel parcel, Node node) {
        LocalDate due = null;
        if (!planned.isOnHand()) {
            for (Map.Entry<Integer, Integer> item : units(parcel).entrySet()) {
                LocalDate day = foreseen().day(item.getKey(), node.id(), item.getValue());
                due = due == null || (day != null && day.isAfter(due)) ? day : due;
            }
        }
        return node.start(wish.now(), due);
    }

    /** What is sent; null if it would not arrive. */
    private @Nullable List<Option.Leg> legs(Planned planned, CarrierService service, SourcingRequest.Group to) {
        List<Option.Leg> legs = new ArrayList<>();
        for (SourcingPlan.Parcel parcel : planned.plan().parcels()) {
            if (!parcel.method().isSent()) {
                continue;
            }
            Node node = network.node(parcel.node().value());
            if (node == null) {
                throw new IllegalStateException("node " + parcel.node() + " was planned a moment ago");
            }
            LocalDate day = handedOver(planned, parcel, node, service);
            long miles = sourcing.distances(network, to).of(node);
            int zone = service.zones().of(node, to.country(), to.postcode(), miles);
            CarrierService.Transit transit = service.transit().get(zone);
            LocalDate earliest = transit == null || day == null ? null : service.arrival(day, transit.fewest());
            LocalDate latest = transit == null || day == null ? null : service.arrival(day, transit.most());
            if (day == null || earliest == null || latest == null) {
                return null;
            }
            legs.add(new Option.Leg(parcel.node(), zone, day, earliest, latest, parcel.lines()));
        }
        return legs;
    }

    /** As it is planned; what is expected not before it is there, either. */
    private @Nullable LocalDate handedOver(
            Planned planned, SourcingPlan.Parcel parcel, Node node, CarrierService service) {
        LocalDate day = LocalDate.ofInstant(
                parcel.dispatchBy().minusNanos(1), node.calendar().zone());
        if (planned.isOnHand()) {
            return day;
        }
        Instant start = start(planned, parcel, node);
        HandOver leaves = start == null ? null : HandOver.of(node, service, start);
        if (leaves == null) {
            return null;
        }
        return leaves.day().isBefore(day) ? day : leaves.day();
    }

    /** That all parcels are there in time, and the store is. */
    private @Nullable Integer confidence(Planned planned, String service, List<Option.Leg> legs, @Nullable Node store) {
        long share = Reliability.ALWAYS;
        for (Option.Leg leg : legs) {
            Long of = reliability.share(service, leg.zone(), leg.node().value());
            if (of == null) {
                return null;
            }
            share = share * of / Reliability.ALWAYS;
        }
        Long staged = store == null
                ? Long.valueOf(Reliability.ALWAYS)
                : reliability.share("", 0, store.id().value());
        return staged == null || !planned.isOnHand()
                ? null
                : (int) ((share * staged / Reliability.ALWAYS * 100 + Reliability.ALWAYS / 2) / Reliability.ALWAYS);
    }

    private static LocalDate last(List<Option.Leg> legs, java.util.function.Function<Option.Leg, LocalDate> day) {
        return legs.stream().map(day).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** Those that were named, or the nearest; where it is not known where the customer is, the first by number. */
    private List<Node> stores() {
        Distances distances = sourcing.distances(network, wish.destination());
        int most = wish.stores().isEmpty() ? wish.nearest() : wish.stores().size();
        List<Node> nearest = new ArrayList<>();
        for (int number = 1; number < network.size() && most > 0; number++) {
            Node node = network.node(number);
            if (node != null && isWanted(node)) {
                int at = nearest.size();
                while (at > 0 && distances.of(nearest.get(at - 1)) > distances.of(node)) {
                    at--;
                }
                if (at < most) {
                    nearest.add(at, node);
                }
                if (nearest.size() > most) {
                    nearest.removeLast();
                }
            }
        }
        return nearest;
    }

    private boolean isWanted(Node store) {
        return store.active()
                && store.handsOut()
                && (wish.stores().isEmpty() || wish.stores().contains(store.id()));
    }

    private @Nullable Option collected(Node store) {
        Planned planned = plan(new SourcingRequest.Group(ONE_GROUP, Method.PICK_UP, null, store.id()), 0);
        Instant start = planned == null ? null : ownStart(store, planned, wish.now());
        PickUpTime time = planned == null || start == null ? null : collected(store, planned, start);
        return planned == null || time == null
                ? null
                : collectedAt(store, Option.Way.PICK_UP, "", time, time, planned, List.of());
    }

    /** In any number of parcels; and in one, where that is not the same. */
    private List<Option> sentToStore(Node store) {
        List<Option> all = new ArrayList<>();
        List<Option> whole = new ArrayList<>();
        for (CarrierService service : network.services()) {
            Option option = sentToStore(store, service, 0);
            Option one = mayBeWhole(option) ? sentToStore(store, service, 1) : null;
            add(all, option);
            add(all, one);
            add(whole, option == null || option.isSplit() ? one : option);
        }
        Set<Option> options = new LinkedHashSet<>(worthIt(all));
        options.addAll(worthIt(whole));
        return List.copyOf(options);
    }

    /** The one that is there soonest, and those that are later and cost less. */
    private static List<Option> worthIt(List<Option> options) {
        options.sort(SOONEST);
        List<Option> worthIt = new ArrayList<>();
        for (Option option : options) {
            if (worthIt.isEmpty() || option.cost() < worthIt.getLast().cost()) {
                worthIt.add(option);
            }
        }
        return worthIt;
    }

    /** Null also if nothing need be sent, for then it is collected. */
    private @Nullable Option sentToStore(Node store, CarrierService service, int mostParcels) {
        SourcingRequest.Group group = new SourcingRequest.Group(
                ONE_GROUP, Method.SHIP_TO_STORE, store.location(), store.id(), service.number(), "", "", null);
        Planned planned = plan(group, mostParcels);
        List<Option.Leg> legs = planned == null ? null : legs(planned, service, group);
        if (planned == null || legs == null || legs.isEmpty()) {
            return null;
        }
        PickUpTime earliest = after(store, planned, last(legs, Option.Leg::earliest));
        PickUpTime latest = after(store, planned, last(legs, Option.Leg::latest));
        return earliest == null || latest == null
                ? null
                : collectedAt(store, Option.Way.SHIP_TO_STORE, service.code(), earliest, latest, planned, legs);
    }

    private static final Comparator<Option> SOONEST =
            Comparator.comparing(Option::latest).thenComparingLong(Option::cost).thenComparing(Option::service);

    private boolean isFull(Node store, Instant from) {
        Slot slot = Slot.of(store, from);
        return slot == null || Slots.isFull(network, stock, slot);
    }

    /** When all has come, and the store has what it takes from its own shelf. */
    private @Nullable PickUpTime after(Node store, Planned planned, LocalDate arrival) {
        Instant start = store.start(wish.now(), arrival);
        Instant all = start == null ? null : ownStart(store, planned, start);
        return all == null ? null : collected(store, planned, all);
    }

    /** When all can be collected on which work can start: not before the last day on which the store does its part. */
    private @Nullable PickUpTime collected(Node store, Planned planned, Instant start) {
        LocalDate room = null;
        for (SourcingPlan.Parcel parcel : planned.plan().parcels()) {
            LocalDate day = parcel.method().isSent() ? null : parcel.capacityDay();
            room = room == null || (day != null && day.isAfter(room)) ? day : room;
        }
        return PickUpTime.of(store, start, room, from -> isFull(store, from));
    }

    /** When a store can have started on all that it takes from its own shelf, and a moment has come. Null if not within a year. */
    private @Nullable Instant ownStart(Node store, Planned planned, Instant notBefore) {
        Instant start = notBefore;
        for (SourcingPlan.Parcel parcel : planned.plan().parcels()) {
            if (start != null && !parcel.method().isSent()) {
                Instant own = start(planned, parcel, store);
                start = own != null && own.isBefore(start) ? start : own;
            }
        }
        return start;
    }

    private Option collectedAt(
            Node store,
            Option.Way way,
            String service,
            PickUpTime earliest,
            PickUpTime latest,
            Planned planned,
            List<Option.Leg> legs) {
        return new Option(
                way,
                service,
                store.id(),
                planned.isOnHand(),
                confidence(planned, service, legs, store),
                day(store, earliest),
                day(store, latest),
                new Option.Collect(latest.offered().from(), latest.offered().to()),
                planned.plan().cost(),
                planned.isSplit(),
                legs);
    }

    private static LocalDate day(Node store, PickUpTime time) {
        return time.offered().from().atZone(store.calendar().zone()).toLocalDate();
    }
}
