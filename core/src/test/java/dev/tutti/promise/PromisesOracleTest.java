package dev.tutti.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Fences;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.network.CarrierService;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Handling;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.WalkedDates;
import dev.tutti.network.WorkCalendar;
import dev.tutti.network.Zones;
import dev.tutti.sourcing.Sourcing;
import dev.tutti.sourcing.SourcingRequest;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Promises in small random networks, held against every way there is: all assignments of lines to nodes are tried, each is
 * priced, and its dates are found by walking minute by minute.
 */
class PromisesOracleTest {
    private static final int CASES = Boolean.getBoolean("tutti.deep") ? 100_000 : 2_000;
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneOffset.UTC);
    private static final List<Instant> TIMES = List.of(
            Instant.parse("2027-03-27T00:00:00Z"),
            Instant.parse("2027-10-30T00:00:00Z"),
            Instant.parse("2027-03-13T12:00:00Z"),
            Instant.parse("2027-12-30T12:00:00Z"),
            Instant.parse("2028-02-27T12:00:00Z"));
    private static final NodeCosts COSTS = new NodeCosts(500_000_000, 30_000_000, 50_000, 100_000_000);

    private final SplittableRandom random = new SplittableRandom(5);
    private final Sourcing sourcing = new Sourcing();
    private final AvailabilityIndex stock = new AvailabilityIndex();
    private int items;
    /** What nodes can do in a day has a limit. */
    private boolean limited;

    private int versions;
    /** How often a node needed several days. */
    private int severalDays;
    /** How often a limit made a difference. */
    private int waited;
    /** How often there were several services to one store. */
    private int choices;
    /** How often there was a way in one parcel beside one in several. */
    private int wholes;

    /** Until when what is due counts; null if only what is on hand does. */
    private @Nullable LocalDate until;

    /** What is due, item by item, the soonest first, and how many units others wait for. */
    private final TreeMap<Integer, List<Expected>> expected = new TreeMap<>();

    private final TreeMap<Integer, Integer> waiting = new TreeMap<>();

    private record Expected(LocalDate day, int node, int units) {}

    @Test
    void aPromiseIsTheCheapestOfAllWaysAndItsDatesAreThoseThatAWalkComesTo() {
        int shipped = 0;
        int collected = 0;
        int later = 0;
        int fromTheShelf = 0;
        for (int i = 0; i < CASES; i++) {
            Network network = network();
            Wish wish = wish(network);
            String about = "case " + i;
            for (Option option : Promises.options(network, stock, sourcing, Reliability.UNKNOWN, wish)) {
                until = firstDay(network, wish, option);
                later += until == null ? 0 : 1;
                assertThat(option.isOnHand()).as("%s: %s", about, option).isEqualTo(until == null);
                switch (option.way()) {
                    case SHIP -> {
                        check(network, wish, option, about);
                        shipped++;
                    }
                    case PICK_UP, SHIP_TO_STORE -> {
                        checkCollection(network, wish, option, about);
                        collected++;
                        fromTheShelf += option.parcels().isEmpty()
                                        || fromTheShelf(wish, option).isEmpty()
                                ? 0
                                : 1;
                    }
                }
            }
            everyWayIsOffered(network, wish, about);
        }
        assertThat(shipped).isGreaterThan(CASES / 2);
        assertThat(collected).isGreaterThan(CASES / 4);
        assertThat(later).isGreaterThan(CASES / 4);
        assertThat(fromTheShelf).isGreaterThan(CASES / 20);
        assertThat(choices).isGreaterThan(CASES / 50);
        assertThat(wholes).isGreaterThan(CASES / 100);
    }

    /** What one node gives counts on one day; how cheap another choice would have been is not asked here. */
    @Test
    void whereNodesCanDoSoManyADayThePromiseIsForTheFirstWithRoom() {
        limited = true;
        for (int i = 0; i < CASES; i++) {
            Network network = network();
            Wish wish = wish(network);
            for (Option option : Promises.options(network, stock, sourcing, Reliability.UNKNOWN, wish)) {
                checkDates(network, wish, option, "case " + i);
            }
        }
        assertThat(waited).isGreaterThan(CASES / 4);
        assertThat(severalDays).isGreaterThan(CASES / 100);
    }

    private void check(Network network, Wish wish, Option option, String about) {
        checkCost(network, wish, option, wish.destination(), null, about);
        checkDates(network, wish, option, about);
    }

    /** One that is whole is the best of all, or the best of those in one parcel: whichever it is, by its cost. */
    private void checkCost(
            Network network, Wish wish, Option option, @Nullable GeoPoint to, @Nullable Node store, String about) {
        CarrierService service = Objects.requireNonNull(network.service(option.service()));
        Long best = cheapest(network, wish, service, to, store, 9);
        Long whole = option.isSplit() ? best : cheapest(network, wish, service, to, store, 1);
        assertThat(option.cost()).as("%s: %s", about, option).isIn(best, whole);
    }

    private void checkDates(Network network, Wish wish, Option option, String about) {
        if (option.way() == Option.Way.PICK_UP) {
            Node store = node(network, Objects.requireNonNull(option.store()));
            LocalDate due = null;
            for (SourcingRequest.Demand demand : wish.demands()) {
                due = later(due, due(demand, store));
            }
            checkCollect(wish, option, store, due, wish.demands(), about);
        } else {
            checkLegs(network, wish, option, Objects.requireNonNull(network.service(option.service())), about);
        }
    }

    private void checkCollect(
            Wish wish,
            Option option,
            Node store,
            @Nullable LocalDate due,
            List<SourcingRequest.Demand> ofItsOwn,
            String about) {
        Instant work = Objects.requireNonNull(WalkedDates.start(store, wish.now(), due));
        int units = ofItsOwn.stream().mapToInt(SourcingRequest.Demand::quantity).sum();
        Instant from = Objects.requireNonNull(option.collect()).from();
        boolean onOneDay = !limited || ofItsOwn.size() == 1 || !option.isSplit();
        if (onOneDay || units == 0) {
            assertThat(from)
                    .as("%s: %s of %s", about, option, store)
                    .isEqualTo(collected(store, wish.now(), work, units));
            return;
        }
        // It may take several days; as many as there was room for.
        Instant withoutLimit = Objects.requireNonNull(WalkedDates.collection(store, work, Set.of()));
        long room = 0;
        for (LocalDate day : openDays(store, wish.now())) {
            room += day.isAfter(LocalDate.ofInstant(from, store.calendar().zone())) ? 0 : room(store, day);
        }
        assertThat(from).as("%s: %s of %s", about, option, store).isAfterOrEqualTo(withoutLimit);
        assertThat(room).as("%s: %s of %s", about, option, store).isGreaterThanOrEqualTo(units);
    }

    // What nodes can do in a day

    /** The first of its days with room for the units. */
    private LocalDate withRoom(Node node, List<LocalDate> days, int units) {
        for (LocalDate day : days) {
            if (room(node, day) >= units) {
                waited += day.equals(days.getFirst()) ? 0 : 1;
                return day;
            }
        }
        throw new AssertionError(node + " has no room for " + units + " on any of " + days);
    }

    /** What it can still do on a day. */
    private int room(Node node, LocalDate day) {
        Position known = stock.position(PositionKey.ofDay(node.id(), day));
        return known == null || node.dailyCapacity() == Node.UNLIMITED
                ? node.dailyCapacity()
                : known.backorderCap() - known.reserved();
    }

    /** The days on which a store may do it, from that on which anything could be collected. */
    private static List<LocalDate> openDays(Node store, Instant now) {
        Instant first = Objects.requireNonNull(WalkedDates.collection(store, now, Set.of()));
        PickUpHours hours = Objects.requireNonNull(store.handling().pickUp());
        return days(
                LocalDate.ofInstant(first, store.calendar().zone()),
                d -> hours.windows().containsKey(d.getDayOfWeek())
                        && !store.calendar().holidays().contains(d));
    }

    /** The first day, and ten more of its kind. */
    private static List<LocalDate> days(LocalDate first, Predicate<LocalDate> isOne) {
        List<LocalDate> days = new ArrayList<>(List.of(first));
        for (LocalDate day = first.plusDays(1); days.size() <= 10; day = day.plusDays(1)) {
            if (isOne.test(day)) {
                days.add(day);
            }
        }
        return days;
    }

    private @Nullable LocalDate handedOver(Node node, CarrierService service, Instant now, Instant work, int units) {
        LocalDate day = WalkedDates.handOver(node, service, work);
        LocalDate first = WalkedDates.handOver(node, service, now);
        if (node.dailyCapacity() == Node.UNLIMITED || day == null || first == null) {
            return day;
        }
        LocalDate room = withRoom(node, days(first, d -> node.calendar().isWorkday(d) && service.collectsOn(d)), units);
        return room.isAfter(day) ? room : day;
    }

    private @Nullable Instant collected(Node store, Instant now, Instant work, int units) {
        Instant soonest = WalkedDates.collection(store, work, Set.of());
        if (store.dailyCapacity() == Node.UNLIMITED || units == 0 || soonest == null) {
            return soonest;
        }
        ZoneId zone = store.calendar().zone();
        LocalDate room = withRoom(store, openDays(store, now), units);
        return LocalDate.ofInstant(soonest, zone).isBefore(room)
                ? WalkedDates.collection(store, room.atStartOfDay(zone).toInstant(), Set.of())
                : soonest;
    }

    private void checkLegs(Network network, Wish wish, Option option, CarrierService service, String about) {
        LocalDate earliest = LocalDate.MIN;
        LocalDate latest = LocalDate.MIN;
        for (Option.Leg leg : option.parcels()) {
            Node node = node(network, leg.node());
            Instant work = Objects.requireNonNull(WalkedDates.start(node, wish.now(), due(wish, leg, node)));
            boolean onOneDay = option.parcels().stream()
                            .filter(other -> other.node().equals(leg.node()))
                            .count()
                    == 1;
            if (onOneDay) {
                assertThat(leg.handedOver())
                        .as("%s: %s of %s", about, leg, node)
                        .isEqualTo(handedOver(node, service, wish.now(), work, units(leg)));
            } else {
                severalDays++;
                assertThat(leg.handedOver())
                        .as("%s: %s of %s", about, leg, node)
                        .isAfterOrEqualTo(WalkedDates.handOver(node, service, work));
                assertThat(room(node, leg.handedOver())).isGreaterThanOrEqualTo(option.isOnHand() ? units(leg) : 0);
            }
            GeoPoint to = option.store() == null
                    ? wish.destination()
                    : node(network, option.store()).location();
            CarrierService.Transit transit = Objects.requireNonNull(transit(node, service, to));
            assertThat(leg.earliest())
                    .as(about)
                    .isEqualTo(WalkedDates.arrival(service, leg.handedOver(), transit.fewest()));
            assertThat(leg.latest())
                    .as(about)
                    .isEqualTo(WalkedDates.arrival(service, leg.handedOver(), transit.most()));
            earliest = leg.earliest().isAfter(earliest) ? leg.earliest() : earliest;
            latest = leg.latest().isAfter(latest) ? leg.latest() : latest;
        }
        if (option.store() == null) {
            assertThat(option.earliest()).as(about).isEqualTo(earliest);
            assertThat(option.latest()).as(about).isEqualTo(latest);
        } else {
            Node store = node(network, option.store());
            LocalDate last = latest;
            for (SourcingRequest.Demand demand : fromTheShelf(wish, option)) {
                last = later(due(demand, store), last);
            }
            checkCollect(wish, option, store, last, fromTheShelf(wish, option), about);
        }
    }

    private void checkCollection(Network network, Wish wish, Option option, String about) {
        Node store = node(network, Objects.requireNonNull(option.store()));
        if (option.way() == Option.Way.SHIP_TO_STORE) {
            checkCost(network, wish, option, store.location(), store, about);
            assertThat(option.parcels())
                    .as(about)
                    .isNotEmpty()
                    .noneMatch(leg -> leg.node().equals(store.id()));
        } else {
            wish.demands()
                    .forEach(demand -> assertThat(units(demand, store)).isGreaterThanOrEqualTo(demand.quantity()));
        }
        checkDates(network, wish, option, about);
    }

    private static int units(Option.Leg leg) {
        return leg.lines().stream().mapToInt(LineQuantity::quantity).sum();
    }

    /** What can be had is offered: each service that can bring everything, each store that has everything. */
    private void everyWayIsOffered(Network network, Wish wish, String about) {
        List<Option> options = Promises.options(network, stock, sourcing, Reliability.UNKNOWN, wish);
        for (CarrierService service : network.services()) {
            boolean can = false;
            for (LocalDate day : days(wish)) {
                until = day.equals(LocalDate.MIN) ? null : day;
                can |= cheapest(network, wish, service, wish.destination(), null, 9) != null;
            }
            boolean offered = options.stream()
                    .anyMatch(o -> o.way() == Option.Way.SHIP && o.service().equals(service.code()));
            assertThat(offered)
                    .as("%s: %s of %s", about, service.code(), options)
                    .isEqualTo(can);
        }
        for (Node store : network.nodes()) {
            List<Option> sent = options.stream()
                    .filter(o ->
                            o.way() == Option.Way.SHIP_TO_STORE && store.id().equals(o.store()))
                    .toList();
            List<Option> whole = sent.stream().filter(o -> !o.isSplit()).toList();
            List<Option> soonerOrCheaper = sent.stream()
                    .filter(o -> sent.stream().noneMatch(other -> !other.equals(o) && isNoWorse(other, o)))
                    .toList();
            assertThat(sent).as(about).containsAll(whole).allMatch(o -> soonerOrCheaper.contains(o) || !o.isSplit());
            eachLaterIsCheaper(whole, about);
            eachLaterIsCheaper(soonerOrCheaper, about);
            wholes += whole.isEmpty() || whole.size() == sent.size() ? 0 : 1;
            choices += sent.size() > 1 ? 1 : 0;
            if (!sent.isEmpty()) {
                theCheapestIsAmong(soonerOrCheaper, network, wish, store, about);
                theCheapestInOneParcelIsAmong(whole, network, wish, store, about);
            }
        }
    }

    private static boolean isNoWorse(Option other, Option option) {
        return !other.latest().isAfter(option.latest()) && other.cost() <= option.cost();
    }

    private static void eachLaterIsCheaper(List<Option> options, String about) {
        for (int i = 1; i < options.size(); i++) {
            assertThat(options.get(i).latest())
                    .as("%s: %s", about, options)
                    .isAfter(options.get(i - 1).latest());
            assertThat(options.get(i).cost())
                    .as("%s: %s", about, options)
                    .isLessThan(options.get(i - 1).cost());
        }
    }

    /** As far as one node has it all now, and the store has not. */
    private void theCheapestInOneParcelIsAmong(
            List<Option> whole, Network network, Wish wish, Node store, String about) {
        until = null;
        for (CarrierService service : network.services()) {
            Long cost = cheapest(network, wish, service, store.location(), store, 1);
            boolean isThere = wish.demands().stream().allMatch(one -> units(one, store) >= one.quantity());
            if (cost != null && !isThere) {
                assertThat(whole)
                        .as("%s: by %s to %s", about, service.code(), store.code())
                        .isNotEmpty();
                assertThat(whole.getLast().cost()).as("%s: %s", about, whole).isLessThanOrEqualTo(cost);
            }
        }
    }

    private void theCheapestIsAmong(List<Option> sent, Network network, Wish wish, Node store, String about) {
        for (CarrierService service : network.services()) {
            Long cost = null;
            boolean isThere = false;
            for (LocalDate day : days(wish)) {
                if (cost == null) {
                    until = day.equals(LocalDate.MIN) ? null : day;
                    cost = cheapest(network, wish, service, store.location(), store, 9);
                    isThere = wish.demands().stream().allMatch(one -> units(one, store) >= one.quantity());
                }
            }
            assertThat(sent.getLast().cost())
                    .as("%s: by %s to %s of %s", about, service.code(), store.code(), sent)
                    .isLessThanOrEqualTo(cost == null || isThere ? Long.MAX_VALUE : cost);
        }
    }

    // What is due

    /** The days on which more may be had, and first the one before all. */
    private List<LocalDate> days(Wish wish) {
        TreeSet<LocalDate> days = new TreeSet<>(Set.of(LocalDate.MIN));
        for (SourcingRequest.Demand demand : wish.demands()) {
            for (Expected due : expected.getOrDefault(demand.item(), List.of())) {
                days.add(due.day());
            }
        }
        return List.copyOf(days);
    }

    /** The first day by which this way exists; null if it does at once. */
    private @Nullable LocalDate firstDay(Network network, Wish wish, Option option) {
        for (LocalDate day : days(wish)) {
            until = day.equals(LocalDate.MIN) ? null : day;
            if (exists(network, wish, option)) {
                return until;
            }
        }
        throw new AssertionError("there is no such way: " + option);
    }

    private boolean exists(Network network, Wish wish, Option option) {
        if (option.way() == Option.Way.PICK_UP) {
            Node store = node(network, Objects.requireNonNull(option.store()));
            return wish.demands().stream().allMatch(demand -> units(demand, store) >= demand.quantity());
        }
        Node store = option.store() == null ? null : node(network, option.store());
        GeoPoint to = store == null ? wish.destination() : store.location();
        return cheapest(network, wish, Objects.requireNonNull(network.service(option.service())), to, store, 9) != null;
    }

    private static List<SourcingRequest.Demand> fromTheShelf(Wish wish, Option option) {
        return wish.demands().stream()
                .filter(demand -> option.parcels().stream()
                        .flatMap(leg -> leg.lines().stream())
                        .noneMatch(part -> part.line() == demand.line()))
                .toList();
    }

    private @Nullable LocalDate due(Wish wish, Option.Leg leg, Node node) {
        LocalDate due = null;
        for (LineQuantity part : leg.lines()) {
            due = later(due, due(wish.demands().get(part.line() - 1), node));
        }
        return due;
    }

    /** The day on which a node has all of a line; null if it has it now. */
    private @Nullable LocalDate due(SourcingRequest.Demand demand, Node node) {
        int there = onHand(demand, node);
        for (Expected due : left(demand.item())) {
            if (there >= demand.quantity()) {
                return null;
            }
            there += due.node() == node.id().value() ? due.units() : 0;
            if (there >= demand.quantity()) {
                return due.day();
            }
        }
        return null;
    }

    private static @Nullable LocalDate later(@Nullable LocalDate one, @Nullable LocalDate other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    /** What is due, without what those get who wait: they take the first units that come. */
    private List<Expected> left(int item) {
        List<Expected> left = new ArrayList<>();
        int others = waiting.getOrDefault(item, 0);
        for (Expected due : expected.getOrDefault(item, List.of())) {
            int theirs = Math.min(others, due.units());
            others -= theirs;
            left.add(new Expected(due.day(), due.node(), due.units() - theirs));
        }
        return left;
    }

    private int onHand(SourcingRequest.Demand demand, Node node) {
        Position position =
                stock.position(new PositionKey(demand.item(), node.id().value()));
        return position == null ? 0 : position.available();
    }

    /** Some units on some days, and perhaps some who wait for them. */
    private void expect(int item, Network network, Instant now) {
        List<Expected> all = new ArrayList<>();
        for (int ahead = 2; ahead < 9; ahead++) {
            for (Node node : network.nodes()) {
                if (random.nextInt(8) == 0) {
                    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(ahead);
                    all.add(new Expected(day, node.id().value(), random.nextInt(1, 5)));
                    stock.learn(
                            PositionKey.of(item, Place.ofDue(day, node.id())),
                            new Position(all.getLast().units(), 0, 0, 0, 0, 1));
                }
            }
        }
        expected.put(item, all);
        waiting.put(item, random.nextInt(3));
        stock.learn(
                PositionKey.ofWaiting(item), new Position(0, waiting.getOrDefault(item, 0), 0, Position.MOST, 0, 1));
    }

    // Every way there is

    /** The least cost of sending everything, in at most so many parcels, a store what it has not; null if it cannot be. */
    private @Nullable Long cheapest(
            Network network,
            Wish wish,
            CarrierService service,
            @Nullable GeoPoint to,
            @Nullable Node store,
            int mostParcels) {
        long firstDay = Long.MAX_VALUE;
        List<Able> able = new ArrayList<>();
        for (Node node : network.nodes()) {
            boolean has = wish.demands().stream().anyMatch(demand -> units(demand, node) > 0);
            CarrierService by = node.equals(store) ? null : service;
            LocalDate day = WalkedDates.handOver(node, by, wish.now());
            boolean can = by == null ? node.handsOut() : node.ships() && transit(node, by, to) != null;
            if (has && node.active() && can && day != null) {
                able.add(new Able(node, by));
                firstDay = by == null ? firstDay : Math.min(firstDay, day.toEpochDay());
            }
        }
        return cheapest(wish, to, able, firstDay, new int[wish.demands().size()], 0, mostParcels);
    }

    /** A node that may send something, or, without a service, the store that hands out what it has. */
    private record Able(Node node, @Nullable CarrierService by) {}

    private @Nullable Long cheapest(
            Wish wish, @Nullable GeoPoint to, List<Able> able, long firstDay, int[] chosen, int line, int mostParcels) {
        if (line == chosen.length) {
            return cost(wish, to, able, firstDay, chosen, mostParcels);
        }
        Long best = null;
        for (int n = 0; n < able.size(); n++) {
            if (units(wish.demands().get(line), able.get(n).node())
                    >= wish.demands().get(line).quantity()) {
                chosen[line] = n;
                Long cost = cheapest(wish, to, able, firstDay, chosen, line + 1, mostParcels);
                best = best == null || (cost != null && cost < best) ? cost : best;
            }
        }
        return best;
    }

    private static @Nullable Long cost(
            Wish wish, @Nullable GeoPoint to, List<Able> able, long firstDay, int[] chosen, int mostParcels) {
        long cost = 0;
        TreeSet<Integer> open = new TreeSet<>();
        for (int line = 0; line < chosen.length; line++) {
            Node node = able.get(chosen[line]).node();
            CarrierService by = able.get(chosen[line]).by();
            if (open.add(chosen[line])) {
                LocalDate leaves = WalkedDates.handOver(node, by, wish.now());
                cost += by == null
                        ? 0
                        : node.costs().perPackage()
                                + Objects.requireNonNull(transit(node, by, to)).perPackage()
                                + (Objects.requireNonNull(leaves).toEpochDay() - firstDay)
                                        * node.costs().perDayLate();
            }
            cost += wish.demands().get(line).quantity()
                    * (node.costs().perUnit() + miles(node, to) * node.costs().perUnitMile());
        }
        return open.size() > mostParcels ? null : Long.valueOf(cost);
    }

    private static long miles(Node node, @Nullable GeoPoint to) {
        GeoPoint from = node.location();
        return from == null || to == null ? 0 : StrictMath.round(from.milesTo(to));
    }

    private static CarrierService.@Nullable Transit transit(Node node, CarrierService service, @Nullable GeoPoint to) {
        long miles = miles(node, to);
        int zone = 8;
        int[] bounds = {150, 300, 600, 1_000, 1_400, 1_800};
        for (int i = bounds.length - 1; i >= 0; i--) {
            zone = miles <= bounds[i] ? i + 2 : zone;
        }
        return service.transit().get(zone);
    }

    private int units(SourcingRequest.Demand demand, Node node) {
        int units = onHand(demand, node);
        for (Expected due : left(demand.item())) {
            boolean counts = until != null && !due.day().isAfter(until);
            units += counts && due.node() == node.id().value() ? due.units() : 0;
        }
        return units;
    }

    private static Node node(Network network, NodeId id) {
        return Objects.requireNonNull(network.node(id.value()));
    }

    // Networks and carts

    private Network network() {
        List<Node> nodes = new ArrayList<>();
        int count = random.nextInt(2, 6);
        for (int n = 1; n <= count; n++) {
            nodes.add(node(n));
        }
        List<CarrierService> services = new ArrayList<>();
        for (int s = 1; s <= random.nextInt(1, 3); s++) {
            services.add(service(s));
        }
        return new Network(1, nodes, List.of(), List.of(), services);
    }

    private Wish wish(Network network) {
        List<SourcingRequest.Demand> demands = new ArrayList<>();
        int lines = random.nextInt(1, 4);
        Instant now = TIMES.get(random.nextInt(TIMES.size())).plusSeconds(60L * random.nextInt(4 * 1440));
        for (int line = 1; line <= lines; line++) {
            int item = ++items;
            if (random.nextInt(2) == 0) {
                expect(item, network, now);
            }
            for (Node node : network.nodes()) {
                if (random.nextInt(3) > 0) {
                    stock.learn(
                            new PositionKey(item, node.id().value()),
                            new Position(random.nextInt(1, 5), 0, 0, 0, 0, 1));
                }
            }
            demands.add(new SourcingRequest.Demand(line, item, random.nextInt(1, 4), 1, false, List.of()));
        }
        if (limited) {
            claimDays(network, now);
        }
        return new Wish(now, place(), "US", "", Fences.NONE, demands, List.of(), 2);
    }

    /** Others have taken some of what nodes can do on some days. */
    private void claimDays(Network network, Instant now) {
        for (Node node : network.nodes()) {
            for (int ahead = -1; ahead < 20; ahead++) {
                LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(ahead);
                int most = node.dailyCapacity();
                int claimed = most == Node.UNLIMITED || random.nextInt(3) == 0 ? 0 : random.nextInt(most + 1);
                int version = ++versions;
                stock.learn(PositionKey.ofDay(node.id(), day), new Position(0, claimed, 0, most, 0, version));
            }
        }
    }

    private GeoPoint place() {
        return new GeoPoint(random.nextDouble(30, 45), random.nextDouble(-110, -80));
    }

    private Node node(int number) {
        SortedMap<String, SortedMap<DayOfWeek, LocalTime>> cutOffs = new TreeMap<>();
        if (random.nextBoolean()) {
            SortedMap<DayOfWeek, LocalTime> own = new TreeMap<>();
            days().forEach(day -> own.put(day, time()));
            cutOffs.put("S1", own);
        }
        SortedMap<DayOfWeek, List<PickUpHours.Window>> windows = new TreeMap<>();
        days().forEach(day ->
                windows.put(day, List.of(new PickUpHours.Window(LocalTime.of(9, 0), LocalTime.of(18, 30)))));
        PickUpHours hours = new PickUpHours(windows, random.nextInt(0, 200), random.nextBoolean() ? 0 : 45, 1);
        return new Node(
                new NodeId(number),
                "N" + number,
                NodeType.STORE,
                place(),
                new WorkCalendar(ZONES.get(random.nextInt(ZONES.size())), days(), new TreeSet<>(), time()),
                new Handling(random.nextInt(2), random.nextInt(2), cutOffs, hours),
                limited && random.nextInt(3) > 0 ? random.nextInt(1, 10) : Node.UNLIMITED,
                COSTS,
                "",
                random.nextInt(6) > 0,
                random.nextInt(3) > 0,
                random.nextInt(8) > 0,
                new TreeMap<>());
    }

    private CarrierService service(int number) {
        SortedMap<Integer, CarrierService.Transit> transit = new TreeMap<>();
        for (int zone = 2; zone <= 8; zone++) {
            if (random.nextInt(8) > 0) {
                int fewest = random.nextInt(0, 4);
                transit.put(
                        zone,
                        new CarrierService.Transit(fewest, fewest + random.nextInt(3), random.nextLong(400_000_000)));
            }
        }
        return new CarrierService(number, "S" + number, "C", days(), days(), new TreeSet<>(), Zones.POSTAL, transit);
    }

    private EnumSet<DayOfWeek> days() {
        EnumSet<DayOfWeek> days = EnumSet.of(DayOfWeek.of(random.nextInt(1, 8)));
        for (DayOfWeek day : DayOfWeek.values()) {
            if (random.nextInt(5) > 0) {
                days.add(day);
            }
        }
        return days;
    }

    private LocalTime time() {
        return LocalTime.of(random.nextInt(24), random.nextInt(60));
    }
}
