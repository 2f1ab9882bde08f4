package dev.tutti.postgres.embedded;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The server's log. It writes into the file itself, by an inherited descriptor, and so goes on writing when Tutti is
 * dead. The descriptor appends, hence the file can be emptied in place: one old copy is kept.
 */
record ServerLog(Path file) {
    private static final long LIMIT = 10L << 20;
    private static final int TAIL = 16 << 10;

    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    void rotate() throws IOException {
        if (size() < LIMIT) {
            return;
        }
        try (var channel = FileChannel.open(file, WRITE)) {
            Files.copy(file, file.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
            channel.truncate(0);
        }
    }

    /** What was written since the given size, or the end of it. */
    String since(long size) throws IOException {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            long length = log.length();
            long from = Math.max(size <= length ? size : 0, length - TAIL);
            byte[] bytes = new byte[(int) (length - from)];
            log.seek(from);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        }
    }
}
