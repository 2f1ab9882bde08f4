package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.FENCES_KEEP;
import static dev.tutti.simulator.audit.Invariant.LEDGER_IS_POSITION;
import static dev.tutti.simulator.audit.Invariant.MONEY_SUMS;
import static dev.tutti.simulator.audit.Invariant.REQUESTS_SUMMED;
import static dev.tutti.simulator.audit.Invariant.RESERVED_IS_OWNED;
import static dev.tutti.simulator.audit.Invariant.SHIPPED_ONCE;
import static dev.tutti.simulator.audit.Invariant.UNITS_CONSERVED;
import static dev.tutti.simulator.audit.Invariant.VERSIONS_CONTIGUOUS;

import dev.tutti.conveyor.Store.Posting;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.hub.HubChange;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.PickUpHours;
import dev.tutti.network.RingFence;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderEvent;
import dev.tutti.reservation.Reservation;
import dev.tutti.reservation.ReservationState;
import dev.tutti.simulator.Scenario;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.JournalRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All orders and positions as they follow from what was committed, one commit after the other. What the events say
 * happened to the stock and what the ledger says must be the same.
 */
final class Books {
    final Map<Long, OrderModel> orders = new TreeMap<>();
    final Map<PositionKey, PositionModel> positions = new TreeMap<>();

    /** What the last commit touched. */
    final TreeSet<Long> touchedOrders = new TreeSet<>();

    final TreeSet<PositionKey> touchedPositions = new TreeSet<>();

    private final Network network;

    Books(Network network) {
        this.network = network;
    }

    // Looked up only.
    private final Map<Long, ChannelId> channels = new HashMap<>();
    final Map<Long, ReservationModel> reservations = new TreeMap<>();
    private final Map<Long, ShipmentModel> shipments = new TreeMap<>();

    private record Cause(long cause, PositionKey position, StockMove move) {}

    private record Waiting(long order, int item) {}

    /** Which orders have waited for which items when the last commit began. */
    private final TreeSet<Waiting> waiting =
            new TreeSet<>(Comparator.comparingLong(Waiting::order).thenComparing(Waiting::item));

    /** The positions that documents of the last commit spoke of. */
    private final Map<Long, TreeSet<PositionKey>> spokenOf = new HashMap<>();

    void apply(Commit commit) {
        touchedOrders.clear();
        touchedPositions.clear();
        waiting.clear();
        spokenOf.clear();
        touchedPositions.addAll(commit.created());
        // Looked up and emptied; only what is left over in error is ever iterated.
        Map<Cause, Integer> open = new HashMap<>();
        Map<Long, List<StockChange>> documents = new HashMap<>();
        for (JournalRow row : commit.journal()) {
            switch (row.change()) {
                case HubChange.OrderChanged change -> order(row, change, open);
                case HubChange.ReservationChanged change -> reservation(row, change.after(), commit, open);
                case HubChange.InboundChanged change -> inbound(row, change, open);
                case HubChange.StockPosted posted ->
                    documents.put(
                            row.aggregate(),
                            new ArrayList<>(posted.document().changes().reversed()));
            }
        }
        for (Posting posting : commit.postings()) {
            StockChange said = explained(posting, open, documents.get(posting.cause()));
            position(posting.entry().position()).apply(posting.entry(), said);
            touchedPositions.add(posting.entry().position());
        }
        daysThatWereTakenOver(open);
        open.forEach((cause, units) -> {
            if (units != 0) {
                throw unexplained(cause, units);
            }
        });
        documents.forEach((id, left) -> {
            if (!left.isEmpty()) {
                throw new Violation(LEDGER_IS_POSITION, "document " + id, "not booked: " + left.getLast());
            }
        });
    }

    /**
     * What a reservation held of slots and days, and its order has now, is neither given back nor claimed; what an order
     * has of other days may be both, of one day several times.
     */
    private static void daysThatWereTakenOver(Map<Cause, Integer> open) {
        for (Map.Entry<Cause, Integer> claimed : open.entrySet()) {
            Cause cause = claimed.getKey();
            if (cause.position().isDay() && cause.move() == StockMove.RESERVE) {
                Cause givenBack = new Cause(cause.cause(), cause.position(), StockMove.RELEASE);
                int claims = claimed.getValue();
                int returns = open.getOrDefault(givenBack, 0);
                int both = claims > 0 ? Math.clamp(returns, 0, claims) : Math.clamp(returns, claims, 0);
                claimed.setValue(claims - both);
                open.computeIfPresent(givenBack, (same, units) -> units - both);
            }
        }
    }

