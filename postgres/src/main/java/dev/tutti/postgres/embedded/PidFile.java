package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own {@code postmaster.pid}: the process id in line 1, the state in line 8, which is the earliest and
 * cheapest sign that connections are accepted.
 */
record PidFile(long pid, boolean ready) {
    private static final int STATUS_LINE = 7;

    static @Nullable PidFile read(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(path(data));
            long pid = Long.parseLong(lines.getFirst().strip());
            boolean ready =
                    lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
            return new PidFile(pid, ready);
        } catch (NoSuchFileException | NumberFormatException | NoSuchElementException e) {
            return null; // absent, or just being written
        }
    }

    /** A process of that id may live and be another one: after a reboot ids are dealt out anew. */
    boolean isPostmasterOf(Path data) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .map(arguments -> Arrays.asList(arguments).contains(data.toString()))
                .orElse(false);
    }

    /**
     * PostgreSQL refuses to start while a process with the id in its file lives, though it be a stranger, except where
     * that is its own parent. So the parent, this process, takes the stranger's place. Deleting the file would help too,
     * but it also holds the key of the shared memory by which PostgreSQL notices orphaned backends.
     */
    static void replaceStranger(Path data) throws IOException {
        Path file = path(data);
        var lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static Path path(Path data) {
        return data.resolve("postmaster.pid");
    }
}
