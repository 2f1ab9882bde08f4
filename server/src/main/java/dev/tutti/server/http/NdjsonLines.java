package dev.tutti.server.http;

import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a body, one after the other; blank ones are counted and left out. Holds one line at a time. */
public final class NdjsonLines {
    private static final int MOST_BYTES_PER_LINE = 4 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[64 << 10];
    private int start;
    private int end;
    private int lineEnd;
    private boolean ended;
    private boolean tooLong;
    private int number;

    NdjsonLines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line that is not blank. */
    public boolean next() throws IOException {
        while (nextLine()) {
            if (tooLong || !isBlank()) {
                return true;
            }
        }
        return false;
    }

    private boolean nextLine() throws IOException {
        start = Math.min(lineEnd + (number == 0 ? 0 : 1), end);
        tooLong = false;
        int at = start;
        while (true) {
            for (; at < end; at++) {
                if (buffer[at] == '\n') {
                    lineEnd = at;
                    number++;
                    return true;
                }
            }
            if (ended) {
                lineEnd = end;
                number++;
                return start < end || tooLong;
            }
            at -= makeRoom();
            fill();
        }
    }

    /** @return by how much the line has moved */
    private int makeRoom() {
        int moved = start;
        System.arraycopy(buffer, start, buffer, 0, end - start);
        start = 0;
        end -= moved;
        if (end >= MOST_BYTES_PER_LINE) {
            tooLong = true;
            moved += end;
            end = 0;
        } else if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        return moved;
    }

    private void fill() throws IOException {
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
        } else {
            end += read;
        }
    }

    private boolean isBlank() {
        for (int i = start; i < lineEnd; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The line's number, from 1. */
    public int number() {
        return number;
    }

    /** The line, to be read before the next. */
    public JsonReader json() {
        if (tooLong) {
            throw new NotDone(
                    Problem.of(413, "content-too-large", "a line has at most " + MOST_BYTES_PER_LINE + " bytes"));
        }
        return new JsonReader(buffer, start, lineEnd - start, number);
    }
}
