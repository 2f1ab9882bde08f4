package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.decision.Refusal;
import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.LineQuantity;
import dev.tutti.fulfilment.Method;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubCommand;
import dev.tutti.inbound.InboundCommand;
import dev.tutti.inbound.InboundShipment;
import dev.tutti.inbound.ShipmentId;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.Database;
import dev.tutti.reservation.Allowance;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationId;
import dev.tutti.sourcing.SourcingRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server in a process of its own that can be killed, with callers who do everything to the same few items: {@code URL
 * NUMBER JOURNAL}. What is wanted is in the journal before it is asked for, and what was answered as soon as it is known: a
 * line {@code I number kind arguments}, then {@code D number} or {@code R number code}. Prints a line for every hundred
 * answers; ends when its input does and all have an answer.
 */
final class StormingServer {
    static final int ITEMS = 40;
    static final int NODES = 4;
    private static final int AT_ONCE = 1_000;
    private static final int REMEMBERED = 400;

    private final Engine engine;
    private final int number;
    private final FileChannel journal;
    private final SplittableRandom random;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final List<Order> orders = new ArrayList<>();
    private final List<Long> reservations = new ArrayList<>();
    private final List<InboundShipment> shipments = new ArrayList<>();
    private int asked;
    private int answered;

    private StormingServer(Engine engine, int number, FileChannel journal) {
        this.engine = engine;
        this.number = number;
        this.journal = journal;
        this.random = new SplittableRandom(number);
    }

    public static void main(String[] arguments) throws InterruptedException, IOException {
        try (Database database = Database.open(arguments[0], 3);
                Engine engine = Engine.start(database, Limits.STANDARD, 2);
                FileChannel journal = FileChannel.open(
                        Path.of(arguments[2]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            AtomicBoolean over = new AtomicBoolean();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    System.in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // whoever gave the input is gone
                }
                over.set(true);
            });
            System.out.println("started");
            new StormingServer(engine, Integer.parseInt(arguments[1]), journal).storm(over);
            seesWhatThereIs(database, engine);
            System.out.println("finished");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whatever happened to it, and to the others: what is committed by now it soon knows. */
    private static void seesWhatThereIs(Database database, Engine engine) throws SQLException, InterruptedException {
        Map<PositionKey, Integer> versions = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select item_id, place_id, version from position where version > 0")) {
            while (row.next()) {
                versions.put(new PositionKey(row.getInt(1), row.getInt(2)), row.getInt(3));
            }
        }
        versions.keySet().removeIf(key -> key.isDay() || Place.of(key.place()).isDue());
        for (int i = 0; !versions.isEmpty(); i++) {
            versions.entrySet().removeIf(entry -> {
                Position known = engine.index().position(entry.getKey());
                return known != null && known.version() >= entry.getValue();
            });
            if (i == 300) {
                throw new IllegalStateException("it does not see " + versions);
            }
            Thread.sleep(versions.isEmpty() ? 0 : 50);
        }
    }

    private void storm(AtomicBoolean over) throws InterruptedException {
        while (!over.get()) {
            free.acquire();
            synchronized (this) {
                act();
            }
        }
        free.acquire(AT_ONCE);
    }

    private void act() {
        int dice = random.nextInt(100);
        if (dice < 22) {
            place();
        } else if (dice < 34) {
            reserve();
        } else if (dice < 40) {
            withReservation();
        } else if (dice < 62) {
            workOn();
        } else if (dice < 70) {
            cancel();
        } else if (dice < 76) {
            post("COUNT", StockDocument.Kind.SNAPSHOT, StockMove.COUNT, random.nextInt(0, 30));
        } else if (dice < 84) {
            post("DELTA", StockDocument.Kind.DELTA, StockMove.ADJUST, random.nextInt(-2, 9));
        } else if (dice < 89) {
            post("SALE", StockDocument.Kind.SALE, StockMove.SELL, random.nextInt(1, 3));
        } else if (dice < 95) {
            fence();
        } else {
            inbound();
        }
    }

    /** The first items are wanted much more. */
    private int item() {
        int most = random.nextInt(3) == 0 ? ITEMS : 4;
        return engine.catalogue().item("ITEM-" + random.nextInt(1, most + 1));
    }

    private NodeId node() {
        return new NodeId(random.nextInt(1, NODES + 1));
    }

