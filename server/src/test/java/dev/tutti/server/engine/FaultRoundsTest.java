package dev.tutti.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three servers on one database, more buyers than units, and something is killed on the way. */
class FaultRoundsTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final int ROUNDS = DEEP ? 50 : 2;
    private static final int UNITS = DEEP ? 10_000 : 1_000;
    private static final int BUYERS_PER_SERVER = DEEP ? 66_667 : 4_000;
    private static final Audit AUDIT = new Audit("test", "", Instant.parse("2026-03-02T10:00:00Z"), "");

    private Path directory;
    private EmbeddedPostgres postgres;

    @BeforeEach
    void startPostgres() throws IOException {
        directory = Files.createTempDirectory("tutti-faults-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        postgres = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory));
    }

    @AfterEach
    void stopPostgres() throws IOException {
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What is killed, and how. */
    private enum Fault {
        SERVER_KILLED,
        POSTGRES_STOPPED_IMMEDIATELY
    }

    @Test
    void sellsEveryUnitOnceAndLosesNoAcknowledgedOrderWhateverIsKilled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Fault fault = Fault.values()[round % Fault.values().length];
            SplittableRandom random = new SplittableRandom(round);
            String url = postgres.createDatabase("round_" + round);
            try (Database database = Database.open(url, 2)) {
                int hot = prepare(database);
                List<Long> acknowledged = buyWith(fault, url, random);
                assertSoldExactly(database, hot, "round " + round + ", " + fault);
                assertHolds(database, acknowledged, "round " + round + ", " + fault);
                assertThat(acknowledged).hasSizeGreaterThan(UNITS / 3);
            }
        }
    }

    /** @return the hot item's number */
    private static int prepare(Database database) throws Exception {
        WorkCalendar calendar = WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0));
        database.masterData()
                .putNodes(
                        List.of(new Node(
                                new NodeId(0),
                                "N1",
                                NodeType.STORE,
                                null,
                                calendar,
                                Node.UNLIMITED,
                                NodeCosts.PUBLISHED,
                                "",
                                true,
                                false,
                                true,
                                new TreeMap<>())),
                        AUDIT);
        database.masterData()
                .putChannels(
                        List.of(new Channel(
                                new ChannelId(0),
                                "drop",
                                Currency.getInstance("USD"),
                                ChannelFlows.ofOrders("ship-or-refuse"),
                                "",
                                "")),
                        AUDIT);
        database.masterData()
                .putItems(
                        List.of(
                                new Item(new ItemId(0), "HOT", "", new TreeMap<>()),
                                new Item(new ItemId(0), "OTHER", "", new TreeMap<>())),
                        AUDIT);
        try (Engine engine = Engine.start(database, Limits.STANDARD, 1)) {
            int hot = engine.catalogue().item("HOT");
            int node =
                    Objects.requireNonNull(engine.catalogue().node("N1")).id().value();
            StockDocument count = new StockDocument(
                    engine.nextId(),
                    StockDocument.Kind.SNAPSHOT,
                    "",
                    List.of(
                            StockChange.of(hot, node, StockMove.COUNT, UNITS),
                            StockChange.of(engine.catalogue().item("OTHER"), node, StockMove.COUNT, 1_000_000)));
            engine.submit(Lane.BULK, count.id(), true, new HubCommand.ForStock(count), List.of(), AUDIT)
                    .get();
            return hot;
        }
    }

    private List<Long> buyWith(Fault fault, String url, SplittableRandom random) throws Exception {
        List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger finished = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(3);
        List<Process> servers = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            Process server = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BuyingServer.class.getName(),
                            url,
                            Integer.toString(number),
                            Integer.toString(BUYERS_PER_SERVER))
                    .redirectError(
                            directory.resolve("server-" + number + ".err").toFile())
                    .start();
            servers.add(server);
            readers.add(Thread.ofVirtual().start(() -> read(server, acknowledged, finished, started)));
        }
        // a server that has not started yet when the database goes away ends: it is for its supervisor to start it
        // again
        assertThat(started.await(2, TimeUnit.MINUTES))
                .as("three servers started; they said: %s", errors())
                .isTrue();
        for (Process server : servers) {
            server.outputWriter(StandardCharsets.UTF_8).close();
        }
        int before = random.nextInt(UNITS / 10, UNITS / 2);
        while (acknowledged.size() < before && servers.stream().allMatch(Process::isAlive)) {
            Thread.sleep(2);
        }
        switch (fault) {
            case SERVER_KILLED -> servers.getFirst().destroyForcibly();
            case POSTGRES_STOPPED_IMMEDIATELY -> {
                postgres.stopImmediately();
                Thread.sleep(random.nextInt(500));
                postgres = EmbeddedPostgres.start(
                        EmbeddedPostgres.Settings.in(directory).withPort(postgres.port()));
            }
        }
        for (Process server : servers) {
            server.waitFor();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(finished.get())
                .as("servers that answered all their buyers; the others said: %s", errors())
                .isEqualTo(fault == Fault.SERVER_KILLED ? 2 : 3);
        return acknowledged;
    }

    private String errors() throws IOException {
        StringBuilder errors = new StringBuilder();
        for (int number = 0; number < 3; number++) {
            errors.append(Files.readString(directory.resolve("server-" + number + ".err")));
        }
        return errors.toString();
    }

    private static void read(Process server, List<Long> acknowledged, AtomicInteger finished, CountDownLatch started) {
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("started")) {
                    started.countDown();
                } else if (line.equals("finished")) {
                    finished.incrementAndGet();
                } else if (line.chars().allMatch(Character::isDigit) && !line.isEmpty()) {
                    acknowledged.add(Long.valueOf(line));
                }
            }
        } catch (IOException e) {
            // killed: what was read until then was acknowledged
        }
    }

    private static void assertSoldExactly(Database database, int hot, String when) {
        dev.tutti.inventory.AvailabilityIndex index = new dev.tutti.inventory.AvailabilityIndex();
        database.stock().learn(index, hot, hot);
        assertThat(index.position(new PositionKey(hot, 1)))
                .as(when)
                .satisfies(position ->
                        assertThat(Objects.requireNonNull(position).reserved()).isEqualTo(UNITS));
    }

    private static void assertHolds(Database database, List<Long> acknowledged, String when) {
        List<Verification.Finding> violated = new ArrayList<>();
        new Verification(database.dataSource()).run(acknowledged, finding -> {
            if (!finding.holds()) {
                violated.add(finding);
            }
        });
        assertThat(violated).as(when).isEmpty();
    }
}
