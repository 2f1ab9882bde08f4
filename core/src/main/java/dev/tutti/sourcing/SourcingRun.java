package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.sourcing.search.ExactSearch;
import dev.tutti.sourcing.search.SourcingProblem;
import dev.tutti.sourcing.search.SourcingSolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run: what is on offer is gathered, put in numbers, searched, and put back in words. */
final class SourcingRun {
    /** Well within what the search can add up; only orders of very many units come near it. */
    private static final long MOST_COST = 1L << 56;

    private final SourcingRequest request;
    private final NodeTable nodes;
    private final Supply supply;
    private final RunMemory memory;

    private final List<Offer> offers = new ArrayList<>();
    // Looked up by item only.
    private final Map<Integer, Offer> offerByItem = new HashMap<>();
    /** For each demand, the candidates of its offer that may fulfil it. */
    private final int[][] eligible;

    private final Offer[] offerOf;

    private static final int IMPOSSIBLE = -2;
    private static final int POSSIBLE = -3;
    private static final int WANTED = -4;

    private final int[] parcelOf;
    private final CarrierService.@Nullable Transit[] transits;
    private final Departures.@Nullable Departure[] leaving;
    private final int[] parcelAt;
    private final long[] unitCost;
    private int wanted;
    private long dearestParcel;
    private long dearestUnit;
    private long unfilledCost;

    private final Departures departures;
    private final Distances[] distances;
    private final SourcingRequest.Group[] groups;
    private final long moment;

    /** A parcel that is opened: one node for one group. */
    private record Parcel(
            SourcingRequest.Group group,
            Departures.Departure departure,
            Departures.Leaving leaves,
            List<LineQuantity> lines) {}

    SourcingRun(SourcingRequest request, NodeTable nodes, Departures departures, Supply supply, RunMemory memory) {
        this.request = request;
        this.nodes = nodes;
        this.supply = supply;
        this.memory = memory;
        this.departures = departures;
        this.eligible = new int[request.demands().size()][];
        this.offerOf = new Offer[request.demands().size()];
        this.groups = request.groups().toArray(SourcingRequest.Group[]::new);
        this.moment = NodeTable.micros(request.now());
        this.distances = distances();
        memory.begin(nodes.size(), groups.length);
        this.parcelOf = memory.parcelOf;
        this.transits = memory.transits;
        this.leaving = memory.leaving;
        this.parcelAt = memory.parcelAt;
        this.unitCost = memory.unitCost;
    }

    SourcingPlan plan(ExactSearch search) {
        for (int d = 0; d < eligible.length; d++) {
            gather(d);
        }
        SourcingProblem.Builder problem = memory.problem.clear();
        addParcels(problem);
        addLines(problem);
        if (request.mostParcels() > 0) {
            problem.maxPackages(request.mostParcels());
        }
        return words(search.solve(problem.build()));
    }

    /** Whether any node can send or hand out what goes with the only group; of what is sent to a store, not it alone. */
    boolean hasWay() {
        for (int place = 1; place < nodes.size(); place++) {
            if (groups[0].methodFrom(place) == groups[0].method() && mayFulfil(place, groups[0], 0)) {
                return true;
            }
        }
        return false;
    }

    private void gather(int d) {
        SourcingRequest.Demand demand = request.demands().get(d);
        int groupIndex = groupIndex(demand.group());
        SourcingRequest.Group group = groups[groupIndex];
        Offer offer = offer(demand.item());
        int[] may = new int[offer.size()];
        int size = 0;
        for (int i = 0; i < may.length; i++) {
            int place = offer.place(i);
            if (mayFulfil(place, group, groupIndex)
                    && (demand.blocked().isEmpty() || !demand.blocked().contains(new NodeId(place)))) {
                may[size++] = i;
                int at = place * groups.length + groupIndex;
                wanted += parcelOf[at] == WANTED ? 0 : 1;
                parcelOf[at] = WANTED;
            }
        }
        offerOf[d] = offer;
        eligible[d] = Arrays.copyOf(may, size);
    }

