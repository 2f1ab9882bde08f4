package dev.tutti.sourcing;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Supply;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.WorkCalendar;
import dev.tutti.sourcing.search.ExactSearch;
import dev.tutti.sourcing.search.SourcingProblem;
import dev.tutti.sourcing.search.SourcingSolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sources a whole order at once.
 *
 * <p>Rules narrow: a node must be active, must ship (or be the one the customer comes to), must not be blocked for the
 * line. Then the exact search decides: fewest unfilled units first, then the least cost of parcels, units, miles and
 * days late. Ties fall to fewer parcels, then to the node with the lower number.
 *
 * <p>An instance reuses its memory and belongs to one thread.
 */
public final class Sourcing {
    private final ExactSearch search = new ExactSearch();
    private final Supply.Candidates candidates = new Supply.Candidates();

    // A node's next dispatch changes once a day: remembered by calendar, looked up only.
    private final Map<WorkCalendar, WorkCalendar.Dispatch> dispatches = new IdentityHashMap<>();

    public SourcingPlan plan(SourcingRequest request, Network network, Supply supply) {
        return new Run(request, network, supply).plan();
    }

    private WorkCalendar.Dispatch dispatch(WorkCalendar calendar, Instant now) {
        WorkCalendar.Dispatch known = dispatches.get(calendar);
        if (known == null || !known.isFor(now)) {
            known = calendar.dispatch(now);
            dispatches.put(calendar, known);
        }
        return known;
    }

    /** A parcel that might be opened: one node for one group. */
    private record Option(SourcingRequest.Group group, Node node, long miles, WorkCalendar.Dispatch dispatch) {
        /** The order in which parcels are numbered, so that the search's ties fall to the lower node. */
        static final Comparator<Option> BY_NODE = Comparator.comparing((Option o) -> o.node().id())
                .thenComparing(o -> o.group().number());
    }

    /** One run: first what was seen is gathered, then put in numbers, then searched, then put back in words. */
    private final class Run {
        private final SourcingRequest request;
        private final Network network;
        private final Supply supply;
        private final List<Option> options = new ArrayList<>();
        // Both looked up by key only; numbers are given in the order of demands and places.
        private final Map<Long, Integer> optionOf = new HashMap<>();
        private final Map<Long, Integer> stockOf = new HashMap<>();
        private final Map<Integer, int[]> seen = new HashMap<>();

        Run(SourcingRequest request, Network network, Supply supply) {
            this.request = request;
            this.network = network;
            this.supply = supply;
        }

        SourcingPlan plan() {
            SourcingProblem.Builder problem = SourcingProblem.builder();
            List<int[]> sourcesOf = new ArrayList<>();
            for (SourcingRequest.Demand demand : request.demands()) {
                sourcesOf.add(sources(demand));
            }
            numberByNode(sourcesOf);
            long unfilledCost = addPackages(problem);
            List<Integer> optionOfChoice = addLines(problem, sourcesOf, unfilledCost);
            SourcingSolution solution = search.solve(problem.build());
            return words(solution, optionOfChoice, sourcesOf, unfilledCost);
        }

        /** The demand's possible sources as pairs of option and units on offer. */
        private int[] sources(SourcingRequest.Demand demand) {
            SourcingRequest.Group group = request.groups().stream()
                    .filter(g -> g.number() == demand.group())
                    .findFirst()
                    .orElseThrow();
            int[] offered = seen.computeIfAbsent(demand.item(), this::read);
            int[] sources = new int[offered.length];
            int size = 0;
            for (int i = 0; i < offered.length; i += 2) {
                Node node = network.node(offered[i]);
                if (node != null && mayFulfil(node, group) && !demand.blocked().contains(node.id())) {
                    sources[size++] = option(group, node);
                    sources[size++] = offered[i + 1];
                }
            }
            return Arrays.copyOf(sources, size);
        }

        private int[] read(int item) {
            supply.read(item, candidates);
            int[] offered = new int[2 * candidates.size()];
            for (int i = 0; i < candidates.size(); i++) {
                offered[2 * i] = candidates.place(i);
                offered[2 * i + 1] = candidates.units(i);
            }
            return offered;
        }

        private static boolean mayFulfil(Node node, SourcingRequest.Group group) {
            return node.active()
                    && switch (group.method()) {
                        case SHIP -> node.ships();
                        case PICK_UP -> node.handsOut() && node.id().equals(group.pickUpNode());
                    };
        }

        private int option(SourcingRequest.Group group, Node node) {
            long key = ((long) group.number() << 32) | node.id().value();
            Integer known = optionOf.get(key);
            if (known != null) {
                return known;
            }
            optionOf.put(key, options.size());
            options.add(new Option(
                    group,
                    node,
                    miles(node.location(), group),
                    dispatch(node.calendar(), request.now())));
            return options.size() - 1;
        }

        private static long miles(@Nullable GeoPoint from, SourcingRequest.Group group) {
            GeoPoint to = group.destination();
            return group.method() == Method.PICK_UP || from == null || to == null
                    ? 0
                    : StrictMath.round(from.milesTo(to));
        }

        private void numberByNode(List<int[]> sourcesOf) {
            List<Option> asMet = List.copyOf(options);
            options.sort(Option.BY_NODE);
            Map<Option, Integer> numbers = new IdentityHashMap<>();
            for (int i = 0; i < options.size(); i++) {
                numbers.put(options.get(i), i);
            }
            for (int[] sources : sourcesOf) {
                for (int i = 0; i < sources.length; i += 2) {
                    sources[i] = numbers.getOrDefault(asMet.get(sources[i]), -1);
                }
            }
        }

