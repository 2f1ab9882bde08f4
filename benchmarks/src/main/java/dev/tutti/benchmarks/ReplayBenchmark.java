package dev.tutti.benchmarks;

import dev.tutti.postgres.Database;
import dev.tutti.server.replay.Replay;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code bench replay}: a history, put through the engine as {@code ./tutti replay} does it, each time in a new database,
 * in turn with the limit at as many lines an order, whose database does not fill its log with zeros first either. The
 * first of each warms up.
 */
final class ReplayBenchmark {
    private static final int LINES = 22;
    private static final int RUNS = 3;
    private static final int QUICK_ROWS = 40_000;
    private static final String HISTORY = "orders/online-retail-2010-12_2011-08.csv.gz";

    private ReplayBenchmark() {}

    static void run(Options options) throws Exception {
        Path history = Path.of(options.text("history", System.getenv("TUTTI_DATA") + "/" + HISTORY));
        if (!Files.isRegularFile(history)) {
            throw new IllegalArgumentException("there is no " + history
                    + ": --history names one, as does TUTTI_DATA the directory with " + HISTORY);
        }
        String mapping =
                options.text("mapping", System.getProperty("tutti.home", ".") + "/examples/replay/online-retail.yaml");
        int orders = (options.quick() ? 60_000 : 200_000) / LINES;
        Path directory = Files.createTempDirectory("tutti-bench-replay-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (World world = World.start(options.quick() ? 10_000 : 100_000, "wal_init_zero", "off");
                Database database = Database.open(world.url(), 1)) {
            if (options.quick()) {
                history = beginning(history, directory.resolve("beginning.csv"));
            }
            Limit limit = new Limit(world.url(), database);
            Drafts drafts = new Drafts(11, world.items, LINES);
            double[] limits = new double[RUNS];
            double[] replays = new double[RUNS];
            System.err.println("warming up");
            limit.prepare(Decided.orders(database, drafts, orders / 4));
            limit.run(world);
            ObjectNode first = replay(mapping, history, directory.resolve("first"));
            double cold = speed(first);
            for (int i = 0; i < RUNS; i++) {
                limit.prepare(Decided.orders(database, drafts, orders));
                limits[i] = LINES * limit.run(world).ordersPerSecond();
                ObjectNode report = replay(mapping, history, directory.resolve("run-" + i));
                replays[i] = speed(report);
                System.err.printf("limit %.0f, replay %.0f lines/s%n", limits[i], replays[i]);
                if (!report.equals(first)) {
                    throw new IllegalStateException("two reports of one history: " + first + " and " + report);
                }
            }
            new Line("replay")
                    .with("lines_per_s", Median.of(replays))
                    .with("limit_lines_per_s", Median.of(limits))
                    .with("ratio", Median.of(replays) / Median.of(limits))
                    .with("cold_lines_per_s", cold)
                    .with("lines", first.get("lines").asLong())
                    .with(
                            "invariants_violated",
                            first.get("invariants_violated").asLong())
                    .print();
        } finally {
            World.delete(directory);
        }
    }

    private static Path beginning(Path history, Path copy) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                history.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(history))
                        : Files.newInputStream(history),
                StandardCharsets.UTF_8))) {
            reader.lines().limit(QUICK_ROWS).forEach(lines::add);
        }
        return Files.write(copy, lines);
    }

    private static ObjectNode replay(String mapping, Path history, Path data) throws IOException {
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(report, true, StandardCharsets.UTF_8)) {
            List<String> arguments =
                    List.of("--mapping", mapping, "--data", data.toString(), "--json", history.toString());
            int status = Replay.run(arguments.toArray(String[]::new), out, System.err);
            if (status != 0) {
                throw new IllegalStateException("the replay ended with " + status);
            }
        }
        World.delete(data);
        JsonNode json = JsonMapper.shared().readTree(report.toByteArray());
        return (ObjectNode) json;
    }

    private static double speed(ObjectNode report) {
        return report.remove("lines_per_s").asDouble();
    }
}
