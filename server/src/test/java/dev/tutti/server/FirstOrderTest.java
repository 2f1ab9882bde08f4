package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour of docs/how-to/first-order.md, typed as it stands there; what is said of an answer must be in it. */
class FirstOrderTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```\\n(.*?)(?=```|\\z)", Pattern.DOTALL);
    private static final Pattern CLAIM = Pattern.compile("`(\"[^`]+)`");

    @TempDir
    Path directory;

    @Test
    void everyCommandWorksAndAnswersWhatIsSaid() throws IOException, InterruptedException {
        assumeThat(runs("curl", "--version")).as("curl is there").isTrue();
        String text = Files.readString(Path.of("..", "docs", "how-to", "first-order.md"));
        List<List<String>> claims = new ArrayList<>();
        StringBuilder script = new StringBuilder("set -euo pipefail\nshopt -s expand_aliases\n");
        try (TestHub hub = TestHub.start()) {
            Matcher blocks = BLOCK.matcher(text);
            while (blocks.find()) {
                String commands = blocks.group(1)
                        .replace(
                                "http://127.0.0.1:8080",
                                "http://127.0.0.1:" + hub.server().port())
                        .replace(
                                "data/admin.key", directory.resolve("admin.key").toString());
                script.append("echo '=== ").append(claims.size()).append("'\n").append(commands);
                claims.add(CLAIM.matcher(blocks.group(2))
                        .results()
                        .map(claim -> claim.group(1))
                        .toList());
            }
            Files.writeString(directory.resolve("admin.key"), hub.adminKey());
            Files.writeString(directory.resolve("tour.sh"), script);

            String output = output("bash", directory.resolve("tour.sh").toString());

            String[] answers = output.split("=== [0-9]+\n", -1);
            assertThat(answers).as(output).hasSize(claims.size() + 1);
            for (int block = 0; block < claims.size(); block++) {
                for (String claim : claims.get(block)) {
                    assertThat(answers[block + 1]).contains(claim);
                }
            }
            assertThat(claims.stream().mapToInt(List::size).sum()).isGreaterThan(8);
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String output(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        String text = Files.readString(output);
        assertThat(ended && process.exitValue() == 0).as(text).isTrue();
        return text;
    }
}
