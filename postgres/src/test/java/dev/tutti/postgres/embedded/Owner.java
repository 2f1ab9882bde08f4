package dev.tutti.postgres.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@link OwnerMain} in a JVM of its own, to be killed. */
final class Owner implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private long postmaster;
    private long acknowledged;

    private Owner(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    static Owner of(Path directory, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OwnerMain.class.getName(),
                directory.toString()));
        command.addAll(Arrays.asList(more));
        return new Owner(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    Owner awaitRows(int rows) throws IOException {
        while (acknowledged < rows) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the owner ended early");
            }
            note(line);
        }
        return this;
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("pid")) {
            postmaster = Long.parseLong(words[1]);
        } else if (words[0].equals("row")) {
            acknowledged = Long.parseLong(words[1]);
        }
    }

    /** Kills without a chance to clean up; returns the last number that was acknowledged before. */
    long kill() throws IOException {
        process.toHandle().destroyForcibly(); // unlike the process, its handle leaves the output open
        process.onExit().join();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.matches(
                    "row \\d+")) { // the last line may be cut; a cut number would be smaller, which is harmless
                note(line);
            }
        }
        return acknowledged;
    }

    /** As the system does when it shuts down: SIGTERM. */
    void terminate() {
        process.destroy();
        process.onExit().join();
    }

    /** For an owner that is expected to give up; returns its exit code. */
    int waitForEnd() throws InterruptedException {
        return process.waitFor();
    }

    Process process() {
        return process;
    }

    /** Takes a moment if all is well; the limit only keeps a failure from looking like a standstill. */
    static void awaitEnd(ProcessHandle process) {
        process.onExit().orTimeout(2, TimeUnit.MINUTES).join();
    }

    long postmaster() {
        return postmaster;
    }

    Optional<ProcessHandle> postmasterProcess() {
        return ProcessHandle.of(postmaster);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        postmasterProcess().ifPresent(server -> {
            server.destroy(); // has nothing to do unless the test failed
            awaitEnd(server);
        });
    }
}