        /**
         * @return what an unfilled unit is counted as: more than any way of filling it
         */
        private long addPackages(SourcingProblem.Builder problem) {
            long first = options.stream()
                    .mapToLong(option -> option.dispatch().day().toEpochDay())
                    .min()
                    .orElse(0);
            long dearestParcel = 0;
            long dearestUnit = 0;
            for (Option option : options) {
                long daysLate = option.dispatch().day().toEpochDay() - first;
                long cost = parcelCost(option, daysLate);
                problem.addPackage(cost, capacity(problem, option.node()));
                dearestParcel = Math.max(dearestParcel, cost);
                dearestUnit = Math.max(dearestUnit, unitCost(option));
            }
            return dearestParcel + dearestUnit + 1;
        }

        private final Map<Integer, Integer> capacityOf = new HashMap<>();

        private int capacity(SourcingProblem.Builder problem, Node node) {
            return node.dailyCapacity() == Node.UNLIMITED
                    ? SourcingProblem.NONE
                    : capacityOf.computeIfAbsent(
                            node.id().value(), n -> problem.addCapacity(node.dailyCapacity()));
        }

        private static long parcelCost(Option option, long daysLate) {
            return option.node().costs().perPackage()
                    + daysLate * option.node().costs().perDayLate();
        }

        private static long unitCost(Option option) {
            return option.node().costs().perUnit()
                    + option.miles() * option.node().costs().perUnitMile();
        }

        private List<Integer> addLines(
                SourcingProblem.Builder problem, List<int[]> sourcesOf, long unfilledCost) {
            List<Integer> optionOfChoice = new ArrayList<>();
            for (int d = 0; d < sourcesOf.size(); d++) {
                SourcingRequest.Demand demand = request.demands().get(d);
                problem.addLine(demand.quantity(), demand.splittable(), unfilledCost);
                int[] sources = sourcesOf.get(d);
                for (int i = 0; i < sources.length; i += 2) {
                    Option option = options.get(sources[i]);
                    long stock = ((long) demand.item() << 32) | option.node().id().value();
                    int units = sources[i + 1];
                    int stockIndex = stockOf.computeIfAbsent(stock, s -> problem.addStock(units));
                    problem.addOption(sources[i], stockIndex, unitCost(option));
                    optionOfChoice.add(sources[i]);
                }
            }
            return optionOfChoice;
        }

        private SourcingPlan words(
                SourcingSolution solution, List<Integer> optionOfChoice, List<int[]> sourcesOf, long unfilledCost) {
            List<List<LineQuantity>> taken = new ArrayList<>();
            for (int i = 0; i < options.size(); i++) {
                taken.add(new ArrayList<>());
            }
            List<LineQuantity> unfilled = new ArrayList<>();
            long unfilledUnits = 0;
            int choice = 0;
            for (int d = 0; d < sourcesOf.size(); d++) {
                int line = request.demands().get(d).line();
                for (int i = 0; i < sourcesOf.get(d).length; i += 2, choice++) {
                    if (solution.taken(choice) > 0) {
                        taken.get(optionOfChoice.get(choice)).add(new LineQuantity(line, solution.taken(choice)));
                    }
                }
                if (solution.unfilled(d) > 0) {
                    unfilled.add(new LineQuantity(line, solution.unfilled(d)));
                    unfilledUnits += solution.unfilled(d);
                }
            }
            long notAsked = unfilledUnits * unfilledCost;
            return new SourcingPlan(
                    parcels(taken),
                    unfilled,
                    solution.cost() - notAsked,
                    solution.proven(),
                    solution.lowerBound() - notAsked,
                    new SourcingRecord(request, network.version(), seenSupply()));
        }

        private List<SourcingPlan.Parcel> parcels(List<List<LineQuantity>> taken) {
            List<SourcingPlan.Parcel> parcels = new ArrayList<>();
            for (int i = 0; i < options.size(); i++) {
                if (!taken.get(i).isEmpty()) {
                    Option option = options.get(i);
                    parcels.add(new SourcingPlan.Parcel(
                            option.group().number(),
                            option.node().id(),
                            option.group().method(),
                            option.dispatch().by(),
                            taken.get(i)));
                }
            }
            parcels.sort((a, b) -> {
                int byGroup = Integer.compare(a.group(), b.group());
                return byGroup != 0 ? byGroup : a.node().compareTo(b.node());
            });
            return parcels;
        }

        private int[] seenSupply() {
            int[] items = seen.keySet().stream().mapToInt(i -> i).sorted().toArray();
            int size = 0;
            for (int item : items) {
                size += 2 + seen.getOrDefault(item, new int[0]).length;
            }
            int[] supply = new int[size];
            int at = 0;
            for (int item : items) {
                int[] offered = seen.getOrDefault(item, new int[0]);
                supply[at++] = item;
                supply[at++] = offered.length / 2;
                System.arraycopy(offered, 0, supply, at, offered.length);
                at += offered.length;
            }
            return supply;
        }
    }

    /** The plan that the recorded inputs lead to. */
    public SourcingPlan replay(SourcingRecord record, Network network) {
        if (network.version() != record.networkVersion()) {
            throw new IllegalArgumentException("decided with version " + record.networkVersion()
                    + " of the network, not with " + network.version());
        }
        return plan(record.request(), network, record.asSupply());
    }
}
