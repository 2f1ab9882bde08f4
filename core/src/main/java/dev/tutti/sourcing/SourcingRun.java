package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.Supply;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Distances;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.sourcing.search.ExactSearch;
import dev.tutti.sourcing.search.SourcingProblem;
import dev.tutti.sourcing.search.SourcingSolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run: what is on offer is gathered, put in numbers, searched, and put back in words. */
final class SourcingRun {
    /** Well within what the search can add up; only orders of very many units come near it. */
    private static final long MOST_COST = 1L << 56;

    private final SourcingRequest request;
    private final NodeTable nodes;
    private final Supply supply;
    private final Supply.Candidates candidates;

    /** What is on offer of one item; lines of the same item share it, and its stocks in the problem. */
    private record Offer(int item, int[] places, int[] units, int[] stocks, int[] left) {}

    private final List<Offer> offers = new ArrayList<>();
    // Looked up by item only.
    private final Map<Integer, Offer> offerByItem = new HashMap<>();
    /** For each demand, the candidates of its offer that may fulfil it. */
    private final int[][] eligible;

    private final Offer[] offerOf;

    private static final int NOT_LOOKED = -1;
    private static final int IMPOSSIBLE = -2;
    private static final int POSSIBLE = -3;
    private static final int WANTED = -4;

    /** By node and group what is known of a parcel; its number, once the parcels are numbered. */
    private final int[] parcelOf;

    /** By node and group, for those that may fulfil it; null without a service. */
    private final CarrierService.@Nullable Transit[] transits;

    private final List<Parcel> parcels = new ArrayList<>();
    private long unfilledCost;

    private final Departures departures;
    private final Distances[] distances;

    /** A parcel that might be opened: one node for one group. */
    private record Parcel(
            SourcingRequest.Group group, Departures.Departure departure, Departures.Leaving leaving, long unitCost) {
        Node node() {
            return departure.node();
        }
    }

    SourcingRun(
            SourcingRequest request,
            NodeTable nodes,
            Departures departures,
            Supply supply,
            Supply.Candidates candidates) {
        this.request = request;
        this.nodes = nodes;
        this.supply = supply;
        this.candidates = candidates;
        this.departures = departures;
        this.eligible = new int[request.demands().size()][];
        this.offerOf = new Offer[request.demands().size()];
        this.distances = distances();
        this.parcelOf = new int[nodes.size() * request.groups().size()];
        Arrays.fill(parcelOf, NOT_LOOKED);
        this.transits = new CarrierService.@Nullable Transit[parcelOf.length];
    }

    SourcingPlan plan(ExactSearch search) {
        for (int d = 0; d < eligible.length; d++) {
            gather(d);
        }
        SourcingProblem.Builder problem = SourcingProblem.builder();
        addParcels(problem);
        addLines(problem);
        if (request.mostParcels() > 0) {
            problem.maxPackages(request.mostParcels());
        }
        return words(search.solve(problem.build()));
    }

