package dev.tutti.server.config;

import java.util.Comparator;

/**
 * What is wrong in the files, and where.
 *
 * @param file as the user would name it; empty if it is about no file
 * @param line counted from 1; 0 if it is about the whole
 * @param path within the file, such as {@code nodes[3].calendar.zone}
 */
record Fault(String file, int line, String path, String reason) {
    /** By file and line; what is about no file comes last. */
    static final Comparator<Fault> IN_ORDER = Comparator.comparing((Fault fault) -> fault.file.isEmpty())
            .thenComparing(Fault::file)
            .thenComparingInt(Fault::line);

    String words() {
        return (file.isEmpty() ? "" : file + ":")
                + (line == 0 ? "" : line + ":")
                + (file.isEmpty() ? "" : " ")
                + (path.isEmpty() ? "" : path + ": ")
                + reason;
    }
}
