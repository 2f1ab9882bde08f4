package dev.tutti.server.demo;

import dev.tutti.server.events.KafkaTopic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker of Kafka in a process of its own, as long as the demo runs. */
final class BrokerProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("answers on (\\S+)");

    private final Process process;
    private final String address;

    private BrokerProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static BrokerProcess start(Path data) {
        try {
            String command =
                    Path.of(System.getProperty("tutti.home", "."), "tutti").toString();
            Process process = new ProcessBuilder(List.of(command, "broker", data.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher answers = ADDRESS.matcher(line);
                if (answers.find()) {
                    Thread.ofVirtual().start(() -> lines.lines().forEach(ignored -> {}));
                    return new BrokerProcess(process, answers.group(1));
                }
            }
            throw new IllegalStateException("the broker ended before it answered");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return address;
    }

    KafkaTopic topic(String name) {
        return new KafkaTopic(List.of(address), name);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
