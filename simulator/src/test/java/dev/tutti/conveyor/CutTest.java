package dev.tutti.conveyor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.decision.Aggregate;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.Hub;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.RejectReason;
import dev.tutti.order.ShipGroup;
import dev.tutti.simulator.Chance;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.Database;
import dev.tutti.simulator.store.Faults;
import dev.tutti.simulator.store.JournalRow;
import dev.tutti.simulator.store.Prepared;
import dev.tutti.sourcing.Sourcing;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same plans and rounds, cut into batches in any way, give the same events and the same ledger. */
class CutTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final int TRIALS = Boolean.getBoolean("tutti.deep") ? 50_000 : 300;
    private static final int ROUNDS = 4;
    private static final int JOBS_PER_ROUND = 12;

    private static final Network NETWORK = new Network(
            1,
            List.of(node(1), node(2), node(3)),
            List.of(
                    new Channel(
                            new ChannelId(1),
                            "web",
                            Currency.getInstance("EUR"),
                            ChannelFlows.ofOrders("ship"),
                            "",
                            ""),
                    new Channel(
                            new ChannelId(2),
                            "drop",
                            Currency.getInstance("EUR"),
                            ChannelFlows.ofOrders("ship-or-refuse"),
                            "",
                            "")));

    private static final Flows FLOWS = new Flows(List.of(StandardFlows.shipAndWait(), StandardFlows.shipOrRefuse()));

    @Test
    void anyCutGivesTheSameEventsAndLedger() {
        for (long seed = 1; seed <= TRIALS; seed++) {
            Chance cuts = new Chance(-seed);
            List<String> whole = history(seed, left -> left.size());
            List<String> single = history(seed, left -> 1);
            List<String> some = history(seed, left -> cuts.between(1, left.size()));
            assertThat(single).as("seed " + seed + ", one by one").isEqualTo(whole);
            assertThat(some).as("seed " + seed + ", in pieces").isEqualTo(whole);
        }
    }

    @Test
    void somethingHappensAtAll() {
        assertThat(history(1, left -> left.size())).hasSizeGreaterThan(10);
    }

    private static List<String> history(long seed, Round.Cut<Aggregate, HubCommand, Prepared> cut) {
        Chance chance = new Chance(seed);
        Database database = new Database(commit -> {}, deadlock -> {
            throw new AssertionError(deadlock);
        });
        AvailabilityIndex index = new AvailabilityIndex();
        Conveyor<Aggregate, HubCommand, HubChange, Prepared> conveyor =
                new Conveyor<>(database.connect(Faults.NONE), index, Limits.STANDARD, Observer.NONE);
        Hub hub = new Hub(NETWORK, FLOWS, new Sourcing());
        List<Job<Aggregate, HubCommand>> jobs = new ArrayList<>();
        for (int r = 0; r < ROUNDS; r++) {
            for (int j = 0; j < JOBS_PER_ROUND; j++) {
                jobs.add(job(chance, r * JOBS_PER_ROUND + j + 1, r == ROUNDS - 1));
            }
            if (r == 1) {
                // A server that has heard of stock that is not there plans claims that the guard refuses.
                misinform(index);
            }
            Round<Aggregate, HubCommand, HubChange, Prepared> round = new Round<>(conveyor, hub, jobs, NOW, cut);
            while (!round.finished()) {
                round.step();
            }
            jobs = new ArrayList<>(round.returned());
        }
        return told(database);
    }

    private static void misinform(AvailabilityIndex index) {
        for (int item = 1; item <= 3; item++) {
            for (int place = 1; place <= 3; place++) {
                PositionKey key = new PositionKey(item, place);
                Position known = index.position(key);
                int version = known == null ? 0 : known.version();
                index.learn(key, new Position(4, 0, 0, 0, 0, version + 1));
            }
        }
    }

    private static List<String> told(Database database) {
        // Events are in order within an aggregate: a batch writes what begins in it before all else.
        TreeMap<Long, List<String>> histories = new TreeMap<>();
        List<String> ledger = new ArrayList<>();
        for (Commit commit : database.history()) {
            for (JournalRow row : commit.journal()) {
                if (row.change() instanceof HubChange.OrderChanged change) {
                    histories
                            .computeIfAbsent(row.aggregate(), id -> new ArrayList<>())
                            .add(row.aggregate() + " to " + row.toVersion() + ": " + change.events());
                }
            }
            commit.postings().forEach(posting -> ledger.add(posting.toString()));
        }
        List<String> events = new ArrayList<>();
        histories.values().forEach(events::addAll);
        events.addAll(ledger);
        database.keys().forEach((key, owner) -> events.add(key + " " + owner));
        return events;
    }

    private static Job<Aggregate, HubCommand> job(Chance chance, long id, boolean last) {
        int dice = chance.below(10);
        if (dice < 5) {
            // Only the last round may see a key twice: what the second one is answered depends on the cut.
            long external = last && chance.oneIn(4) ? id - 1 : id;
            return job(
                    id,
                    true,
                    new OrderCommand.PlaceOrder(draft(chance, id, "X" + external)),
                    List.of(new KeyClaim(new Key(KeyKind.EXTERNAL_ORDER, "X" + external), 1, id)));
        }
        if (dice == 5) {
            StockMove move = chance.of(List.of(StockMove.COUNT, StockMove.ADJUST, StockMove.SELL, StockMove.CAP));
            List<StockChange> changes = List.of(
                    StockChange.of(chance.between(1, 3), chance.between(1, 3), move, chance.between(1, 4)),
                    StockChange.of(chance.between(1, 3), chance.between(1, 3), StockMove.ADJUST, chance.between(1, 9)));
            StockDocument document = new StockDocument(id, StockDocument.Kind.DELTA, "", changes);
            return new Job<>(
                    Lane.BULK, id, true, 0, new HubCommand.ForStock(document), List.of(), audit(), answer -> {});
        }
        long order = chance.between(1, (int) id);
        OrderCommand command = switch (dice) {
            case 6 -> new OrderCommand.CancelUnits(List.of(), poison(chance));
            case 7 -> new OrderCommand.CancelUnits(List.of(new LineQuantity(1, 1)), poison(chance));
            case 8 -> new OrderCommand.PickUnits(1, List.of());
            default -> new OrderCommand.RejectUnits(1, List.of(), RejectReason.NOT_FOUND);
        };
        return job(order, false, command, List.of(new KeyClaim(new Key(KeyKind.REQUEST, "R" + id), 1, order)));
    }

    private static String poison(Chance chance) {
        return chance.oneIn(10) ? "\0" : "";
    }

    private static Job<Aggregate, HubCommand> job(
            long aggregate, boolean creates, OrderCommand command, List<KeyClaim> keys) {
        return new Job<>(
                Lane.INTERACTIVE, aggregate, creates, 0, new HubCommand.ForOrder(command), keys, audit(), answer -> {});
    }

    private static Audit audit() {
        return new Audit("test", "test", NOW, "");
    }

    private static OrderDraft draft(Chance chance, long id, String external) {
        List<OrderDraft.Line> lines = new ArrayList<>();
        int count = chance.between(1, 3);
        for (int l = 0; l < count; l++) {
            lines.add(
                    new OrderDraft.Line(chance.between(1, 3), chance.between(1, 3), 1, chance.percent(50), 100, 0, 0));
        }
        return new OrderDraft(
                new OrderId(id),
                new ChannelId(chance.between(1, 2)),
                external,
                poison(chance),
                "EUR",
                NOW,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "DE", "10115")),
                lines,
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
    }

    private static Node node(int number) {
        return new Node(
                new NodeId(number),
                "N" + number,
                NodeType.STORE,
                null,
                WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0)),
                Node.UNLIMITED,
                NodeCosts.PUBLISHED,
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }
}