    private void place() {
        int item = item();
        int units = random.nextInt(1, 4);
        long reservation = reservations.isEmpty() || random.nextInt(3) > 0 ? 0 : some(reservations);
        Channel channel =
                Objects.requireNonNull(engine.catalogue().channel(random.nextInt(12) == 0 ? "waits" : "drop"));
        long id = engine.nextId();
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                channel.id(),
                "S-" + id,
                "",
                "USD",
                Engine.now(),
                random.nextInt(3),
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                List.of(new OrderDraft.Line(item, units, 1, random.nextBoolean(), 100, 0, 0)),
                0,
                0,
                null,
                List.of(),
                new TreeMap<>(),
                reservation);
        Key external = new Key(KeyKind.EXTERNAL_ORDER, channel.id().value() + "|" + draft.externalId());
        int n = intend("ORDER " + id + " " + item + " " + units);
        List<KeyClaim> keys = new ArrayList<>(List.of(new KeyClaim(external, id, id)));
        keys.addAll(key(n, id));
        order(n, id, true, new OrderCommand.PlaceOrder(draft), keys);
    }

    private void order(int n, long id, boolean creates, OrderCommand command, List<KeyClaim> keys) {
        wait(n, engine.submit(Lane.INTERACTIVE, id, creates, new HubCommand.ForOrder(command), keys, audit()));
    }

    private void reserve() {
        int item = item();
        int units = random.nextInt(1, 4);
        Channel channel = Objects.requireNonNull(engine.catalogue().channel(random.nextBoolean() ? "drop" : "waits"));
        ReservationId id = new ReservationId(engine.nextId());
        int n = intend("RESERVE " + id.value() + " " + item + " " + units);
        ReservationCommand.Reserve command = new ReservationCommand.Reserve(
                id,
                channel.id(),
                "",
                "",
                Engine.now().plusMillis(random.nextInt(200, 8_000)),
                List.of(new SourcingRequest.Group(1, Method.SHIP, null, null)),
                List.of(new SourcingRequest.Demand(1, item, units, 1, true, List.of())),
                new TreeMap<>(),
                0,
                random.nextInt(6) == 0,
                random.nextBoolean() ? new Allowance(number + 1, 200) : null);
        reservations.add(id.value());
        if (reservations.size() > REMEMBERED) {
            reservations.removeFirst();
        }
        wait(n, engine.submit(Lane.INTERACTIVE, id, command, key(n, id.aggregate()), audit()));
    }

    private void withReservation() {
        if (reservations.isEmpty()) {
            reserve();
            return;
        }
        ReservationId id = new ReservationId(some(reservations));
        boolean longer = random.nextInt(3) == 0;
        ReservationCommand command = longer
                ? new ReservationCommand.Extend(Engine.now().plusMillis(random.nextInt(200, 8_000)))
                : new ReservationCommand.Release();
        int n = intend((longer ? "EXTEND " : "RELEASE ") + id.value());
        wait(n, engine.submit(Lane.INTERACTIVE, id, command, key(n, id.aggregate()), audit()));
    }

    /** The next thing that a node does with an order, as it was last seen. */
    private void workOn() {
        Order order = orders.isEmpty() ? null : some(orders);
        if (order == null) {
            place();
            return;
        }
        long id = order.id().value();
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            for (FulfilmentLine line : work.lines()) {
                for (UnitState state : List.of(UnitState.PACKED, UnitState.PICKED, UnitState.RELEASED)) {
                    int units = line.units().in(state);
                    if (units > 0) {
                        List<LineQuantity> lines = List.of(new LineQuantity(line.line(), units));
                        OrderCommand command = switch (state) {
                            case PACKED -> new OrderCommand.HandOver(work.number(), lines, "C", "");
                            case PICKED -> new OrderCommand.PackUnits(work.number(), lines);
                            default -> new OrderCommand.PickUnits(work.number(), lines);
                        };
                        int n = intend(
                                state == UnitState.PACKED
                                        ? "SHIP " + id + " " + line.item() + " " + units
                                        : "WORK " + id);
                        order(n, id, false, command, key(n, id));
                        return;
                    }
                }
            }
        }
        place();
    }

    private void cancel() {
        Order order = orders.isEmpty() ? null : some(orders);
        if (order == null) {
            place();
            return;
        }
        long id = order.id().value();
        int n = intend("CANCEL " + id + " " + order.lines().getFirst().item() + " 1");
        order(n, id, false, new OrderCommand.CancelUnits(List.of(new LineQuantity(1, 1)), "mind"), key(n, id));
    }

    private void post(String kind, StockDocument.Kind document, StockMove move, int units) {
        int item = item();
        NodeId node = node();
        long id = engine.nextId();
        int n = intend(kind + " " + id + " " + item + " " + node.value() + " " + units);
        post(n, id, document, List.of(StockChange.of(item, node.value(), move, units)));
    }

    private void post(int n, long id, StockDocument.Kind kind, List<StockChange> changes) {
        HubCommand command = new HubCommand.ForStock(new StockDocument(id, kind, "", changes));
        wait(n, engine.submit(Lane.BULK, id, true, command, key(n, id), audit()));
    }

    private void fence() {
        List<RingFence> fences = engine.catalogue().network().ringFences();
        int fence = fences.get(random.nextInt(fences.size())).number();
        int item = item();
        int units = random.nextInt(1, 4);
        List<StockChange> changes = switch (random.nextInt(4)) {
            case 0, 1 -> Fencing.allocate(item, node(), fence, units);
            case 2 -> Fencing.unallocate(item, node(), Place.poolOfFence(fence), units);
            default ->
                Fencing.reallocate(
                        item,
                        node(),
                        fence,
                        fences.get(random.nextInt(fences.size())).number(),
                        units);
        };
        long id = engine.nextId();
        post(intend("FENCE " + id), id, StockDocument.Kind.FENCE, changes);
    }

    private void inbound() {
        InboundShipment shipment = shipments.isEmpty() || random.nextInt(3) == 0 ? null : some(shipments);
        if (shipment == null) {
            ShipmentId id = new ShipmentId(engine.nextId());
            int item = item();
            NodeId node = node();
            int units = random.nextInt(1, 9);
            LocalDate due = LocalDate.ofInstant(Engine.now(), ZoneOffset.UTC).plusDays(random.nextInt(1, 9));
            int n = intend("ANNOUNCE " + id.value() + " " + item + " " + units);
            InboundCommand.Announce command = new InboundCommand.Announce(
                    id,
                    "P-" + id.value(),
                    InboundShipment.Kind.PURCHASE_ORDER,
                    null,
                    List.of(new InboundShipment.Line(1, item, node, due, units, 100)));
            wait(n, engine.submit(Lane.BULK, id, command, key(n, id.aggregate()), audit()));
            return;
        }
        int units = random.nextInt(1, 4);
        InboundShipment.Line line = shipment.lines().getFirst();
        int n = intend("RECEIVE " + shipment.id().value() + " " + line.item() + " " + units);
        InboundCommand.Receive command =
                new InboundCommand.Receive(List.of(new InboundCommand.Arrival(1, null, units, 0)), false);
        wait(
                n,
                engine.submit(
                        Lane.BULK, shipment.id(), command, key(n, shipment.id().aggregate()), audit()));
    }

    private <T> T some(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    static String key(int server, int n) {
        return "storm-" + server + "-" + n;
    }

    private List<KeyClaim> key(int n, long owner) {
        return List.of(new KeyClaim(new Key(KeyKind.REQUEST, key(number, n)), n, owner));
    }

    private static Audit audit() {
        return new Audit("storm", "", Engine.now(), "");
    }

    private int intend(String what) {
        asked++;
        write("I " + asked + " " + what);
        return asked;
    }

    private <S> void wait(int n, CompletableFuture<Answer<S>> answer) {
        var unused = answer.thenAccept(given -> {
            answered(n, given);
            free.release();
        });
    }

    private synchronized <S> void answered(int n, Answer<S> answer) {
        switch (answer) {
            case Answer.Done<S>(S next) -> {
                write("D " + n);
                remember(next);
            }
            case Answer.Repeated<S> repeated -> throw new IllegalStateException("nothing is asked twice");
            case Answer.Refused<S>(Refusal refusal) -> write("R " + n + " " + refusal.code());
        }
        if (++answered % 100 == 0) {
            System.out.println("hundred");
        }
    }

    private void remember(Object next) {
        if (next instanceof Order order) {
            orders.removeIf(known -> known.id().equals(order.id()));
            if (!order.closed()) {
                orders.add(order);
            }
            if (orders.size() > REMEMBERED) {
                orders.removeFirst();
            }
        }
        if (next instanceof InboundShipment shipment) {
            shipments.removeIf(known -> known.id().equals(shipment.id()));
            shipments.add(shipment);
            if (shipments.size() > REMEMBERED) {
                shipments.removeFirst();
            }
        }
    }

    /** Straight to the file: what was written stays written when the process is killed. */
    private synchronized void write(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                journal.write(bytes);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
