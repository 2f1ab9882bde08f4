package dev.tutti.promise;

import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Supply;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.PickUpTime;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingPlan;
import dev.tutti.sourcing.SourcingRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the ways in which somebody can have what they wish: one for each carrier service, store by store. */
public final class Promises {
    private static final int ONE_GROUP = 1;

    private final Network network;
    private final Supply supply;
    private final Sourcing sourcing;
    private final Wish wish;
    private @Nullable Boolean whole;

    private Promises(Network network, Supply supply, Sourcing sourcing, Wish wish) {
        this.network = network;
        this.supply = supply;
        this.sourcing = sourcing;
        this.wish = wish;
    }

    /**
     * All ways there are, those that are sent first, each kind from the soonest to the latest.
     *
     * @param supply as they may have it, with the units of their ring-fences
     * @param sourcing the search, with its reusable memory
     */
    public static List<Option> options(Network network, Supply supply, Sourcing sourcing, Wish wish) {
        return new Promises(network, supply, sourcing, wish).options();
    }

    private List<Option> options() {
        List<Option> options = new ArrayList<>();
        for (CarrierService service : network.services()) {
            Option split = shipped(service, 0);
            add(options, split);
            if (split != null && split.isSplit() && someNodeHasEverything()) {
                add(options, shipped(service, 1));
            }
        }
        for (Node store : stores()) {
            Option here = collected(store);
            add(options, here);
            if (here == null) {
                add(options, sentToStore(store));
            }
        }
        options.sort(Comparator.comparing(Option::way)
                .thenComparing(Option::latest)
                .thenComparing(Option::earliest)
                .thenComparingLong(Option::cost)
                .thenComparing(Option::service));
        return options;
    }

    /** Most carts of many lines are nowhere whole, and need not be looked for. */
    private boolean someNodeHasEverything() {
        if (whole == null) {
            TreeMap<Integer, Integer> units = new TreeMap<>();
            wish.demands().forEach(demand -> units.merge(demand.item(), demand.quantity(), Integer::sum));
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
                ONE_GROUP, Method.SHIP, wish.destination(), null, service.number(), wish.country(), wish.postcode());
        SourcingPlan plan = plan(group, mostParcels);
        List<Option.Leg> legs =
                plan == null ? null : legs(plan, service, wish.destination(), wish.country(), wish.postcode());
        return plan == null || legs == null
                ? null
                : new Option(
                        Option.Way.SHIP,
                        service.code(),
                        null,
                        last(legs, Option.Leg::earliest),
                        last(legs, Option.Leg::latest),
                        null,
                        plan.cost(),
                        legs);
    }

    /** Null if everything is not to be had, or is not at all with so few parcels. */
    private @Nullable SourcingPlan plan(SourcingRequest.Group group, int mostParcels) {
        List<SourcingRequest.Demand> demands = new ArrayList<>(wish.demands().size());
        for (SourcingRequest.Demand demand : wish.demands()) {
            demands.add(new SourcingRequest.Demand(
                    demand.line(), demand.item(), demand.quantity(), ONE_GROUP, demand.splittable(), demand.blocked()));
        }
        SourcingPlan plan =
                sourcing.plan(new SourcingRequest(wish.now(), List.of(group), demands, mostParcels), network, supply);
        return plan.unfilled().isEmpty() ? plan : null;
    }

    private @Nullable List<Option.Leg> legs(
            SourcingPlan plan, CarrierService service, @Nullable GeoPoint to, String country, String postcode) {
        List<Option.Leg> legs = new ArrayList<>();
        for (SourcingPlan.Parcel parcel : plan.parcels()) {
            Node node = network.node(parcel.node().value());
            if (node == null) {
                throw new IllegalStateException("node " + parcel.node() + " was planned a moment ago");
            }
            LocalDate day = parcel.dispatchBy()
                    .minusNanos(1)
                    .atZone(node.calendar().zone())
                    .toLocalDate();
            CarrierService.Transit transit = service.transit()
                    .get(service.zones()
                            .of(
                                    node,
                                    country,
                                    postcode,
                                    sourcing.distances(network, to).of(node)));
            LocalDate earliest = transit == null ? null : service.arrival(day, transit.fewest());
            LocalDate latest = transit == null ? null : service.arrival(day, transit.most());
            if (earliest == null || latest == null) {
                return null;
            }
            legs.add(new Option.Leg(parcel.node(), day, earliest, latest, parcel.lines()));
        }
        return legs;
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
        SourcingPlan plan = plan(new SourcingRequest.Group(ONE_GROUP, Method.PICK_UP, null, store.id()), 0);
        PickUpTime time = plan == null ? null : PickUpTime.of(store, wish.now(), slot -> false);
        return plan == null || time == null
                ? null
                : collectedAt(store, Option.Way.PICK_UP, "", time, time, plan.cost(), List.of());
    }

    /** By the service that brings it soonest. */
    private @Nullable Option sentToStore(Node store) {
        Option best = null;
        for (CarrierService service : network.services()) {
            SourcingRequest.Group group =
                    new SourcingRequest.Group(ONE_GROUP, Method.SHIP, store.location(), null, service.number(), "", "");
            SourcingPlan plan = plan(group, 0);
            List<Option.Leg> legs = plan == null ? null : legs(plan, service, store.location(), "", "");
            PickUpTime earliest = legs == null ? null : after(store, last(legs, Option.Leg::earliest));
            PickUpTime latest = legs == null ? null : after(store, last(legs, Option.Leg::latest));
            if (plan != null && legs != null && earliest != null && latest != null) {
                Option option = collectedAt(
                        store, Option.Way.SHIP_TO_STORE, service.code(), earliest, latest, plan.cost(), legs);
                if (best == null || SOONEST.compare(option, best) < 0) {
                    best = option;
                }
            }
        }
        return best;
    }

    private static final Comparator<Option> SOONEST =
            Comparator.comparing(Option::latest).thenComparingLong(Option::cost).thenComparing(Option::service);

    private @Nullable PickUpTime after(Node store, LocalDate arrival) {
        Instant start = store.start(wish.now(), arrival);
        return start == null ? null : PickUpTime.of(store, start, slot -> false);
    }

    private static Option collectedAt(
            Node store,
            Option.Way way,
            String service,
            PickUpTime earliest,
            PickUpTime latest,
            long cost,
            List<Option.Leg> legs) {
        return new Option(
                way,
                service,
                store.id(),
                day(store, earliest),
                day(store, latest),
                new Option.Collect(latest.offered().from(), latest.offered().to()),
                cost,
                legs);
    }

    private static LocalDate day(Node store, PickUpTime time) {
        return time.offered().from().atZone(store.calendar().zone()).toLocalDate();
    }
}
