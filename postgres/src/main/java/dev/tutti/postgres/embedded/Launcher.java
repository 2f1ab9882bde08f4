package dev.tutti.postgres.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the command line of a child: another account where this process is root, a session of its own so that Ctrl-C in
 * the terminal reaches Tutti alone, which then ends its work before it ends the database, and a signal from the kernel
 * when the thread that started the child dies.
 */
final class Launcher {
    private static final @Nullable String SETPRIV = capableSetpriv();
    private static final @Nullable String SETSID = find("setsid");

    private Launcher() {}

    /** A short-lived child that needs no guarding. */
    static ProcessBuilder helper(Account account, List<String> command) {
        return child(account, List.of(), command);
    }

    /** The server. It dies with the calling thread if the kernel can see to that, else a watchdog must. */
    static ProcessBuilder server(Account account, List<String> command, boolean dieWithThread) {
        var prefix = new ArrayList<String>();
        if (dieWithThread) {
            prefix.add("--pdeathsig");
            prefix.add("INT");
        }
        ProcessBuilder child = child(account, prefix, command);
        if (SETSID != null) {
            child.command().addFirst(SETSID);
        }
        return child;
    }

    static boolean kernelSignalsDeath() {
        return SETPRIV != null;
    }

    private static ProcessBuilder child(Account account, List<String> privileges, List<String> command) {
        var line = new ArrayList<String>();
        var options = new ArrayList<>(privileges);
        if (account.borrowed()) {
            if (SETPRIV == null) {
                throw new EmbeddedPostgresException(
                        "PostgreSQL does not run as root, and the program setpriv (package util-linux; setpriv on Alpine) that would run it as another account is missing. Install it, or start Tutti as an ordinary user.");
            }
            options.addAll(List.of("--reuid", Integer.toString(account.uid())));
            options.addAll(List.of("--regid", Integer.toString(account.gid())));
            options.add("--clear-groups");
        }
        if (SETPRIV != null && !options.isEmpty()) {
            line.add(SETPRIV);
            line.addAll(options);
        }
        line.addAll(command);
        var builder = new ProcessBuilder(line).directory(new File("/")); // ours may be closed to the other account
        builder.environment().clear(); // PGPORT, PGDATA and the like are the user's, not the server's
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /** BusyBox has a setpriv too, but it knows neither accounts nor death signals. */
    private static @Nullable String capableSetpriv() {
        String setpriv = find("setpriv");
        if (setpriv == null) {
            return null;
        }
        try {
            Process help = new ProcessBuilder(setpriv, "--help")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.contains("--pdeathsig") && text.contains("--reuid") ? setpriv : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin";
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }
}
