package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory of one embedded database and what lies in it. */
record Home(Path directory) {
    /**
     * Makes the directory if need be. What root makes here may be passed through by the account the server runs as; what
     * anybody else makes is private. Directories that were there before are left as they are.
     */
    static Home at(Path directory) throws IOException {
        Path wanted = directory.toAbsolutePath().normalize();
        makeWithParents(wanted);
        Path real = wanted.toRealPath();
        if (!Files.isWritable(real)) {
            throw new EmbeddedPostgresException(
                    "The directory %s of the embedded database is not writable for user %s. Choose another directory or change its owner."
                            .formatted(real, System.getProperty("user.name")));
        }
        return new Home(real);
    }

    static void makeWithParents(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeWithParents(parent);
        }
        var mode = PosixFilePermissions.fromString(Account.iAmRoot() ? "rwxr-xr-x" : "rwx------");
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, mode); // whatever the umask says
        } catch (IOException e) {
            if (!Files.isDirectory(directory)) { // else another process made it just now
                throw new EmbeddedPostgresException(
                        "The directory %s cannot be created (%s). Choose another directory or change the permissions of %s."
                                .formatted(directory, Failure.reason(e), parent),
                        e);
            }
        }
    }

    Path data() {
        return directory.resolve("data");
    }

    Path lock() {
        return directory.resolve("tutti.lock");
    }

    Path configuration() {
        return directory.resolve("postgresql.conf");
    }

    ServerLog log() {
        return new ServerLog(directory.resolve("server.log"));
    }

    Password password() {
        return new Password(directory.resolve("password"));
    }
}
