package dev.tutti.postgres.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which archives of binaries run on this machine, the best first. */
final class Platform {
    private Platform() {}

    static void requireSupport() {
        archives();
    }

    static List<String> archives() {
        return archives(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Files.exists(Path.of("/etc/alpine-release")));
    }

    static List<String> archives(String osName, String osArch, boolean alpine) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> osArch;
        };
        if (os.startsWith("linux")) {
            String archive = "postgres-linux-" + arch;
            return alpine ? List.of(archive + "-alpine_linux.txz") : List.of(archive + ".txz");
        }
        if (os.startsWith("mac")) {
            return List.of("postgres-darwin-" + arch + ".txz", "postgres-darwin-x86_64.txz");
        }
        throw new EmbeddedPostgresException(
                "The embedded PostgreSQL does not run on %s. Start with --db jdbc:postgresql://… and a PostgreSQL 18 of your own."
                        .formatted(osName));
    }
}
