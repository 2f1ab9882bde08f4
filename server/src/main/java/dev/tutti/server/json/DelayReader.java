package dev.tutti.server.json;

import dev.tutti.flow.Delays;
import java.time.Duration;

/** Reads a length of time from a document. */
public final class DelayReader {
    private DelayReader() {}

    /** @param tooLong what is said of one that is longer than {@code longest} */
    public static Duration read(JsonReader in, Duration longest, String tooLong) {
        Duration read = Delays.read(in.nonEmptyText(10));
        if (read == null) {
            throw in.invalid("it is a time such as 90s, 30m, 12h or 30d");
        }
        if (read.compareTo(longest) > 0) {
            throw in.invalid(tooLong);
        }
        return read;
    }
}
