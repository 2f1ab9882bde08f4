package dev.tutti.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command is told.
 *
 * @param ifVersion 0 for any
 * @param reason null if none is given
 */
record Options(
        Action action,
        Path directory,
        String server,
        String key,
        long ifVersion,
        String author,
        @Nullable String reason) {
    static final String HELP = """
            usage: ./tutti config plan DIR [options]
                   ./tutti config apply DIR --reason TEXT [options]
                   ./tutti config draw FLOW [--format svg|mermaid] [--files DIR]

            Flows, nodes, channels and items as the files *.yaml and *.yml of a directory say, on a running server. plan says
            what would be new, what would change and what follows; apply does it, as one version, or not at all. What
            the files do not name is left alone. draw prints a flow as a picture, with where its orders are; or, with
            --files, as the files say it, without a server.

              --server URL      where the server is (default http://127.0.0.1:8080)
              --key KEY         an administrator's key; better in the environment, as TUTTI_KEY
              --if-version N    only if N is the newest version, such as the one a plan was made against
              --author NAME     who makes the version (default: the name you are logged in under)
              --reason TEXT     why; apply wants it

            It ends with 0, also if there is nothing to do; with 2 if something is refused, and then nothing was
            changed; with 1 if the server cannot be reached or fails.
            """;

    enum Action {
        PLAN,
        APPLY;

        String path() {
            return "/v1/configuration/" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is wrong with a command line. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    static Options parse(CommandLine line, Map<String, String> environment) {
        String server = "http://127.0.0.1:8080";
        String key = environment.getOrDefault("TUTTI_KEY", "").strip();
        long ifVersion = 0;
        String author = System.getProperty("user.name", "");
        String reason = null;
        for (CommandLine.Option option : line.options()) {
            String value = option.value();
            switch (option.name()) {
                case "--server" -> server = CommandLine.address(value);
                case "--key" -> key = value.strip();
                case "--if-version" -> ifVersion = version(value);
                case "--author" -> author = value;
                case "--reason" -> reason = value;
                default -> throw new Wrong("there is no option " + option.name());
            }
        }
        List<String> words = line.words();
        if (words.size() != 2) {
            throw new Wrong("say plan or apply, and one directory; or draw, and a flow");
        }
        Action action = switch (words.getFirst()) {
            case "plan" -> Action.PLAN;
            case "apply" -> Action.APPLY;
            default -> throw new Wrong("say plan, apply or draw, not " + words.getFirst());
        };
        if (!key.matches("[!-~]+")) {
            throw new Wrong(key.isEmpty() ? "give a key, in TUTTI_KEY or with --key" : "this is no key");
        }
        if (author.isBlank()) {
            throw new Wrong("say who you are, with --author");
        }
        if (action == Action.APPLY && (reason == null || reason.isBlank())) {
            throw new Wrong("apply wants a --reason");
        }
        return new Options(action, Path.of(words.get(1)), server, key, ifVersion, author, reason);
    }

    private static long version(String value) {
        if (!value.matches("[1-9][0-9]{0,17}")) {
            throw new Wrong("--if-version wants a version's number, not " + value);
        }
        return Long.parseLong(value);
    }
}
