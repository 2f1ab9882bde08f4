package dev.tutti.simulator;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Fencing;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Those who count, receive, sell over the counter, and set caps. What they report are facts. */
final class StockKeepers {
    private static final List<StockDocument.Kind> FILES = List.of(
            StockDocument.Kind.SNAPSHOT,
            StockDocument.Kind.DELTA,
            StockDocument.Kind.SALE,
            StockDocument.Kind.RETURN,
            StockDocument.Kind.SETTINGS);

    private final World world;
    private final Chance chance;

    StockKeepers(World world) {
        this.world = world;
        this.chance = world.chance;
    }

    /** Some of all positions, before anybody buys; the others come to be later. */
    void openingStock() {
        // A count that is long under way may take stock away.
        StockMove move = world.scenario.calm() ? StockMove.ADJUST : StockMove.COUNT;
        List<StockChange> counts = new ArrayList<>();
        for (int item = 1; item <= world.scenario.items(); item++) {
            for (var node : world.scenario.network().nodes()) {
                if (chance.percent(70)) {
                    int units = item == 1 ? chance.between(1, 8) : chance.between(1, 40);
                    counts.add(StockChange.of(item, node.id().value(), move, units));
                }
            }
        }
        if (!counts.isEmpty()) {
            send(world.scenario.calm() ? StockDocument.Kind.DELTA : StockDocument.Kind.SNAPSHOT, counts);
        }
    }

    void file() {
        if (chance.oneIn(6)) {
            condition();
            return;
        }
        List<StockChange> changes = new ArrayList<>();
        StockDocument.Kind kind = world.scenario.calm() ? StockDocument.Kind.DELTA : chance.of(FILES);
        int size = chance.between(1, 4);
        for (int i = 0; i < size; i++) {
            PositionKey key = new PositionKey(
                    chance.percent(40) ? 1 : chance.between(1, world.scenario.items()),
                    chance.of(world.scenario.network().nodes()).id().value());
            StockChange change = change(kind, key);
            boolean late = kind != StockDocument.Kind.SETTINGS && !world.scenario.calm() && chance.percent(40);
            changes.add(late ? new StockChange(key, change.move(), change.quantity(), someTimeAgo()) : change);
        }
        send(kind, changes);
    }

    /** Units come to quality control, turn out to be good, or are damaged; twice what is there is asked for as well. */
    private void condition() {
        int item = chance.percent(40) ? 1 : chance.between(1, world.scenario.items());
        int node = chance.of(world.scenario.network().nodes()).id().value();
        PositionKey inspected = PositionKey.of(item, new Place(Place.Pool.QUALITY_CONTROL, node));
        PositionKey good = new PositionKey(item, node);
        long at = world.scenario.calm() || chance.percent(60) ? 0 : someTimeAgo();
        int units = chance.between(1, 4);
        switch (world.scenario.calm() ? 1 : chance.between(1, 4)) {
            case 1 -> send(StockDocument.Kind.DELTA, List.of(new StockChange(inspected, StockMove.ADJUST, units, at)));
            case 2 -> send(StockDocument.Kind.CONVERSION, StockChange.converting(inspected, good, units, at));
            case 3 ->
                send(StockDocument.Kind.SNAPSHOT, List.of(new StockChange(inspected, StockMove.COUNT, units - 1, at)));
            default -> {
                PositionKey damaged = PositionKey.of(item, new Place(Place.Pool.DAMAGED, node));
                send(StockDocument.Kind.CONVERSION, StockChange.converting(good, damaged, units, at));
            }
        }
    }

    /** Files are under way for a while. */
    private long someTimeAgo() {
        Instant then = world.now().minus(Duration.ofMinutes(chance.percent(50) ? 0 : chance.between(0, 900)));
        return ChronoUnit.MICROS.between(Instant.EPOCH, then);
    }

    private StockChange change(StockDocument.Kind kind, PositionKey key) {
        Position there = world.database.position(key);
        int reserved = there == null ? 0 : there.reserved();
        return switch (kind) {
            case SNAPSHOT -> new StockChange(key, StockMove.COUNT, Math.max(0, reserved + chance.between(-3, 9)));
            case DELTA ->
                new StockChange(
                        key,
                        StockMove.ADJUST,
                        world.scenario.calm() || chance.percent(70) ? chance.between(1, 10) : -chance.between(1, 5));
            case SALE -> new StockChange(key, StockMove.SELL, chance.between(1, 3));
            case RETURN -> new StockChange(key, StockMove.RETURN, chance.between(1, 2));
            case FENCE, CONVERSION -> throw new IllegalStateException("not said in a file with others");
            case SETTINGS ->
                !world.scenario.calm() && chance.percent(15)
                        ? new StockChange(
                                PositionKey.ofWaiting(key.item()),
                                StockMove.CAP,
                                chance.percent(50) ? Position.MOST : chance.between(0, 20))
                        : chance.percent(50)
                                ? new StockChange(key, StockMove.CAP, chance.percent(50) ? 0 : chance.between(1, 5))
                                : new StockChange(key, StockMove.SAFETY, chance.between(0, 2));
        };
    }

    /** What nobody who waits has taken is given back. */
    private void emptyWaking() {
        world.database.positions().forEach((key, there) -> {
            Place place = Place.of(key.place());
            if (key.isStock() && place.pool() == Place.Pool.WAKING && there.onHand() > 0) {
                send(
                        StockDocument.Kind.FENCE,
                        Fencing.unallocate(key.item(), new NodeId(place.node()), place.pool(), there.onHand()));
            }
        });
    }

    /** Somebody keeps units for somebody, or no longer. */
    void fence() {
        if (chance.oneIn(4)) {
            emptyWaking();
            return;
        }
        List<RingFence> fences = world.scenario.network().ringFences();
        int item = chance.percent(40) ? 1 : chance.between(1, world.scenario.items());
        NodeId node = chance.of(world.scenario.network().nodes()).id();
        int fence = chance.of(fences).number();
        int units = chance.between(1, 4);
        send(
                StockDocument.Kind.FENCE,
                switch (chance.between(1, 5)) {
                    case 1, 2, 3 -> Fencing.allocate(item, node, fence, units);
                    case 4 -> Fencing.unallocate(item, node, Place.poolOfFence(fence), units);
                    default ->
                        Fencing.reallocate(item, node, fence, chance.of(fences).number(), units);
                });
    }

    void send(StockDocument.Kind kind, List<StockChange> changes) {
        long number = world.nextRequest();
        String reference = "document " + number + (chance.oneIn(80) ? "\0" : "");
        world.send(new Request(
                number,
                "stock",
                Lane.BULK,
                0,
                List.of(new Key(KeyKind.REQUEST, "stock " + number)),
                number,
                false,
                id -> new HubCommand.ForStock(new StockDocument(id, kind, reference, changes))));
    }
}
