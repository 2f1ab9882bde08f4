package dev.tutti.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What is written now and read once, later: in memory while it is little, then in a file that goes with it. */
public final class Spool extends OutputStream {
    private static final int IN_MEMORY = 64 << 10;
    /** More than answers to any file that is worth sending. */
    private static final long MOST_BYTES = 1L << 30;

    private final byte[] buffer = new byte[IN_MEMORY];
    private int buffered;
    private long spilt;
    private @Nullable FileChannel file;

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    /** @throws IOException if it becomes larger than a spool may be, or the disk is full */
    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (length > buffer.length - buffered) {
            spill();
        }
        if (length > buffer.length) {
            overflow().write(bytes, from, length);
            spilt += length;
        } else {
            System.arraycopy(bytes, from, buffer, buffered, length);
            buffered += length;
        }
    }

    private void spill() throws IOException {
        spilt += buffered;
        if (spilt > MOST_BYTES) {
            throw new IOException("more than " + MOST_BYTES + " bytes wait to be read");
        }
        overflow().write(buffer, 0, buffered);
        buffered = 0;
    }

    private OutputStream overflow() throws IOException {
        if (file == null) {
            // Where it can be, the file has no name from here on: whatever happens, nothing of it is left.
            Path made = Files.createTempFile("tutti-spool-", "");
            try {
                file = FileChannel.open(
                        made, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            } catch (IOException e) {
                Files.delete(made);
                throw e;
            }
        }
        return Channels.newOutputStream(file);
    }

    /** Hands over all that was written. */
    public void transferTo(OutputStream out) throws IOException {
        if (file != null) {
            Channels.newInputStream(file.position(0)).transferTo(out);
        }
        out.write(buffer, 0, buffered);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