    /** Whether a node can send or hand out what goes with a group. */
    private boolean mayFulfil(int place, SourcingRequest.Group group, int groupIndex) {
        if (place >= nodes.size()) {
            return false;
        }
        int at = place * groups.length + groupIndex;
        if (parcelOf[at] == RunMemory.NOT_LOOKED) {
            parcelOf[at] = IMPOSSIBLE;
            int service = group.serviceFrom(place);
            if (mayFulfil(place, group) && nodes.sends(place, service, moment, request.now())) {
                transits[at] = service == 0 ? null : nodes.transit(place, group, distances[groupIndex]);
                parcelOf[at] = service == 0 || transits[at] != null ? POSSIBLE : IMPOSSIBLE;
            }
        }
        return parcelOf[at] != IMPOSSIBLE;
    }

    private int groupIndex(int number) {
        for (int g = 0; g < groups.length; g++) {
            if (groups[g].number() == number) {
                return g;
            }
        }
        throw new IllegalArgumentException("the request has no group " + number);
    }

    private Offer offer(int item) {
        Offer known = offerByItem.get(item);
        if (known != null) {
            return known;
        }
        Offer offer = memory.offer(offers.size());
        offer.read(item, supply);
        offers.add(offer);
        offerByItem.put(item, offer);
        return offer;
    }

    private boolean mayFulfil(int place, SourcingRequest.Group group) {
        int store = group.pickUpNode() == null ? 0 : group.pickUpNode().value();
        return switch (group.methodFrom(place)) {
            case SHIP -> nodes.ships(place);
            case SHIP_TO_STORE -> nodes.ships(place) && nodes.handsOut(store);
            case PICK_UP -> store == place && nodes.handsOut(store);
        };
    }

    /** Numbers the parcels by node, then group, so that the search's ties fall to the lower node. */
    private void addParcels(SourcingProblem.Builder problem) {
        findFirstDay();
        int at = 0;
        for (int n = 0; n < nodes.size(); n++) {
            int capacity = SourcingProblem.NONE;
            boolean isFirst = true;
            for (int g = 0; g < groups.length; g++, at++) {
                if (parcelOf[at] == WANTED) {
                    if (isFirst) {
                        capacity = addCapacity(problem, leaving[n]);
                        isFirst = false;
                    }
                    addParcel(problem, n, g, at, capacity);
                }
            }
        }
        unfilledCost = unfilledCost();
    }

    private static int addCapacity(SourcingProblem.Builder problem, Departures.@Nullable Departure departure) {
        return departure == null || departure.capacityDay() == null
                ? SourcingProblem.NONE
                : problem.addCapacity(departure.free());
    }

    private void addParcel(SourcingProblem.Builder problem, int n, int g, int at, int capacity) {
        Departures.Departure departure = leaving[n];
        long day = departure == null
                ? nodes.leaves(n, groups[g].serviceFrom(n))
                : departures.leaving(departure, groups[g]).epochDay();
        CarrierService.Transit transit = transits[at];
        NodeCosts costs = nodes.costs(n);
        long miles = distances[g].of(n);
        miles = miles == Node.UNKNOWN ? 0 : miles;
        long perUnit = costs.perUnit() + miles * costs.perUnitMile();
        long perParcel = !groups[g].methodFrom(n).isSent()
                ? 0
                : costs.perPackage()
                        + (transit == null ? 0 : transit.perPackage())
                        + departures.daysLate(day) * costs.perDayLate();
        int parcel = problem.addPackage(perParcel, capacity);
        parcelOf[at] = parcel;
        parcelAt[parcel] = at;
        unitCost[parcel] = perUnit;
        dearestParcel = Math.max(dearestParcel, perParcel);
        dearestUnit = Math.max(dearestUnit, perUnit);
    }

    /**
     * The first day on which anything could be sent, and for the nodes that need it when all they give leaves. Of the
     * others, as many as there may be, it is known from the table.
     */
    private void findFirstDay() {
        int at = 0;
        for (int n = 0; n < nodes.size(); n++) {
            for (int g = 0; g < groups.length; g++, at++) {
                if (parcelOf[at] == WANTED && isPlain(n)) {
                    departures.mayBeOn(nodes.leaves(n, groups[g].service()));
                } else if (parcelOf[at] == WANTED) {
                    Departures.Departure known = leaving[n];
                    Departures.Departure departure = known == null ? departure(n, groups[g]) : known;
                    leaving[n] = departure;
                    if (groups[g].methodFrom(n).isSent()) {
                        departures.mayBeOn(departure, groups[g]);
                    }
                }
            }
        }
    }

