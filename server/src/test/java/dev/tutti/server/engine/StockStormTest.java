package dev.tutti.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Limits;
import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.RingFence;
import dev.tutti.network.WorkCalendar;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.verify.Verification;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Everything that can be done to stock at once, to the same few items, by the callers of three servers that are killed on
 * the way: carts, orders, cancellations, work, counts, deliveries, tills, ring-fences, shipments. In the end every invariant
 * holds, by SQL, and the books are those of a model that knows only what was asked and whether it happened.
 */
class StockStormTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final int OPERATIONS = DEEP ? 1_000_000 : 20_000;
    private static final int KILLS = DEEP ? 25 : 3;
    private static final Audit AUDIT = new Audit("test", "", Instant.parse("2026-03-02T10:00:00Z"), "");

    private final AtomicInteger hundreds = new AtomicInteger();
    private final List<Process> servers = new ArrayList<>();
    private static final int PAUSE_MILLIS = 1_500;

    private final List<Path> journals = new ArrayList<>();

    @Test
    void theBooksAreRightWhateverIsDoneAndKilled() throws Exception {
        Path directory = Files.createTempDirectory("tutti-storm-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory))) {
            String url = postgres.createDatabase("storm");
            try (Database database = Database.open(url, 2)) {
                prepare(database);
                storm(directory, url);
                try (Engine engine = Engine.start(database, Limits.STANDARD, 2)) {
                    assertThat(engine.catalogue().network().nodes()).hasSize(StormingServer.NODES);
                    untilNothingIsHeld(database);
                }
                assertHolds(database);
                compare(database);
            }
        } finally {
            servers.forEach(Process::destroyForcibly);
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void prepare(Database database) {
        WorkCalendar calendar = WorkCalendar.everyDay(ZoneOffset.UTC, LocalTime.of(15, 0));
        List<Node> nodes = new ArrayList<>();
        for (int n = 1; n <= StormingServer.NODES; n++) {
            nodes.add(new Node(
                    new NodeId(0),
                    "N" + n,
                    NodeType.STORE,
                    null,
                    calendar,
                    n == 1 ? 500_000 : Node.UNLIMITED,
                    NodeCosts.PUBLISHED,
                    "",
                    true,
                    false,
                    true,
                    new TreeMap<>()));
        }
        List<Channel> channels = new ArrayList<>();
        for (String code : List.of("drop", "waits")) {
            channels.add(new Channel(
                    new ChannelId(0),
                    code,
                    Currency.getInstance("USD"),
                    ChannelFlows.ofOrders(code.equals("drop") ? "ship-or-refuse" : "ship"),
                    "",
                    "",
                    Duration.ZERO,
                    code.equals("drop") ? 1 : 0));
        }
        List<Item> items = new ArrayList<>();
        for (int i = 1; i <= StormingServer.ITEMS; i++) {
            items.add(new Item(new ItemId(0), "ITEM-" + i, "", new TreeMap<>()));
        }
        List<RingFence> fences = List.of(
                new RingFence(0, "own", new TreeSet<>(List.of("drop")), new TreeSet<>(), false, null),
                new RingFence(0, "lent", new TreeSet<>(List.of("waits")), new TreeSet<>(), true, null));
        database.masterData()
                .apply(
                        new MasterData.Change(
                                List.of(), List.of(), List.of(), nodes, channels, fences, List.of(), items, 0, "test",
                                ""),
                        AUDIT);
    }

    private void storm(Path directory, String url) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3; i++) {
            start(directory, url);
        }
        for (int kill = 1; kill <= KILLS; kill++) {
            int until = OPERATIONS / 100 * kill / (KILLS + 1);
            while (hundreds.get() < until) {
                assertThat(servers).as("servers that were not killed").anyMatch(Process::isAlive);
                Thread.sleep(20);
            }
            servers.remove(random.nextInt(servers.size())).destroyForcibly().waitFor();
            start(directory, url);
            pause(servers.get(random.nextInt(servers.size())));
        }
        while (hundreds.get() < OPERATIONS / 100) {
            assertThat(servers).as("servers that were not killed").allMatch(Process::isAlive);
            Thread.sleep(20);
        }
        for (Process server : servers) {
            server.outputWriter(StandardCharsets.UTF_8).close();
        }
        for (Process server : servers) {
            assertThat(server.waitFor()).isZero();
        }
    }

    /** It stands still with all it has under way, locks too, and does not know how long. */
    private static void pause(Process server) throws Exception {
        signal(server, "STOP");
        Thread.sleep(PAUSE_MILLIS);
        signal(server, "CONT");
    }

    private static void signal(Process server, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(server.pid()))
                .start()
                .waitFor();
    }

    private void start(Path directory, String url) throws IOException {
        int number = journals.size();
        Path journal = directory.resolve("journal-" + number);
        journals.add(journal);
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx300m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StormingServer.class.getName(),
                        url,
                        Integer.toString(number),
                        journal.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().filter("hundred"::equals).forEach(line -> hundreds.incrementAndGet());
            } catch (IOException | java.io.UncheckedIOException e) {
                // killed
            }
        });
    }

    private static void untilNothingIsHeld(Database database) throws Exception {
        for (int i = 0; i < 1_200; i++) {
            if (numbers(database, "select 1, count(*)::int from reservation where state = 'HELD'")
                            .getOrDefault(1, 0)
                    == 0) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("what was held is not given back");
    }

    private static void assertHolds(Database database) {
        List<String> violated = new ArrayList<>();
        new Verification(database.dataSource()).run(List.of(), finding -> violated.addAll(finding.violations()));
        assertThat(violated).isEmpty();
    }

    private void compare(Database database) throws Exception {
        StormModel model = new StormModel();
        int operations = 0;
        Map<String, Integer> done = new TreeMap<>();
        int unknown = 0;
        for (int server = 0; server < journals.size(); server++) {
            Map<Integer, String> answers = new TreeMap<>();
            Map<Integer, String> asked = new TreeMap<>();
            // One that was killed before it had started has none.
            Path journal = journals.get(server);
            for (String line : Files.exists(journal) ? Files.readAllLines(journal) : List.<String>of()) {
                String[] words = line.split(" ", 3);
                boolean whole = words.length >= 2 && (!words[0].equals("I") || words.length == 3);
                if (whole) {
                    (words[0].equals("I") ? asked : answers)
                            .put(Integer.valueOf(words[1]), words[0].equals("I") ? words[2] : words[0]);
                }
            }
            TreeSet<Integer> kept = kept(database, server);
            for (Map.Entry<Integer, String> one : asked.entrySet()) {
                String answer = answers.getOrDefault(one.getKey(), "?");
                boolean happened = kept.contains(one.getKey());
                unknown += answer.equals("?") ? 1 : 0;
                operations++;
                // What changes nothing is answered as done and keeps no key; it is none of those that the model counts.
                boolean mayChangeNothing =
                        one.getValue().startsWith("RELEASE") || one.getValue().startsWith("EXTEND");
                if ((answer.equals("D") && !happened && !mayChangeNothing) || (answer.equals("R") && happened)) {
                    model.wrong.add("server " + server + " answered " + answer + " to " + one + ", kept: " + happened);
                }
                boolean isFact = List.of("COUNT", "DELTA", "SALE", "ANNOUNCE", "RECEIVE")
                        .contains(one.getValue().split(" ")[0]);
                if (isFact && answer.equals("R")) {
                    model.wrong.add("a fact was refused: " + one);
                }
                if (happened) {
                    String[] words = one.getValue().split(" ");
                    model.happened(words);
                    done.merge(words[0], 1, Integer::sum);
                }
            }
        }
        System.err.println(operations + " operations, " + unknown + " without an answer, done: " + done);
        assertThat(done).hasSize(13);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            model.follow(ledger(connection));
        }
        assertThat(model.wrong).isEmpty();
        assertThat(without0(numbers(database, CLAIMED))).isEqualTo(without0(model.claimed()));
        assertThat(without0(
                        numbers(database, "select item_id, on_hand from position where item_id > 0 and place_id = 0")))
                .isEqualTo(without0(model.expected()));
        assertThat(operations).isGreaterThanOrEqualTo(OPERATIONS);
        assertThat(model.wrong).isEmpty();
    }

    /** What orders claim of each item, at nodes and without one: what ring-fences and waking places keep is claimed too. */
    private static final String CLAIMED = """
            select item_id,
                   (sum(case when place_id < 65536 then reserved else 0 end)
                    - sum(case when place_id / 65536 between 3 and 16383 then on_hand else 0 end))::int
            from position
            where item_id > 0
            group by item_id
            """;

    private static Map<Integer, Integer> without0(Map<Integer, Integer> numbers) {
        Map<Integer, Integer> left = new TreeMap<>(numbers);
        left.values().removeIf(number -> number == 0);
        return left;
    }

    /** The operations of a server that have happened: each has left its key. */
    private static TreeSet<Integer> kept(Database database, int server) throws SQLException {
        TreeSet<Integer> kept = new TreeSet<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select key from claimed_key where kind = 'REQUEST' and key like '"
                                + StormingServer.key(server, 0).replaceFirst("0$", "%") + "'")) {
            while (row.next()) {
                String key = row.getString(1);
                kept.add(Integer.valueOf(key.substring(key.lastIndexOf('-') + 1)));
            }
        }
        return kept;
    }

    private static Map<Integer, Integer> numbers(Database database, String sql) throws SQLException {
        Map<Integer, Integer> numbers = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                numbers.put(row.getInt(1), row.getInt(2));
            }
        }
        return numbers;
    }

    private static List<StormModel.Entry> ledger(Connection connection) throws SQLException {
        List<StormModel.Entry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery("""
                    select item_id, place_id, move, cause_id, on_hand, on_hand_delta, reserved_delta
                    from stock_ledger
                    where item_id > 0 and place_id between 1 and 65535
                    order by item_id, place_id, version
                    """)) {
                while (row.next()) {
                    entries.add(new StormModel.Entry(
                            row.getInt(1),
                            row.getInt(2),
                            row.getString(3).intern(),
                            row.getLong(4),
                            row.getInt(5),
                            row.getInt(6),
                            row.getInt(7)));
                }
            }
        }
        return entries;
    }
}
