package dev.tutti.server.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replay is told when it is started.
 *
 * @param data where its embedded database lives; null means a directory named after the mapping
 * @param db the database to use instead, or null
 */
record Arguments(
        Path mapping,
        List<Path> files,
        boolean json,
        @Nullable Path data,
        @Nullable String db) {
    static final String HELP = """
            usage: ./tutti replay --mapping FILE [options] HISTORY…

              --mapping FILE  what the rows of the history mean (docs/how-to/replay-your-orders.md)
              --json          the report as one JSON object
              --data DIR      where the replay's own database lives (default ./replay-data/NAME OF THE MAPPING)
              --db URL        use this database instead: jdbc:postgresql://host:port/name?user=…&password=…

            The same files again change nothing and give the same report; a replay that was stopped goes on.
            """;

    /** What is wrong with a command line. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    static Arguments parse(String[] arguments) {
        Path mapping = null;
        List<Path> files = new ArrayList<>();
        boolean json = false;
        Path data = null;
        String db = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--json" -> json = true;
                case "--mapping" -> mapping = Path.of(value(arguments, i++));
                case "--data" -> data = Path.of(value(arguments, i++));
                case "--db" -> db = value(arguments, i++);
                default -> {
                    if (arguments[i].startsWith("--")) {
                        throw new Wrong("there is no option " + arguments[i]);
                    }
                    files.add(Path.of(arguments[i]));
                }
            }
        }
        if (mapping == null) {
            throw new Wrong("which mapping? --mapping FILE says what the rows mean");
        }
        if (files.isEmpty()) {
            throw new Wrong("which history? name one file or more");
        }
        if (data != null && db != null) {
            throw new Wrong("--data or --db, not both");
        }
        return new Arguments(mapping, files, json, data, db);
    }

    private static String value(String[] arguments, int at) {
        if (at + 1 == arguments.length) {
            throw new Wrong(arguments[at] + " needs a value");
        }
        return arguments[at + 1];
    }
}
