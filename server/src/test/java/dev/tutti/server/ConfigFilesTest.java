package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.config.Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tutti config}: from files to a running server, and from its problems back to their lines. */
class ConfigFilesTest {
    private static TestHub hub;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        hub = TestHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private record Run(int code, String out, String err) {
        List<String> complaints() {
            return err.lines().toList();
        }
    }

    private static Run run(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Config.run(
                arguments,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Run run(String action, Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                action,
                directory.toString(),
                "--server",
                "http://127.0.0.1:" + hub.server().port()));
        arguments.addAll(List.of(options));
        return run(Map.of("TUTTI_KEY", hub.admin().key()), arguments.toArray(String[]::new));
    }

    private Run plan() {
        return run("plan", directory);
    }

    private Run apply(String... options) {
        List<String> all = new ArrayList<>(List.of("--reason", "a test", "--author", "ada"));
        all.addAll(List.of(options));
        return run("apply", directory, all.toArray(String[]::new));
    }

    private Path write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static long version(Run run) {
        Matcher version = Pattern.compile("(?m)^applied as version (\\d+)$").matcher(run.out());
        assertThat(version.find()).as(run.out() + run.err()).isTrue();
        return Long.parseLong(version.group(1));
    }

    /** The complaint begins with the file and the line it names. */
    private void refused(Run run, Path file, int line, String words) {
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.complaints())
                .anySatisfy(complaint -> assertThat(complaint)
                        .startsWith(file + ":" + (line == 0 ? "" : line + ":") + " ")
                        .contains(words));
        assertThat(run.complaints()).contains("tutti: refused, nothing was changed");
    }

    @Test
    void theSmallExampleIsPlannedAppliedAndThenThereIsNothingToDo() {
        Path small = Path.of("..", "examples", "small");

        Run plan = run("plan", small);
        Run applied = run("apply", small, "--reason", "the first day", "--author", "ada");
        Run again = run("apply", small, "--reason", "the second day");

        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("new\n", "  node dc-hamburg\n", "  channel web\n", "  item POT-1\n");
        assertThat(plan.out()).endsWith("\nnodes: 3 new; channels: 2 new; items: 5 new\n");
        assertThat(applied.out()).contains("applied as version ");
        assertThat(applied.code()).isZero();
        assertThat(again.code()).isZero();
        assertThat(again.out()).endsWith("nothing to do\n");
    }

    @Test
    void aChangedCutOffIsShownAndApplied() throws IOException {
        String node = "nodes:\n  - code: cut\n    type: store\n    dailyCapacity: 40\n"
                + "    calendar: {zone: Europe/Berlin, cutOff: 15:00}\n";
        write("nodes.yaml", node);
        apply();
        write("nodes.yaml", node.replace("15:00", "14:00").replace("40", "60"));

        Run plan = plan();
        Run applied = apply();

        assertThat(plan.out()).contains("changed\n  node cut: calendar.cutOff 15:00 → 14:00; dailyCapacity 40 → 60\n");
        assertThat(applied.out()).startsWith(plan.out());
        assertThat(hub.admin().get("/v1/nodes/cut").text("/calendar/cutOff")).isEqualTo("14:00");
        String versions = hub.admin().get("/v1/configuration/versions?limit=1").text();
        assertThat(versions).contains("\"ada\"", "\"a test\"", "node cut: calendar.cutOff 15:00 → 14:00");
    }

    @Test
    void everyRefusalOfTheServerNamesItsFileAndLine() throws IOException {
        Path nodes = write("a/nodes.yaml", """
                # a comment
                nodes:
                  - code: ok
                    type: store
                  - code: bad
                    type: shop
                    color: red
                    calendar:
                      zone: Mars/Base
                      cutOff: 15:00
                      holidays:
                        - 2026-12-25
                        - someday
                  - type: store
                    code: no-hour
                    calendar: {zone: UTC}
                """);
        Path channels = write("b.yml", """
                channels:
                  - {code: web-2, currency: EUR, flow: teleport}
                  - code: no-currency
                items:
                  - sku: 4711
                  - sku: fine
                    price: 3
                """);

        Run run = apply();

        refused(run, nodes, 6, "nodes[1].type: ");
        refused(run, nodes, 7, "nodes[1].color: there is no field named \"color\"");
        refused(run, nodes, 9, "nodes[1].calendar.zone: it is not a time zone");
        refused(run, nodes, 13, "nodes[1].calendar.holidays[1]: it is not a day");
        refused(run, nodes, 16, "nodes[2].calendar.cutOff: \"cutOff\" is missing");
        refused(run, channels, 2, "channels[0].flow: there is no flow for orders of this name");
        refused(run, channels, 3, "channels[1].currency: \"currency\" is missing");
        refused(run, channels, 5, "items[0].sku: it is a whole number; a string is wanted");
        refused(run, channels, 7, "items[1].price: there is no field named");
        assertThat(run.complaints()).hasSize(10);
        assertThat(run.out()).isEmpty();
        assertThat(hub.admin().get("/v1/nodes/ok").status()).isEqualTo(404);
    }

    @Test
    void ofVeryManyProblemsTheFirstAreListedAndTheOthersCounted() throws IOException {
        StringBuilder items = new StringBuilder("items:\n");
        for (int i = 0; i < 250; i++) {
            items.append("  - {sku: a-%d, price: 1}\n".formatted(i));
        }
        write("items.yaml", items.toString());

        Run run = plan();

        assertThat(run.complaints()).hasSize(202).endsWith("and 50 more", "tutti: refused, nothing was changed");
    }

    @Test
    void aTerminalIsNotObeyed() throws IOException {
        write("items.yaml", "items:\n  - sku: \"red \\e[31m\"\n");

        assertThat(plan().out()).contains("item red \uFFFD[31m");
    }

    @Test
    void aCodeThatIsInTwoFilesIsNamedWithBothPlaces() throws IOException {
        Path first = write("1.yaml", "nodes:\n  - {code: twin, type: store}\n");
        Path second = write("2.yaml", "items:\n  - sku: twin\nnodes:\n\n  - {code: twin, type: supplier}\n");

        refused(plan(), second, 5, "nodes[0].code: node twin is also in " + first + ":2");
    }

    @Test
    void whatIsWrongInTheFilesAndWhatIsWrongForTheServerIsToldTogether() throws IOException {
        Path tabs = write("a.yaml", "nodes:\n\t- code: x\n");
        Path flow = write("b.yaml", "channels:\n  - {code: c, currency: EUR, flow: none}\npolicies: []\n");

        Run run = apply();

        refused(run, tabs, 2, "YAML is indented with spaces, never with tabs");
        refused(run, flow, 2, "channels[0].flow: there is no flow for orders of this name");
        refused(run, flow, 3, "there is no field named \"policies\"");
    }

    @Test
    void whatIsNotYamlAsItIsReadHereIsRefusedWithItsLine() throws IOException {
        String[][] cases = {
            {"nodes:\n  - code: \"A", "2", "it ends in the middle"},
            {"nodes: [{code: A", "1", "it ends in the middle"},
            {"nodes:\n  - &a {code: A, type: store}\n", "2", "anchors and aliases"},
            {"nodes:\n  - code: A\n    <<: *a\n", "3", "anchors and aliases"},
            {"items:\n  - sku: !!str 5\n", "2", "tags"},
            {"nodes: " + "[".repeat(10_000), "1", "nested too deep"},
            {"nodes:\n  - code: A\n   type: store\n", "3", "indented otherwise"},
            {"nodes:\n  - code: A\n    legalEntity: a: b\n", "3", "a colon too many"},
            {"nodes:\n  - code: @A\n", "2", "must stand in quotes"},
            {"nodes: []\nnodes: []\n", "2", "this field is there twice"},
            {"nodes:\n  - {code: A, type: store, code: B}\n", "2", "this field is there twice"},
            {"nodes: []\n---\nnodes: []\n", "3", "something follows the end"},
            {"nodes: A\n", "1", "it is a string; an array is wanted"},
            {"- code: A\n", "1", "it is an array; an object is wanted"},
            {"just words\n", "1", "it is a string; an object is wanted"},
            {
                "node:\n  - code: A\n",
                "2",
                "there is no field named \"node\"; there are flows, destinations, subscriptions, nodes, channels, ringFences, carrierServices and items"
            },
            {"nodes: \u0000\n", "1", "control character"},
        };
        for (String[] wrong : cases) {
            Path file = write("wrong.yaml", wrong[0]);
            refused(plan(), file, Integer.parseInt(wrong[1]), wrong[2]);
        }
    }

    @Test
    void aFileMustBeUtf8AndMayBeginWithAByteOrderMark() throws IOException {
        Path latin = directory.resolve("latin.yaml");
        Files.write(latin, "nodes:\n  - code: koeln\n    legalEntity: Köln\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(plan(), latin, 3, "this is not UTF-8");
        Files.write(latin, "nodes: []\n".getBytes(StandardCharsets.UTF_16));
        refused(plan(), latin, 1, "this is not UTF-8");
        Files.delete(latin);

        write("mark.yaml", "\uFEFFitems:\n  - {sku: marked, description: Köln}\n");
        assertThat(apply().code()).isZero();
        assertThat(hub.admin().get("/v1/items/marked").text("description")).isEqualTo("Köln");
    }

    @Test
    void anEmptyFileAndADirectoryWithoutFilesAreRefused() throws IOException {
        assertThat(plan().err()).contains("there is no *.yaml or *.yml in " + directory);
        assertThat(plan().code()).isEqualTo(2);
        assertThat(run("plan", directory.resolve("none")).err()).contains("is not a directory");

        Path empty = write("empty.yaml", " \n");
        refused(plan(), empty, 0, "there is nothing in it");
        Path comment = write("empty.yaml", "# nothing yet\n");
        refused(plan(), comment, 0, "there is nothing in it");
    }

    @Test
    void aFileOfAHundredMegabytesIsRefusedUnread() throws IOException {
        Path large = directory.resolve("large.yaml");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(100 << 20);
        }

        refused(plan(), large, 0, "it has 100 MB; at most 64 are read");
    }

    @Test
    void filesThatAreTooMuchTogetherAreRefused() throws IOException {
        String description = "x".repeat(1_900);
        for (int f = 0; f < 3; f++) {
            StringBuilder items = new StringBuilder("items:\n");
            for (int i = 0; i < 13_000; i++) {
                items.append("  - {sku: too-much-%d-%d, description: %s}\n".formatted(f, i, description));
            }
            write(f + ".yaml", items.toString());
        }

        Run run = plan();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("are more than a server takes at once");
    }

    @Test
    void aLinkIsFollowedOnlyToAFileWithinTheDirectory(@TempDir Path elsewhere) throws IOException {
        Path secret = Files.writeString(elsewhere.resolve("x.yaml"), "items:\n  - sku: from-elsewhere\n");
        // as a mounted ConfigMap has it
        write("..2026/items.yaml", "items:\n  - sku: linked\n");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(directory.resolve("items.yaml"), Path.of("..data", "items.yaml"));
        Run within = plan();
        assertThat(within.code()).as(within.err()).isZero();
        assertThat(within.out()).contains("item linked");
        Path named = Files.createSymbolicLink(elsewhere.resolve("current"), directory);
        assertThat(run("plan", named).out()).contains("item linked");

        Path out = Files.createSymbolicLink(directory.resolve("out.yaml"), secret);
        Path nothing = Files.createSymbolicLink(directory.resolve("nothing.yml"), Path.of("gone.yml"));
        Path whole = Files.createSymbolicLink(directory.resolve("whole"), elsewhere);
        Run run = plan();
        refused(run, out, 0, "it is a link that leads out of the directory");
        refused(run, nothing, 0, "it is a link to nothing");
        refused(run, whole, 0, "it is a link to a directory");
        assertThat(run.err()).doesNotContain("from-elsewhere");
    }

    @Test
    void whatIsNotYamlByItsNameAndWhatIsHiddenIsNotRead() throws IOException {
        write("README.md", "\t");
        write(".hidden.yaml", "\t");
        write(".git/config.yaml", "\t");
        write("sub/sub/items.YAML", "items:\n  - sku: deep-down\n");

        Run plan = plan();

        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("item deep-down");
    }

    @Test
    void onlyTheVersionThatWasReviewedIsChanged() throws IOException {
        write("items.yaml", "items:\n  - sku: reviewed-1\n");
        long first = version(apply());
        write("items.yaml", "items:\n  - sku: reviewed-2\n");
        assertThat(plan().out()).startsWith("against version " + first + "\n");

        Run late = apply("--if-version", Long.toString(first - 1));
        Run inTime = apply("--if-version", Long.toString(first));

        assertThat(late.code()).isEqualTo(2);
        assertThat(late.err()).contains("the newest version is " + first + ", not " + (first - 1));
        assertThat(version(inTime)).isEqualTo(first + 1);
    }

    @Test
    void aClosedNodeWithOpenWorkIsSaidInThePlan() throws IOException {
        write("all.yaml", """
                nodes: [{code: closing, type: store}]
                channels: [{code: closing-shop, currency: EUR}]
                items: [{sku: closing-item}]
                """);
        apply();
        hub.withStock("closing-item", "closing", 5);
        hub.admin().json("POST", "/v1/orders", """
                {"channel":"closing-shop","externalId":"1","currency":"EUR","shipTo":{"country":"GB"},
                 "lines":[{"sku":"closing-item","quantity":1,"unitPrice":100}]}
                """);
        write("all.yaml", "nodes: [{code: closing, type: store, active: false}]\n");

        assertThat(plan().out())
                .contains(
                        "what follows\n  1 open fulfilment order is at closing, which would be closed; it stays there");
    }

    @Test
    void theCommandLineIsChecked() throws IOException {
        write("items.yaml", "items: []\n");
        Map<String, String> none = Map.of();
        String dir = directory.toString();
        String[][] cases = {
            {"say plan or apply"},
            {"say plan or apply", "plan"},
            {"one directory", "plan", dir, dir, "--key", "k"},
            {"--format is svg or mermaid", "--key", "k", "--format", "png", "draw", "ship"},
            {"say which flow", "draw"},
            {"say which flow", "draw", "ship", "return", "--key", "k"},
            {"wants an address", "draw", "ship", "--key", "k", "--server", "127.0.0.1:8080"},
            {"give a key", "draw", "ship"},
            {"apply wants a --reason", "apply", "--key", "k", dir},
            {"apply wants a --reason", "--key", "k", "apply", dir},
            {"not destroy", "destroy", dir},
            {"give a key", "plan", dir},
            {"this is no key", "plan", dir, "--key", "a b"},
            {"needs a value", "plan", dir, "--key"},
            {"no option --kee", "plan", dir, "--kee", "x"},
            {"wants an address", "plan", dir, "--key", "k", "--server", "localhost:8080"},
            {"wants a version's number", "plan", dir, "--key", "k", "--if-version", "0"},
            {"apply wants a --reason", "apply", dir, "--key", "k"},
            {"say who you are", "plan", dir, "--key", "k", "--author", " "},
        };
        for (String[] wrong : cases) {
            Run run = run(none, java.util.Arrays.copyOfRange(wrong, 1, wrong.length));
            assertThat(run.err()).contains(wrong[0]);
            assertThat(run.code()).isEqualTo(2);
        }
        assertThat(run(none, "--help").out()).startsWith("usage: ./tutti config plan DIR");
    }

    @Test
    void aServerThatRefusesTheKeyOrDoesNotAnswerIsSaid() throws IOException {
        write("items.yaml", "items:\n  - sku: nobody\n");
        String server = "http://127.0.0.1:" + hub.server().port();
        Http viewer = hub.key("viewer", "[\"*\"]", "[\"*\"]");

        Run wrongKey = run(Map.of(), "plan", directory.toString(), "--server", server + "/", "--key", "tutti_x");
        Run noRight = run(Map.of(), "plan", directory.toString(), "--server", server, "--key", viewer.key());
        Run nobody = run(Map.of(), "plan", directory.toString(), "--server", "http://127.0.0.1:1", "--key", "k");

        assertThat(wrongKey.err()).contains("send a valid key");
        assertThat(wrongKey.code()).isEqualTo(2);
        assertThat(noRight.err()).contains("the role viewer has no right to configuration.plan");
        assertThat(noRight.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("no server answers at http://127.0.0.1:1");
        assertThat(nobody.code()).isEqualTo(1);
        Run nothingDrawn = run(Map.of(), "draw", "ship", "--server", "http://127.0.0.1:1", "--key", "k");
        assertThat(nothingDrawn.err()).contains("no server answers at http://127.0.0.1:1");
        assertThat(nothingDrawn.code()).isEqualTo(1);
    }

    @Test
    void aHundredThousandItemsInFilesAreApplied() throws IOException {
        for (int f = 0; f < 10; f++) {
            StringBuilder items = new StringBuilder("items:\n");
            for (int i = 0; i < 10_000; i++) {
                items.append("  - sku: file-%d-%d\n    description: \"one of many\"\n".formatted(f, i));
            }
            write("items/" + f + ".yaml", items.toString());
        }

        long started = System.nanoTime();
        Run applied = apply();
        System.err.printf("100,000 items from files: applied in %.1f s%n", (System.nanoTime() - started) / 1e9);

        assertThat(applied.out()).contains("and 99000 more that are new or changed", "items: 100000 new");
        version(applied);
    }

    /** Whatever single byte of a file is changed, it is read or refused with its line; nothing is thrown. */
    @Test
    void noChangeOfASingleByteUpsetsTheReader() throws IOException {
        byte[] good = Files.readAllBytes(Path.of("..", "examples", "small", "network.yaml"));
        byte[] changes = {0, '"', '{', '}', '[', ',', '-', ' ', '\t', '\n', ':', '&', '*', '!', '\'', '%', (byte) 0xC3};
        Path file = directory.resolve("network.yaml");
        for (int at = 0; at < good.length; at += Boolean.getBoolean("tutti.deep") ? 1 : 23) {
            for (byte change : changes) {
                byte[] bytes = good.clone();
                bytes[at] = change;
                Files.write(file, bytes);
                assertThat(plan().code()).as("byte %d at %d", change, at).isIn(0, 2);
            }
        }
    }

    @Test
    void aFlowIsDrawnFromTheServerOrFromFiles() throws IOException {
        write(
                "flows.yaml",
                "flows:\n  - code: short\n    steps:\n      - {code: drop, do: cancel, edges: [{on: done, to: end}]}\n"
                        + "      - {code: end, do: close}\n");

        Map<String, String> key = Map.of("TUTTI_KEY", hub.adminKey());
        String server = "http://127.0.0.1:" + hub.port();
        Run drawn = run(Map.of(), "draw", "short", "--files", directory.toString());
        Run live = run(key, "draw", "ship", "--format", "svg", "--server", server);
        Run none = run(key, "draw", "none", "--server", server);

        assertThat(drawn.out()).startsWith("flowchart TD").contains("s0 -->|\"done\"| s1");
        assertThat(live.out()).startsWith("<svg").contains(">park-again<");
        Run between = run(key, "--format", "mermaid", "draw", "--server", server, "--format", "svg", "ship");
        assertThat(between.out()).as("what is said last counts").isEqualTo(live.out());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("there is no flow none");
        assertThat(run(Map.of(), "draw", "none", "--files", directory.toString())
                        .err())
                .contains("there are [short]");
        Run nowhere = run(Map.of(), "draw", "none", "--files", directory + "/nosuch");
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("nosuch is not a directory");
    }
}