    private boolean isPlain(int n) {
        return groups.length == 1
                && !nodes.isLimited(n)
                && groups[0].methodFrom(n).isSent();
    }

    /** When a node's parcels leave, by the service of the group that is asked about first. */
    private Departures.Departure departure(int n, SourcingRequest.Group group) {
        Node node = node(n);
        return departures.of(node, group, slot(n), supply, couldGive(node));
    }

    /** The first one in which anything that may be asked of a node is collected; null if not all of it is. */
    private @Nullable Instant slot(int n) {
        Instant first = null;
        for (int g = 0; g < groups.length; g++) {
            if (parcelOf[n * groups.length + g] == WANTED) {
                Instant slot = groups[g].methodFrom(n).isSent() ? null : groups[g].collectFrom();
                if (slot == null) {
                    return null;
                }
                first = first == null || slot.isBefore(first) ? slot : first;
            }
        }
        return first;
    }

    /** The most units of this order the node could be asked for, up to its capacity; 0 if nobody counts. */
    private long couldGive(Node node) {
        if (node.dailyCapacity() == Node.UNLIMITED) {
            return 0;
        }
        long units = 0;
        for (Offer offer : offers) {
            int at = offer.indexOf(node.id().value());
            if (at >= 0) {
                units += Math.min(offer.units(at), asked(offer, at));
            }
        }
        return Math.min(units, node.dailyCapacity());
    }

    /** What all lines of an item together may ask of one of its places. */
    private long asked(Offer offer, int at) {
        long units = 0;
        for (int d = 0; d < eligible.length; d++) {
            if (offerOf[d].item() == offer.item() && Arrays.binarySearch(eligible[d], at) >= 0) {
                units += request.demands().get(d).quantity();
            }
        }
        return units;
    }

    /** What an unfilled unit is counted as: more than filling one more could ever cost over the whole order. */
    private long unfilledCost() {
        long units = 0;
        for (SourcingRequest.Demand demand : request.demands()) {
            units += demand.quantity();
        }
        long wholeOrder = Math.min(wanted, units) * dearestParcel + units * dearestUnit + 1;
        return Math.min(wholeOrder, MOST_COST / Math.max(1, units));
    }

    private Distances[] distances() {
        Distances[] all = new Distances[groups.length];
        for (int g = 0; g < all.length; g++) {
            // Not one that is kept for all: an order may go to more places than are kept.
            all[g] = nodes.from(groups[g], all.length == 1);
        }
        return all;
    }

    private Node node(int id) {
        Node node = nodes.network.node(id);
        if (node == null) {
            throw new IllegalStateException("node " + id + " was there a moment ago");
        }
        return node;
    }

    private void addLines(SourcingProblem.Builder problem) {
        for (int d = 0; d < eligible.length; d++) {
            SourcingRequest.Demand demand = request.demands().get(d);
            int groupIndex = groupIndex(demand.group());
            Offer offer = offerOf[d];
            problem.addLine(demand.quantity(), demand.splittable(), unfilledCost);
            for (int i : eligible[d]) {
                int parcel = parcelOf[offer.place(i) * groups.length + groupIndex];
                problem.addOption(parcel, offer.stock(i, problem), unitCost[parcel]);
            }
        }
    }

