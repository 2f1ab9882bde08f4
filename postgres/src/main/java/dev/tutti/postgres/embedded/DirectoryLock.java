package dev.tutti.postgres.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Held by the owner of a directory for as long as it lives. The kernel takes it back when the process ends, however it
 * ends, so whoever gets it knows that the former owner is dead: nothing is guessed from process ids.
 *
 * <p>Within this process a set of directories stands in front: closing any channel on a file gives up all locks that the
 * process has on it, so a second attempt must not even open the file.
 */
final class DirectoryLock implements AutoCloseable {
    private static final Set<Path> HELD_BY_THIS_PROCESS = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Waits for an owner that is starting or stopping; refuses at once where it is running. */
    static DirectoryLock acquire(Home home, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            DirectoryLock lock = tryAcquire(home.lock());
            if (lock != null) {
                return lock;
            }
            ServerFile server = ServerFile.read(home);
            if (server != null && server.isRunning()) {
                throw new AlreadyRunningException(home.directory(), server, home.password());
            }
            if (System.nanoTime() > deadline) {
                throw new EmbeddedPostgresException(
                        "Another Tutti server has been starting or stopping on %s for %d s. Try again, or end that process."
                                .formatted(home.directory(), patience.toSeconds()));
            }
            Thread.sleep(20);
        }
    }

    private static @Nullable DirectoryLock tryAcquire(Path file) throws IOException {
        synchronized (HELD_BY_THIS_PROCESS) {
            if (HELD_BY_THIS_PROCESS.contains(file)) {
                return null;
            }
            var channel = FileChannel.open(file, CREATE, WRITE);
            boolean locked = false;
            try {
                locked = channel.tryLock() != null;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            if (!locked) {
                return null;
            }
            HELD_BY_THIS_PROCESS.add(file);
            return new DirectoryLock(file, channel);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD_BY_THIS_PROCESS) {
            if (channel.isOpen()) {
                HELD_BY_THIS_PROCESS.remove(file);
                channel.close();
            }
        }
    }
}
