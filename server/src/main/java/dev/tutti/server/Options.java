package dev.tutti.server;

import dev.tutti.server.events.KafkaTopic;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a server is told when it is started.
 *
 * @param data where the embedded database and the first key are kept
 * @param db the database to use instead of an embedded one, or null
 * @param port 0 for any that is free
 * @param workers rounds of the conveyor that run side by side
 * @param ordersFrom a topic that orders are taken from, or null
 */
public record Options(
        Path data,
        @Nullable String db,
        int port,
        int workers,
        @Nullable KafkaTopic ordersFrom) {
    static final String HELP = """
            usage: ./tutti run [options]

              --data DIR     where the embedded database lives (default ./data); kept between starts
              --db URL       use this database instead: jdbc:postgresql://host:port/name?user=…&password=…
                             so any number of servers share one database
              --port N       where to listen (default 8080; 0 takes a free one and says which)
              --workers N    rounds of the conveyor that run side by side (default 2)
              --orders-from URL
                             take orders from a topic: kafka://host:port/name, with more hosts separated by commas
              --help         this text
            """;

    /** What is wrong with a command line. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    static final Options DEFAULT = new Options(Path.of("data"), null, 8080, 2, null);

    static Options parse(String[] arguments) {
        Options options = DEFAULT;
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new Wrong(name + " needs a value, or is no option");
            }
            options = options.with(name, arguments[i + 1]);
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--data" -> new Options(Path.of(value), db, port, workers, ordersFrom);
            case "--db" -> {
                if (!value.startsWith("jdbc:postgresql:")) {
                    throw new Wrong("--db wants an address like jdbc:postgresql://host:5432/tutti?user=…&password=…");
                }
                yield new Options(data, value, port, workers, ordersFrom);
            }
            case "--port" -> new Options(data, db, number(name, value, 0, 65_535), workers, ordersFrom);
            case "--workers" -> new Options(data, db, port, number(name, value, 1, 64), ordersFrom);
            case "--orders-from" -> {
                KafkaTopic topic = KafkaTopic.of(value);
                if (topic == null) {
                    throw new Wrong("--orders-from wants a topic like kafka://host:9092/orders");
                }
                yield new Options(data, db, port, workers, topic);
            }
            default -> throw new Wrong("there is no option " + name);
        };
    }

    private static int number(String name, String value, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new Wrong(name + " wants a number, not " + value);
        }
        if (number < least || number > most) {
            throw new Wrong(name + " is between " + least + " and " + most);
        }
        return number;
    }
}