    private void gather(int d) {
        SourcingRequest.Demand demand = request.demands().get(d);
        int groupIndex = groupIndex(demand.group());
        SourcingRequest.Group group = request.groups().get(groupIndex);
        Offer offer = offer(demand.item());
        int[] may = new int[offer.places().length];
        int size = 0;
        for (int i = 0; i < may.length; i++) {
            int place = offer.places()[i];
            if (mayFulfil(place, group, groupIndex)
                    && (demand.blocked().isEmpty() || !demand.blocked().contains(new NodeId(place)))) {
                may[size++] = i;
                parcelOf[place * request.groups().size() + groupIndex] = WANTED;
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
        int at = place * request.groups().size() + groupIndex;
        if (parcelOf[at] == NOT_LOOKED) {
            Node node = nodes.network.node(place);
            parcelOf[at] = IMPOSSIBLE;
            if (node != null
                    && mayFulfil(node, group)
                    && nodes.handOver(node, group.service(), request.now()) != null) {
                transits[at] = nodes.transit(node, group, distances[groupIndex]);
                parcelOf[at] = group.service() == 0 || transits[at] != null ? POSSIBLE : IMPOSSIBLE;
            }
        }
        return parcelOf[at] != IMPOSSIBLE;
    }

    private int groupIndex(int number) {
        for (int g = 0; g < request.groups().size(); g++) {
            if (request.groups().get(g).number() == number) {
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
        supply.read(item, candidates);
        int[] places = new int[candidates.size()];
        int[] units = new int[candidates.size()];
        int[] stocks = new int[candidates.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = candidates.place(i);
            units[i] = candidates.units(i);
        }
        Arrays.fill(stocks, SourcingProblem.NONE);
        Offer offer = new Offer(item, places, units, stocks, units.clone());
        offers.add(offer);
        offerByItem.put(item, offer);
        return offer;
    }

    private static boolean mayFulfil(Node node, SourcingRequest.Group group) {
        return node.active()
                && switch (group.method()) {
                    case SHIP, SHIP_TO_STORE -> node.ships();
                    case PICK_UP -> node.handsOut() && node.id().equals(group.pickUpNode());
                };
    }

    /** Numbers the parcels by node, then group, so that the search's ties fall to the lower node. */
    private void addParcels(SourcingProblem.Builder problem) {
        int groups = request.groups().size();
        Departures.@Nullable Departure[] leaving = leaving();
        long dearestParcel = 0;
        long dearestUnit = 0;
        for (int n = 0; n < nodes.size(); n++) {
            Departures.Departure departure = leaving[n];
            if (departure == null) {
                continue;
            }
            Node node = departure.node();
            int capacity =
                    departure.capacityDay() == null ? SourcingProblem.NONE : problem.addCapacity(departure.free());
            for (int g = 0; g < groups; g++) {
                int at = n * groups + g;
                if (parcelOf[at] != WANTED) {
                    continue;
                }
                SourcingRequest.Group group = request.groups().get(g);
                Departures.Leaving leaves = departures.leaving(departure, group);
                CarrierService.Transit transit = transits[at];
                long miles = distances[g].of(node);
                miles = miles == Node.UNKNOWN ? 0 : miles;
                long unitCost = node.costs().perUnit() + miles * node.costs().perUnitMile();
                long parcelCost = node.costs().perPackage()
                        + (transit == null ? 0 : transit.perPackage())
                        + departures.daysLate(leaves) * node.costs().perDayLate();
                parcelOf[at] = problem.addPackage(parcelCost, capacity);
                parcels.add(new Parcel(group, departure, leaves, unitCost));
                dearestParcel = Math.max(dearestParcel, parcelCost);
                dearestUnit = Math.max(dearestUnit, unitCost);
            }
        }
        unfilledCost = unfilledCost(dearestParcel, dearestUnit);
    }

    /** When each node's parcels would leave, by the node's number; null for those that are not asked. */
    private Departures.@Nullable Departure[] leaving() {
        int groups = request.groups().size();
        Departures.@Nullable Departure[] leaving = new Departures.@Nullable Departure[nodes.size()];
        for (int n = 0; n < leaving.length; n++) {
            for (int g = 0; g < groups && leaving[n] == null; g++) {
                if (parcelOf[n * groups + g] == WANTED) {
                    Node node = node(n);
                    int service = request.groups().get(g).service();
                    leaving[n] = departures.of(node, service, supply, couldGive(node));
                }
            }
        }
        return leaving;
    }

    /** The most units of this order the node could be asked for, up to its capacity; 0 if nobody counts. */
    private long couldGive(Node node) {
        if (node.dailyCapacity() == Node.UNLIMITED) {
            return 0;
        }
        long units = 0;
        for (Offer offer : offers) {
            int at = Arrays.binarySearch(offer.places(), node.id().value());
            if (at >= 0) {
                units += Math.min(offer.units()[at], asked(offer, at));
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
    private long unfilledCost(long dearestParcel, long dearestUnit) {
        long units = 0;
        for (SourcingRequest.Demand demand : request.demands()) {
            units += demand.quantity();
        }
        long wholeOrder = Math.min(parcels.size(), units) * dearestParcel + units * dearestUnit + 1;
        return Math.min(wholeOrder, MOST_COST / Math.max(1, units));
    }

    private Distances[] distances() {
        Distances[] distances = new Distances[request.groups().size()];
        for (int g = 0; g < distances.length; g++) {
            GeoPoint to = request.groups().get(g).destination();
            boolean travels = request.groups().get(g).method().isSent();
            // Not one that is kept for all: an order may go to more places than are kept.
            distances[g] = distances.length > 1
                    ? new Distances(nodes.network, travels ? to : null)
                    : nodes.from(travels ? to : null);
        }
        return distances;
    }

    private Node node(int id) {
        Node node = nodes.network.node(id);
        if (node == null) {
            throw new IllegalStateException("node " + id + " was there a moment ago");
        }
        return node;
    }

    private void addLines(SourcingProblem.Builder problem) {
        int groups = request.groups().size();
        for (int d = 0; d < eligible.length; d++) {
            SourcingRequest.Demand demand = request.demands().get(d);
            int groupIndex = groupIndex(demand.group());
            Offer offer = offerOf[d];
            problem.addLine(demand.quantity(), demand.splittable(), unfilledCost);
            for (int i : eligible[d]) {
                if (offer.stocks()[i] == SourcingProblem.NONE) {
                    offer.stocks()[i] = problem.addStock(offer.units()[i]);
                }
                int parcel = parcelOf[offer.places()[i] * groups + groupIndex];
                problem.addOption(parcel, offer.stocks()[i], parcels.get(parcel).unitCost());
            }
        }
    }

    private SourcingPlan words(SourcingSolution solution) {
        int groups = request.groups().size();
        List<List<LineQuantity>> taken = new ArrayList<>(parcels.size());
        for (int i = 0; i < parcels.size(); i++) {
            taken.add(new ArrayList<>());
        }
        int[] given = new int[nodes.size()];
        int option = 0;
        for (int d = 0; d < eligible.length; d++) {
            SourcingRequest.Demand demand = request.demands().get(d);
            int groupIndex = groupIndex(demand.group());
            for (int i : eligible[d]) {
                int units = solution.taken(option++);
                if (units > 0) {
                    int parcel = parcelOf[offerOf[d].places()[i] * groups + groupIndex];
                    taken.get(parcel).add(new LineQuantity(demand.line(), units));
                    given[offerOf[d].places()[i]] += units;
                    offerOf[d].left()[i] -= units;
                }
            }
        }
        long saved = 0;
        for (int p = 0; p < parcels.size(); p++) {
            if (!taken.get(p).isEmpty()) {
                Parcel parcel = parcels.get(p);
                Departures.Departure planned = parcel.departure();
                Departures.Departure sooner =
                        departures.sooner(planned, given[parcel.node().id().value()]);
                Departures.Leaving leaves = departures.leaving(sooner, parcel.group());
                parcels.set(p, new Parcel(parcel.group(), sooner, leaves, parcel.unitCost()));
                saved += (departures.daysLate(parcel.leaving()) - departures.daysLate(leaves))
                        * parcel.node().costs().perDayLate();
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
                chosen(taken),
                unfilled,
                solution.cost() - notCounted,
                solution.proven(),
                solution.lowerBound() - notCounted,
                record());
    }

    /** Why a demand could not be filled: had a node enough left of it, it was the node that could do no more. */
    private SourcingPlan.Lack lack(int d) {
        SourcingRequest.Demand demand = request.demands().get(d);
        int wanted = demand.splittable() ? 1 : demand.quantity();
        for (int i : eligible[d]) {
            boolean limited = node(offerOf[d].places()[i]).dailyCapacity() != Node.UNLIMITED;
            if (limited && offerOf[d].left()[i] >= wanted) {
                return SourcingPlan.Lack.CAPACITY;
            }
        }
        return SourcingPlan.Lack.STOCK;
    }

    /** What this run was asked and saw. */
    SourcingRecord record() {
        return new SourcingRecord(request, nodes.network.version(), seen());
    }

    private List<SourcingPlan.Parcel> chosen(List<List<LineQuantity>> taken) {
        List<SourcingPlan.Parcel> chosen = new ArrayList<>();
        for (int p = 0; p < parcels.size(); p++) {
            if (!taken.get(p).isEmpty()) {
                Parcel parcel = parcels.get(p);
                chosen.add(new SourcingPlan.Parcel(
                        parcel.group().number(),
                        parcel.node().id(),
                        parcel.group().method(),
                        parcel.leaving().by(),
                        parcel.departure().capacityDay(),
                        taken.get(p)));
            }
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
            size += 2 + 2 * offer.places().length;
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
            seen[at++] = offer.places().length;
            for (int i = 0; i < offer.places().length; i++) {
                seen[at++] = offer.places()[i];
                seen[at++] = offer.units()[i];
            }
        }
        return seen;
    }
}
