package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a directory tells those who find it locked: where its server listens. It is believed only while the
 * lock is held and the owner it names lives; after that it remembers the port, so that addresses stay good.
 */
record ServerFile(State state, long owner, long postmaster, int port) {
    enum State {
        RUNNING,
        STOPPED
    }

    private static final String NAME = "server.properties";

    static ServerFile running(long postmaster, int port) {
        return new ServerFile(State.RUNNING, ProcessHandle.current().pid(), postmaster, port);
    }

    boolean isRunning() {
        return state == State.RUNNING && ProcessHandle.of(owner).isPresent();
    }

    ServerFile stopped() {
        return new ServerFile(State.STOPPED, owner, postmaster, port);
    }

    static @Nullable ServerFile read(Home home) throws IOException {
        var values = new Properties();
        try {
            values.load(new StringReader(Files.readString(path(home))));
            return new ServerFile(
                    State.valueOf(values.getProperty("state", "")),
                    Long.parseLong(values.getProperty("owner.pid")),
                    Long.parseLong(values.getProperty("postmaster.pid")),
                    Integer.parseInt(values.getProperty("port")));
        } catch (NoSuchFileException | IllegalArgumentException e) {
            return null; // no server ran here, or somebody edited the file: it is only a memory
        }
    }

    void write(Home home) throws IOException {
        String text = """
                state=%s
                owner.pid=%d
                postmaster.pid=%d
                port=%d
                """.formatted(state, owner, postmaster, port);
        Path written = home.directory().resolve(NAME + ".new");
        Files.writeString(written, text);
        Files.move(written, path(home), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path path(Home home) {
        return home.directory().resolve(NAME);
    }
}
