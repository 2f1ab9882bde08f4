package dev.tutti.server.engine;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.fulfilment.Method;
import dev.tutti.hub.HubCommand;
import dev.tutti.network.Channel;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.postgres.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * A server in a process of its own that can be killed, with its own buyers: {@code URL NUMBER BUYERS}. Prints {@code
 * started}, lets its buyers in when its input ends, prints the number of every order it acknowledges, and {@code
 * finished} when all buyers have an answer.
 */
final class BuyingServer {
    private static final int AT_ONCE = 256;

    private BuyingServer() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        int server = Integer.parseInt(arguments[1]);
        int buyers = Integer.parseInt(arguments[2]);
        PrintStream out = System.out;
        SplittableRandom random = new SplittableRandom(server);
        try (Database database = Database.open(arguments[0], 3);
                Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
            Channel channel = Objects.requireNonNull(engine.catalogue().channel("drop"));
            int hot = engine.catalogue().item("HOT");
            int other = engine.catalogue().item("OTHER");
            out.println("started");
            System.in.transferTo(OutputStream.nullOutputStream());
            Semaphore free = new Semaphore(AT_ONCE);
            for (int i = 0; i < buyers; i++) {
                free.acquire();
                long id = engine.nextId();
                OrderDraft draft = draft(
                        id, server + "-" + i, channel, random.nextInt(3) == 0 ? List.of(other, hot) : List.of(hot));
                var unused = engine.submit(
                                Lane.INTERACTIVE,
                                id,
                                true,
                                new HubCommand.ForOrder(new OrderCommand.PlaceOrder(draft)),
                                List.of(new KeyClaim(
                                        new Key(
                                                KeyKind.EXTERNAL_ORDER,
                                                channel.id().value() + "|" + draft.externalId()),
                                        id,
                                        id)),
                                new Audit("buyer", "", draft.placedAt(), ""))
                        .thenAccept(answer -> {
                            acknowledge(out, answer);
                            free.release();
                        });
            }
            free.acquire(AT_ONCE);
            out.println("finished");
        }
    }

    private static void acknowledge(PrintStream out, Answer<Order> answer) {
        if (answer instanceof Answer.Done<Order>(Order order) && order != null) {
            out.println(order.id().value());
        }
    }

    private static OrderDraft draft(long id, String externalId, Channel channel, List<Integer> items) {
        Instant now = Engine.now();
        return new OrderDraft(
                new OrderId(id),
                channel.id(),
                externalId,
                "",
                "USD",
                now,
                0,
                List.of(new ShipGroup(1, Method.SHIP, null, null, "US", "10001")),
                items.stream()
                        .map(item -> new OrderDraft.Line(item, 1, 1, true, 9900, 0, 0))
                        .toList(),
                0,
                0,
                null,
                List.of(),
                new TreeMap<>());
    }
}
