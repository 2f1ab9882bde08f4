package dev.tutti.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/** {@code bench start}: from the start of the process to its first answer, on an empty directory and on its own earlier one. */
final class StartBenchmark {
    private static final int WARM_STARTS = 7;

    private StartBenchmark() {}

    static void run(Options options) throws Exception {
        Path directory = Files.createTempDirectory("tutti-start-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            new Line("start")
                    .with("start", "fresh")
                    .with("first_answer_ms", firstAnswer(directory))
                    .print();
            double[] warm = new double[WARM_STARTS];
            for (int i = 0; i < WARM_STARTS; i++) {
                warm[i] = firstAnswer(directory);
            }
            Arrays.sort(warm);
            new Line("start")
                    .with("start", "warm")
                    .with("first_answer_ms", warm[WARM_STARTS / 2])
                    .with("fastest_ms", warm[0])
                    .with("slowest_ms", warm[WARM_STARTS - 1])
                    .print();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static double firstAnswer(Path directory) throws Exception {
        long started = System.nanoTime();
        try (ServerProcess server = ServerProcess.startAsUser("--data", directory.toString());
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + server.port + "/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the first answer was " + answer.statusCode() + " " + answer.body());
            }
            return (System.nanoTime() - started) / 1e6;
        }
    }
}