    private void order(JournalRow row, HubChange.OrderChanged change, Map<Cause, Integer> open) {
        OrderModel model = orders.computeIfAbsent(row.aggregate(), OrderModel::new);
        if (row.fromVersion() != model.version
                || row.toVersion() != model.version + change.events().size()
                || change.events().isEmpty()) {
            throw new Violation(
                    VERSIONS_CONTIGUOUS,
                    model.name,
                    "is at version " + model.version + " and gets "
                            + change.events().size() + " events, from " + row.fromVersion() + " to " + row.toVersion());
        }
        channels.put(row.aggregate(), change.after().header().channel());
        List<Expected> moves = new ArrayList<>();
        TreeMap<Integer, Integer> waited = model.waiting();
        for (OrderEvent event : change.events()) {
            if (event instanceof OrderEvent.ReservationTaken taken) {
                // Its cart waited, and it goes on where that was.
                waitedInCart(change.after(), taken).forEach((item, units) -> waited.merge(item, units, Integer::sum));
            }
        }
        waited.keySet().forEach(item -> waiting.add(new Waiting(row.aggregate(), item)));
        change.events().forEach(event -> model.apply(event, moves));
        model.slots(moves);
        moves.addAll(beganOrEndedToWait(waited, model.waiting()));
        expect(row.aggregate(), moves, open);
        for (OrderEvent event : change.events()) {
            if (event instanceof OrderEvent.ReservationTaken taken) {
                claimedByOrder(model, taken);
            }
        }
        if (change.command() instanceof OrderCommand.PlaceOrder(OrderDraft draft)) {
            money(model, draft);
            units(model, draft);
        }
        touchedOrders.add(row.aggregate());
    }

    private static TreeMap<Integer, Integer> waitedInCart(Order order, OrderEvent.ReservationTaken taken) {
        TreeMap<Integer, Integer> waited = new TreeMap<>();
        for (LineQuantity part : taken.waiting()) {
            waited.merge(order.lines().get(part.line() - 1).item(), part.quantity(), Integer::sum);
        }
        return waited;
    }

    private static List<Expected> beganOrEndedToWait(
            TreeMap<Integer, Integer> before, TreeMap<Integer, Integer> after) {
        List<Expected> moves = new ArrayList<>();
        TreeSet<Integer> items = new TreeSet<>(before.keySet());
        items.addAll(after.keySet());
        for (int item : items) {
            int more = after.getOrDefault(item, 0) - before.getOrDefault(item, 0);
            StockMove move = more > 0 ? StockMove.RESERVE : StockMove.RELEASE;
            moves.add(new Expected(new PositionKey(item, 0), move, Math.abs(more)));
        }
        return moves;
    }

    private void expect(long cause, List<Expected> moves, Map<Cause, Integer> open) {
        for (Expected move : moves) {
            open.merge(new Cause(cause, move.position(), move.move()), move.quantity(), Integer::sum);
            live(
                    move.position(),
                    switch (move.move()) {
                        case RESERVE -> move.quantity();
                        case RELEASE, YIELD, ISSUE, LOSE -> -move.quantity();
                        case WITHDRAW, DEPOSIT, CONVERT, SELL, ADJUST, RETURN, COUNT, CAP, SAFETY -> 0;
                    });
        }
    }

    private void live(PositionKey position, int units) {
        if (units != 0) {
            position(position).live += units;
            touchedPositions.add(position);
        }
    }

    /** What an order took over was the reservation's. */
    private void claimedByOrder(OrderModel model, OrderEvent.ReservationTaken taken) {
        for (LineQuantity part : taken.waiting()) {
            live(new PositionKey(model.lines.get(part.line() - 1).item, 0), part.quantity());
        }
        for (OrderEvent.NewFulfilmentOrder work : taken.promised()) {
            for (LineQuantity part : work.lines()) {
                int item = model.lines.get(part.line() - 1).item;
                live(new PositionKey(item, work.node().value()), part.quantity());
                if (work.capacityDay() != null) {
                    live(PositionKey.ofDay(work.node(), work.capacityDay()), part.quantity());
                }
            }
        }
    }

    private void inbound(JournalRow row, HubChange.InboundChanged change, Map<Cause, Integer> open) {
        List<Expected> moves = new ArrayList<>();
        shipments.computeIfAbsent(row.aggregate(), ShipmentModel::new).apply(change, moves);
        expect(row.aggregate(), moves, open);
        moves.forEach(move ->
                spokenOf.computeIfAbsent(row.aggregate(), s -> new TreeSet<>()).add(move.position()));
    }

