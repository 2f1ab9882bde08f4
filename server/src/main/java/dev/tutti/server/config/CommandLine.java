package dev.tutti.server.config;

import java.util.ArrayList;
import java.util.List;

/** What a command is told: words, and options with a value each, in any order. */
record CommandLine(List<String> words, List<Option> options) {
    /** @param name with its dashes */
    record Option(String name, String value) {}

    static CommandLine of(String... arguments) {
        List<String> words = new ArrayList<>();
        List<Option> options = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (!arguments[i].startsWith("--")) {
                words.add(arguments[i]);
            } else if (i + 1 == arguments.length) {
                throw new Options.Wrong(arguments[i] + " needs a value, or is no option");
            } else {
                options.add(new Option(arguments[i], arguments[++i]));
            }
        }
        return new CommandLine(words, options);
    }

    /** The address of a server, as an option says it. */
    static String address(String value) {
        if (!value.matches("https?://[^/?#\\s]+/*")) {
            throw new Options.Wrong("--server wants an address like http://127.0.0.1:8080");
        }
        return value.replaceFirst("/+$", "");
    }
}
