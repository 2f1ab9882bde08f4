package dev.tutti.server.demo;

import java.nio.file.Path;

/**
 * What the demo is told when it is started.
 *
 * @param data the demo's own directory
 * @param port 0 for any that is free
 * @param rate orders a second
 * @param pace how many times faster than usual people work
 * @param stores how many of the retailer's stores there are
 * @param items how many items it sells
 * @param kafka whether there is a broker of Kafka as well
 */
record DemoOptions(Path data, int port, double rate, double pace, int stores, int items, boolean kafka) {
    static final String HELP = """
            usage: ./tutti demo [options]

              --data DIR     an empty directory, or an earlier demo's, which goes on (default ./demo-data)
              --port N       where to listen (default: any free port; the demo says which)
              --rate R       orders a second (default 4)
              --pace FACTOR  people work so many times faster than usual (default 1)
              --kafka        with a broker of Kafka: events go to a topic, the marketplace's orders come from one
              --help         this text
            """;

    static final DemoOptions DEFAULT = new DemoOptions(Path.of("demo-data"), 0, 4, 1, 200, 2_000, false);

    /** What is wrong with a command line. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    static DemoOptions parse(String[] arguments) {
        DemoOptions options = DEFAULT;
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (name.equals("--kafka")) {
                options = new DemoOptions(
                        options.data, options.port, options.rate, options.pace, options.stores, options.items, true);
                i--;
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new Wrong(name + " needs a value, or is no option");
            }
            options = options.with(name, arguments[i + 1]);
        }
        return options;
    }

    private DemoOptions with(String name, String value) {
        return switch (name) {
            case "--data" -> new DemoOptions(Path.of(value), port, rate, pace, stores, items, kafka);
            case "--port" ->
                new DemoOptions(data, (int) number(name, value, 0, 65_535), rate, pace, stores, items, kafka);
            case "--rate" -> new DemoOptions(data, port, number(name, value, 0.01, 1_000), pace, stores, items, kafka);
            case "--pace" -> new DemoOptions(data, port, rate, number(name, value, 0.01, 100), stores, items, kafka);
            default -> throw new Wrong("there is no option " + name);
        };
    }

    private static double number(String name, String value, double least, double most) {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new Wrong(name + " wants a number, not " + value);
        }
        if (!(number >= least && number <= most)) {
            throw new Wrong(name + " is between " + plain(least) + " and " + plain(most));
        }
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