    private void reservation(JournalRow row, Reservation after, Commit commit, Map<Cause, Integer> open) {
        channels.put(row.aggregate(), after.channel());
        ReservationModel model = reservations.computeIfAbsent(row.aggregate(), ReservationModel::new);
        List<Expected> moves = new ArrayList<>();
        if (after.state() != ReservationState.TAKEN) {
            model.apply(after, null, new OrderModel(0), moves);
            expect(row.aggregate(), moves, open);
            return;
        }
        OrderEvent.ReservationTaken taken = takenBy(after, commit);
        model.apply(after, taken, orders.getOrDefault(after.order(), new OrderModel(0)), moves);
        moves.forEach(move ->
                open.merge(new Cause(after.order(), move.position(), move.move()), move.quantity(), Integer::sum));
        model.units.forEach((position, units) -> live(position, -units));
    }

    private static OrderEvent.ReservationTaken takenBy(Reservation after, Commit commit) {
        for (JournalRow row : commit.journal()) {
            if (row.aggregate() == after.order() && row.change() instanceof HubChange.OrderChanged change) {
                for (OrderEvent event : change.events()) {
                    if (event instanceof OrderEvent.ReservationTaken taken
                            && taken.reservation().equals(after.id())) {
                        return taken;
                    }
                }
            }
        }
        throw new Violation(
                RESERVED_IS_OWNED, "reservation " + after.id().value(), "was taken over, and no order says so");
    }

    /** What the channel asked for is on the lines, of kits their parts. */
    private void units(OrderModel model, OrderDraft draft) {
        TreeMap<Integer, Integer> asked = new TreeMap<>();
        for (OrderDraft.Line line : draft.lines()) {
            List<ItemTerms.Part> parts = network.terms(line.item()).parts();
            for (ItemTerms.Part part : parts) {
                asked.merge(part.item(), line.quantity() * part.quantity(), Integer::sum);
            }
            if (parts.isEmpty()) {
                asked.merge(line.item(), line.quantity(), Integer::sum);
            }
        }
        TreeMap<Integer, Integer> ordered = new TreeMap<>();
        model.lines.forEach(line -> ordered.merge(line.item, line.ordered, Integer::sum));
        if (!asked.equals(ordered)) {
            throw new Violation(
                    UNITS_CONSERVED, model.name, "the channel asked for " + asked + ", the lines are " + ordered);
        }
    }

    private static void money(OrderModel model, OrderDraft draft) {
        long asked = draft.shipping() - draft.discount();
        for (OrderDraft.Line line : draft.lines()) {
            asked += line.unitPrice() * line.quantity() - line.discount() + line.tax();
        }
        if (asked != model.whole()) {
            throw new Violation(
                    MONEY_SUMS, model.name, "the channel asked for " + asked + ", the lines come to " + model.whole());
        }
    }

    /** @return what a document said; null if an order or a reservation did it */
    private @Nullable StockChange explained(
            Posting posting, Map<Cause, Integer> open, @Nullable List<StockChange> document) {
        int quantity = PositionModel.quantity(posting.entry());
        if (!posting.entry().position().isStock() && posting.entry().move() == StockMove.CAP) {
            capacityOfNode(posting);
        } else if (document == null && isOfThoseWhoWait(posting)) {
            keptForThoseWhoWait(posting, open);
        } else if (document == null) {
            open.merge(cause(posting), -quantity, Integer::sum);
        } else if (document.isEmpty()) {
            keptForThoseWhoWait(posting, open);
        } else {
            StockChange change = document.removeLast();
            spokenOf.computeIfAbsent(posting.cause(), d -> new TreeSet<>()).add(change.position());
            if (!isBookedAs(change, posting.entry(), quantity)) {
                throw new Violation(
                        LEDGER_IS_POSITION,
                        "document " + posting.cause(),
                        change + " was booked as " + posting.entry());
            }
            return change;
        }
        return null;
    }

    /** Whether a shipment keeps what it has brought. */
    private boolean isOfThoseWhoWait(Posting posting) {
        return shipments.containsKey(posting.cause()) && posting.entry().move() != StockMove.ADJUST;
    }

