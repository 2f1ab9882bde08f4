package dev.tutti.server.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tutti.server.TestDatabases;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Histories, small ones written here and a real one where it can be had. */
class ReplayTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HEADER = "no,when,sku,qty,price,customer,country,shop\n";
    private static final String MAPPING = """
            name: test
            nodes:
              - {code: DC, type: distribution-centre, calendar: {zone: UTC, cutOff: "14:00"}}
            channels:
              - {code: web, currency: EUR}
            time: {column: when, format: "yyyy-MM-dd HH:mm", zone: UTC}
            rows:
              - when: {sku: [POST, FEE]}
                refuse: not-goods
              - when: {no: {matches: "C.*"}}
                is: cancellation
              - when: {shop: {empty: false}}
                is: till-sale
            order:
              number: no
              channel: {constant: web}
              customer: customer
              country: {column: country, values: {Germany: DE}}
              places: {DE: [51.0, 10.0]}
            line: {sku: sku, quantity: qty, price: price}
            till: {number: no, node: {column: shop, prefix: S}, newNode: {zone: UTC}}
            cancellations: {match: latest-purchase, node: DC, restock: true}
            stock: {opening: 50, coverDays: 28, least: 10, leadDays: 3, nodes: [DC]}
            handOver: "17:00"
            """;

    @TempDir
    Path directory;

    /** What a run of the command left behind. */
    private record Run(int status, String out, String told) {
        JsonNode report() {
            assertThat(status).as(told).isZero();
            return JSON.readTree(out);
        }
    }

    private Run replay(String mapping, String db, Path... files) {
        Path mappingFile = directory.resolve("mapping.yaml");
        write(mappingFile, mapping, StandardCharsets.UTF_8);
        return replay(mappingFile, db, files);
    }

    private static Run replay(Path mapping, String db, Path... files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("--mapping", mapping.toString(), "--db", db, "--json"));
        for (Path file : files) {
            arguments.add(file.toString());
        }
        int status = Replay.run(
                arguments.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(told, true, StandardCharsets.UTF_8));
        return new Run(status, out.toString(StandardCharsets.UTF_8), told.toString(StandardCharsets.UTF_8));
    }

    private Path history(String rows) {
        return history(rows, StandardCharsets.UTF_8);
    }

    private Path history(String rows, Charset encoding) {
        Path file = directory.resolve("history.csv");
        write(file, HEADER + rows, encoding);
        return file;
    }

    private static void write(Path file, String text, Charset encoding) {
        try {
            Files.write(file, text.getBytes(encoding));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Three orders, of which the second gets what the shop was found to have, and waits for a delivery; one call-off in
     * time, two returns, one sale.
     */
    private static final String STORY = """
            1,2026-03-02 09:00,A,10,2.50,c1,Germany,
            1,2026-03-02 09:00,B,1,1.00,c1,Germany,
            2,2026-03-02 10:00,A,100,2.50,c2,Germany,
            C3,2026-03-02 11:00,A,-4,2.50,c1,Germany,
            T1,2026-03-02 12:00,A,2,2.50,,,7
            T1,2026-03-02 12:00,B,1,2.50,,,7
            C4,2026-03-09 09:00,B,-1,1.00,c1,Germany,
            C5,2026-03-09 09:30,B,-1,1.00,c9,Germany,
            3,2026-03-09 10:00,B,1,1.00,c2,Germany,
            """;

    @Test
    void tellsWhatBecameOfEveryRowAndUnit() {
        JsonNode report = replay(MAPPING, TestDatabases.fresh(), history(STORY)).report();

        ((ObjectNode) report).remove("cost_minor");
        ((ObjectNode) report).remove("lines_per_s");
        assertThat(report).isEqualTo(JSON.readTree("""
                {"rows": 9, "rows_used": 9, "rows_refused": {}, "orders": 4, "lines": 6, "units": 115,
                 "units_fulfilled": 111, "units_cancelled": 4, "units_returned": 1, "units_backordered": 0,
                 "returns_without_order": 1, "fill_rate": 0.4783, "orders_split": 1, "packages": 6,
                 "hours_to_ship_median": 7.0, "invariants_violated": 0}
                """));
    }

    @Test
    void theSameFileAgainChangesNothing() {
        String db = TestDatabases.fresh();
        Path file = history(STORY);

        Run first = replay(MAPPING, db, file);
        Run again = replay(MAPPING, db, file);

        assertThat(again.report()).isEqualTo(first.report());
    }

    @Test
    void theOrderOfRowsInTheFileIsNotTheOrderOfTime() {
        JsonNode asWritten =
                replay(MAPPING, TestDatabases.fresh(), history(STORY)).report();
        String turned = STORY.lines().toList().reversed().stream().collect(Collectors.joining("\n"));

        JsonNode report =
                replay(MAPPING, TestDatabases.fresh(), history(turned)).report();

        for (String key : List.of("units_fulfilled", "units_cancelled", "units_returned", "fill_rate", "packages")) {
            assertThat(report.get(key)).as(key).isEqualTo(asWritten.get(key));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,2026-03-02 09:00,,1,1,,,               | no-sku
            1,2026-03-02 09:00,A,0,1,,,              | quantity-not-positive
            1,2026-03-02 09:00,A,-1,1,,,             | quantity-not-positive
            1,2026-03-02 09:00,A,1.5,1,,,            | quantity-not-whole
            1,2026-03-02 09:00,A,many,1,,,           | quantity-not-readable
            1,2026-03-02 09:00,A,1e9999,1,,,         | quantity-not-readable
            1,2026-03-02 09:00,A,2147483648,1,,,     | quantity-too-large
            1,2026-03-02 09:00,A,1,-1,,,             | price-negative
            1,2026-03-02 09:00,A,1,free,,,           | price-not-readable
            1,2026-03-02 09:00,A,1,1e30,,,           | price-too-large
            1,2.3.2026,A,1,1,,,                      | time-not-readable
            1,2026-02-30 09:00,A,1,1,,,              | time-not-readable
            1,9999-03-02 09:00,A,1,1,,,              | time-out-of-range
            T2,2026-03-02 09:00,A,1,n/a,,,7          | price-not-readable
            ,2026-03-02 09:00,A,1,1,,,               | no-order-number
            1,2026-03-02 09:00,POST,1,1,,,           | not-goods
            1,2026-03-02 09:00,A,1,1,,               | wrong-number-of-fields
            1,2026-03-02 09:00,A,1,1,,,,,            | wrong-number-of-fields
            """)
    void aRowThatCannotBeUsedIsCountedWithItsReason(String row, String reason) {
        JsonNode report = replay(MAPPING, TestDatabases.fresh(), history(STORY + row + "\n"))
                .report();

        assertThat(report.at("/rows").asInt()).isEqualTo(10);
        assertThat(report.at("/rows_used").asInt()).isEqualTo(9);
        assertThat(report.at("/rows_refused/" + reason).asInt())
                .as(report.toString())
                .isEqualTo(1);
    }

    @Test
    void anOrderThatIsRefusedIsCountedByItsRows() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            rows.append("9,2026-03-02 09:00,A,50000,1,,,\n");
        }

        JsonNode report =
                replay(MAPPING, TestDatabases.fresh(), history(STORY + rows)).report();

        assertThat(report.at("/rows_refused/invalid-field").asInt()).isEqualTo(3);
        assertThat(report.at("/orders").asInt()).isEqualTo(4);
    }

    @Test
    void whatAFlowRefusesForWantOfStockCountsAsNotFilled() {
        String mapping = MAPPING.replace("currency: EUR}", "currency: EUR, flow: ship-or-refuse}");

        JsonNode report = replay(mapping, TestDatabases.fresh(), history("""
                        1,2026-03-02 09:00,A,10,2.50,c1,Germany,
                        2,2026-03-02 10:00,A,990,2.50,c2,Germany,
                        """)).report();

        assertThat(report.at("/rows_refused/insufficient-supply").asInt()).isEqualTo(1);
        assertThat(report.at("/units").asInt()).isEqualTo(10);
        assertThat(report.at("/fill_rate").asDouble()).isEqualTo(0.01);
    }

    @Test
    void aDatabaseThatIsNoneIsRefusedInOneSentence() {
        assertThat(replay(MAPPING, "postgres://somewhere/tutti", history(STORY)).told())
                .startsWith("the database's address must begin with jdbc:postgresql://");
    }

    @Test
    void aFileThatIsNotWhatTheMappingSaysIsRefusedWithItsPlace() throws IOException {
        String db = TestDatabases.fresh();
        Path file = history("1,2026-03-02 09:00,A,1,1,,Österreich,\n", StandardCharsets.ISO_8859_1);
        assertThat(replay(MAPPING, db, file).told()).contains("history.csv, line 2: this is not UTF-8");
        assertThat(replay(MAPPING.replace("time:", "csv: {encoding: latin-1}\ntime:"), TestDatabases.fresh(), file)
                        .report()
                        .at("/rows_used")
                        .asInt())
                .isEqualTo(1);

        history(STORY + "1,2026-03-02 09:00,\"A,1,1,,,\n");
        assertThat(replay(MAPPING, db, file).told()).contains("after row 9: a quote is opened that never closes");

        write(file, "no,when,sku,qty\n1,2026-03-02 09:00,A,1\n", StandardCharsets.UTF_8);
        assertThat(replay(MAPPING, db, file).told())
                .contains("row 1: there is no column country; there are no, qty, sku, when");

        write(file, "", StandardCharsets.UTF_8);
        assertThat(replay(MAPPING, db, file).told()).contains("the file is empty");

        assertThat(replay(MAPPING, db, directory.resolve("none.csv")).told()).contains("there is no such file");

        Path gzip = directory.resolve("history.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write((HEADER + STORY.repeat(2_000)).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = Files.readAllBytes(gzip);
        Files.write(gzip, Arrays.copyOf(whole, whole.length / 2));
        assertThat(replay(MAPPING, db, gzip).told())
                .containsPattern("history.csv.gz, after row [0-9]+: the gzip file ends in the middle");
        whole[whole.length / 2] ^= 0x55;
        Files.write(gzip, whole);
        assertThat(replay(MAPPING, db, gzip).told()).contains("history.csv.gz, after row");

        assertThat(replay(MAPPING, db, history("\uFEFF" + STORY)).status()).isZero();
    }

    @Test
    void numbersAreReadAsTheFileWritesThem() {
        String mapping = MAPPING.replace("time:", "csv: {delimiter: ';', decimal: ',', thousands: '.'}\ntime:");
        Path file = history("");
        write(
                file,
                HEADER.replace(',', ';')
                        + "1;2026-03-02 09:00;A;1.000;1.234,50;;;\n2;2026-03-02 09:00;A;1;1.5,0,0;;;\n"
                        + "3;2026-03-02 09:00;A;1;19.90;;;\n4;2026-03-02 09:00;A;1;1,234.500;;;\n",
                StandardCharsets.UTF_8);

        JsonNode report = replay(mapping, TestDatabases.fresh(), file).report();

        assertThat(report.at("/units").asInt()).isEqualTo(1_000);
        assertThat(report.at("/rows_refused/price-not-readable").asInt()).isEqualTo(3);
    }

    @Test
    void aByteOrderMarkBeforeTheHeaderIsNoPartOfAName() {
        Path file = history(STORY);
        write(file, "\uFEFF" + HEADER + STORY, StandardCharsets.UTF_8);

        assertThat(replay(MAPPING, TestDatabases.fresh(), file)
                        .report()
                        .at("/rows_used")
                        .asInt())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            handOver: "17:00"            | handOver: "25:00"             | line 24: handOver: it is not a local time
            handOver: "17:00"            | speed: high                   | line 24: speed: there is no field named
            time: {column: when,         | time: {colum: when,           | line 6: time.colum: there is no field named
            refuse: not-goods            | is: nonsense                  | line 9: rows[0].is: it is "nonsense"
            {matches: "C.*"}             | {matches: "C("}               | line 10: rows[1].when.no.matches: it is not a regular
            nodes: [DC]}                 | nodes: [XX]}                  | stock: nodes: names XX, which is none of the nodes
            node: DC, restock            | node: XX, restock             | cancellations: node: XX is none of the nodes
            currency: EUR}               | currency: EURO}               | line 5: channels[0].currency: it has 4 characters
            currency: EUR}               | currency: EUR, flow: x}       | line 5: channels[0].flow: there is no flow for orders of this name
            name: test                   | nam: test                     | line 1: nam: there is no field named
            sku: sku, quantity           | sku: SKU, quantity            | row 1: there is no column SKU
            """)
    void aMappingThatDoesNotHoldTogetherIsRefusedWithItsPlace(String good, String bad, String told) {
        assertThat(MAPPING).contains(good);

        Run run = replay(MAPPING.replace(good, bad), TestDatabases.fresh(), history(STORY));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.told()).contains(told);
    }

    @Test
    void aDatabaseHoldsOneHistoryByOneMapping() {
        String db = TestDatabases.fresh();
        replay(MAPPING, db, history(STORY)).report();

        assertThat(replay(MAPPING.replace("opening: 50", "opening: 51"), db, history(STORY))
                        .told())
                .contains("another mapping");
        assertThat(replay(MAPPING, db, history(STORY + "4,2026-03-09 10:00,B,1,1.00,c2,Germany,\n"))
                        .told())
                .contains("other files");
    }

    @Test
    void aRealHistoryThatIsKilledHalfWayEndsWithTheSameReport() throws Exception {
        String data = System.getenv("TUTTI_DATA");
        assumeThat(data).as("TUTTI_DATA names the folder of real histories").isNotNull();
        Path file = directory.resolve("online-retail.csv");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        Files.newInputStream(Path.of(data, "orders", "online-retail-2010-12_2011-08.csv.gz"))),
                StandardCharsets.UTF_8))) {
            Files.write(file, in.lines().limit(40_001).toList());
        }
        Path mapping = Path.of(System.getProperty("tutti.root", ".."), "examples", "replay", "online-retail.yaml");
        ObjectNode straight =
                (ObjectNode) replay(mapping, TestDatabases.fresh(), file).report();

        String db = TestDatabases.fresh();
        long killed = 0;
        for (int seconds = 3; killed < 2; seconds++) {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Replay.class.getName(),
                            "--mapping",
                            mapping.toString(),
                            "--db",
                            db,
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("killed.log").toFile())
                    .start();
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                break;
            }
            process.destroyForcibly().waitFor();
            killed++;
        }
        ObjectNode resumed = (ObjectNode) replay(mapping, db, file).report();

        assertThat(killed).isPositive();
        straight.remove("lines_per_s");
        resumed.remove("lines_per_s");
        assertThat(resumed).isEqualTo(straight);
        assertThat(resumed.at("/invariants_violated").asInt()).isZero();
    }
}