    private SourcingPlan words(SourcingSolution solution) {
        TreeMap<Integer, List<LineQuantity>> taken = new TreeMap<>();
        // By node; looked up only.
        Map<Integer, Integer> given = new HashMap<>();
        int option = 0;
        for (int d = 0; d < eligible.length; d++) {
            int groupIndex = groupIndex(request.demands().get(d).group());
            for (int i : eligible[d]) {
                int units = solution.taken(option++);
                if (units > 0) {
                    int place = offerOf[d].place(i);
                    taken.computeIfAbsent(parcelOf[place * groups.length + groupIndex], p -> new ArrayList<>())
                            .add(new LineQuantity(request.demands().get(d).line(), units));
                    given.merge(place, units, Integer::sum);
                    offerOf[d].take(i, units);
                }
            }
        }
        long saved = 0;
        List<Parcel> parcels = new ArrayList<>(taken.size());
        for (Map.Entry<Integer, List<LineQuantity>> parts : taken.entrySet()) {
            int at = parcelAt[parts.getKey()];
            int place = at / groups.length;
            SourcingRequest.Group group = groups[at % groups.length];
            Departures.Departure known = leaving[place];
            Departures.Departure planned = known == null ? departure(place, group) : known;
            Departures.Departure departure = departures.withRoomFor(given.getOrDefault(place, 0), planned);
            Departures.Leaving leaves = departures.leaving(departure, group);
            parcels.add(new Parcel(group, departure, leaves, parts.getValue()));
            if (group.methodFrom(place).isSent()) {
                saved += (departures.daysLate(departures.leaving(planned, group).epochDay())
                                - departures.daysLate(leaves.epochDay()))
                        * nodes.costs(place).perDayLate();
            }
        }
        List<SourcingPlan.Unfilled> unfilled = new ArrayList<>();
        long notCounted = saved;
        for (int d = 0; d < eligible.length; d++) {
            if (solution.unfilled(d) > 0) {
                unfilled.add(new SourcingPlan.Unfilled(request.demands().get(d).line(), solution.unfilled(d), lack(d)));
                notCounted += solution.unfilled(d) * unfilledCost;
            }
        }
        return new SourcingPlan(
                chosen(parcels),
                unfilled,
                solution.cost() - notCounted,
                solution.proven(),
                solution.lowerBound() - notCounted,
                record());
    }

    /** Why a demand could not be filled: had a node enough left of it, it was the node that could do no more. */
    private SourcingPlan.Lack lack(int d) {
        SourcingRequest.Demand demand = request.demands().get(d);
        int least = demand.splittable() ? 1 : demand.quantity();
        for (int i : eligible[d]) {
            boolean limited = node(offerOf[d].place(i)).dailyCapacity() != Node.UNLIMITED;
            if (limited && offerOf[d].left(i) >= least) {
                return SourcingPlan.Lack.CAPACITY;
            }
        }
        return SourcingPlan.Lack.STOCK;
    }

    /** What this run was asked and saw. */
    SourcingRecord record() {
        return new SourcingRecord(request, nodes.network.version(), seen());
    }

    private static List<SourcingPlan.Parcel> chosen(List<Parcel> parcels) {
        List<SourcingPlan.Parcel> chosen = new ArrayList<>(parcels.size());
        for (Parcel parcel : parcels) {
            chosen.add(new SourcingPlan.Parcel(
                    parcel.group().number(),
                    parcel.departure().node().id(),
                    parcel.group().methodFrom(parcel.departure().node().id().value()),
                    parcel.leaves().by(),
                    parcel.departure().capacityDay(),
                    parcel.lines()));
        }
        chosen.sort((a, b) -> {
            int byGroup = Integer.compare(a.group(), b.group());
            return byGroup != 0 ? byGroup : a.node().compareTo(b.node());
        });
        return chosen;
    }

    /** What the choice was made from: capacity that was left, a run for each day and node, then what was on offer. */
    private int[] seen() {
        offers.sort((a, b) -> Integer.compare(a.item(), b.item()));
        int size = 4 * departures.capacityLeft().size();
        for (Offer offer : offers) {
            size += 2 + 2 * offer.size();
        }
        int[] seen = new int[size];
        int at = 0;
        for (Map.Entry<PositionKey, Integer> capacity :
                departures.capacityLeft().entrySet()) {
            seen[at++] = capacity.getKey().item();
            seen[at++] = 1;
            seen[at++] = capacity.getKey().place();
            seen[at++] = capacity.getValue();
        }
        for (Offer offer : offers) {
            seen[at++] = offer.item();
            seen[at++] = offer.size();
            for (int i = 0; i < offer.size(); i++) {
                seen[at++] = offer.place(i);
                seen[at++] = offer.units(i);
            }
        }
        return seen;
    }
}