    /** What came is claimed, and kept. How many units came is seen on a picture that may be old. */
    private void keptForThoseWhoWait(Posting posting, Map<Cause, Integer> open) {
        PositionKey key = posting.entry().position();
        PositionKey node = new PositionKey(key.item(), Place.of(key.place()).node());
        Cause kept = new Cause(posting.cause(), node, StockMove.DEPOSIT);
        int units = PositionModel.quantity(posting.entry());
        switch (posting.entry().move()) {
            case RESERVE -> {
                open.merge(kept, units, Integer::sum);
                if (!spokenOf.getOrDefault(posting.cause(), new TreeSet<>()).contains(node)) {
                    throw new Violation(FENCES_KEEP, "document " + posting.cause(), "keeps what it did not bring");
                }
            }
            case DEPOSIT -> open.merge(kept, -units, Integer::sum);
            default ->
                throw new Violation(
                        LEDGER_IS_POSITION, "document " + posting.cause(), "does not say " + posting.entry());
        }
    }

    /** Units that come out of a ring-fence are claimed at its node, and go back into it as if they were given back there. */
    private Cause cause(Posting posting) {
        LedgerEntry entry = posting.entry();
        Place place = Place.of(entry.position().place());
        if (!entry.position().isStock() || !place.isFence()) {
            return new Cause(posting.cause(), entry.position(), entry.move());
        }
        boolean out = entry.move() == StockMove.WITHDRAW;
        boolean itsOwn = place.pool() == Place.Pool.WAKING
                ? waiting.contains(new Waiting(posting.cause(), entry.position().item()))
                : mayHave(place.pool(), posting);
        if (out && !itsOwn) {
            throw new Violation(FENCES_KEEP, "cause " + posting.cause(), entry + " is not for it");
        }
        return new Cause(
                posting.cause(),
                new PositionKey(entry.position().item(), place.node()),
                out ? StockMove.RESERVE : StockMove.RELEASE);
    }

    private boolean mayHave(int pool, Posting posting) {
        Channel channel = network.channel(channels.getOrDefault(posting.cause(), new ChannelId(0)));
        Instant at = Instant.EPOCH.plus(posting.entry().at(), ChronoUnit.MICROS);
        return network.ringFences().stream()
                .filter(fence -> Place.poolOfFence(fence.number()) == pool)
                .anyMatch(fence ->
                        fence.lends() || fence.isOver(at) || (channel != null && fence.isFor(channel.code(), "")));
    }

    /** Units of an item that are kept at a node, by ring-fences and for those who wait. */
    int kept(PositionKey key) {
        if (!key.isStock() || !Place.of(key.place()).isNode()) {
            return 0;
        }
        int kept = kept(key, Place.Pool.WAKING);
        for (RingFence fence : network.ringFences()) {
            kept += kept(key, Place.poolOfFence(fence.number()));
        }
        return kept;
    }

    private int kept(PositionKey key, int pool) {
        PositionModel model = positions.get(PositionKey.of(key.item(), new Place(pool, key.place())));
        return model == null ? 0 : model.onHand;
    }

    /** Whoever is the first to claim of a node's day says what the node can do. */
    private void capacityOfNode(Posting posting) {
        PositionKey key = posting.entry().position();
        if (!key.isDay()) {
            if (posting.entry().after().backorderCap() != Scenario.ALLOWANCE.most()) {
                throw new Violation(REQUESTS_SUMMED, "cart " + posting.cause(), posting.entry() + " is not allowed");
            }
            return;
        }
        Node node = network.node(Place.of(key.place()).node());
        PickUpHours hours = node == null ? null : node.handling().pickUp();
        int capacity = node == null ? 0 : !key.isSlot() ? node.dailyCapacity() : hours == null ? 0 : hours.perSlot();
        if (node == null || capacity != posting.entry().after().backorderCap()) {
            throw new Violation(
                    REQUESTS_SUMMED, "order " + posting.cause(), posting.entry() + " is not the capacity of " + node);
        }
    }

    private static boolean isBookedAs(StockChange change, LedgerEntry entry, int quantity) {
        return change.position().equals(entry.position())
                && change.move() == entry.move()
                && (change.isTimed() || change.quantity() == quantity);
    }

    private static Violation unexplained(Cause cause, int units) {
        boolean gone = cause.move() == StockMove.ISSUE || cause.move() == StockMove.LOSE;
        return new Violation(
                gone ? SHIPPED_ONCE : RESERVED_IS_OWNED,
                "order " + cause.cause(),
                "its events and the ledger differ by " + units + " units of " + cause.move() + " on item "
                        + cause.position().item() + " at " + cause.position().place());
    }

    PositionModel position(PositionKey key) {
        return positions.computeIfAbsent(key, PositionModel::new);
    }
}
