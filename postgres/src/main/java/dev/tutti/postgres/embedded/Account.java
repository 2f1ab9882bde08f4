package dev.tutti.postgres.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whom the server runs as. PostgreSQL refuses root, so root lends it an unprivileged account: the one that owns the data
 * already, else {@code postgres}, else {@code nobody}. Everybody else runs it as themselves.
 */
record Account(int uid, int gid, boolean borrowed) {
    private static final List<String> PREFERRED = List.of("postgres", "nobody");
    private static final int OWNER_EXECUTES = 0100;
    private static final int GROUP_EXECUTES = 0010;
    private static final int OTHERS_EXECUTE = 0001;

    static boolean iAmRoot() {
        return new UnixSystem().getUid() == 0;
    }

    static Account forData(Path data) throws IOException {
        var me = new UnixSystem();
        boolean root = me.getUid() == 0;
        if (!Files.exists(data)) {
            return root ? unprivileged() : new Account((int) me.getUid(), (int) me.getGid(), false);
        }
        Account owner = ownerOf(data, root);
        if (owner.uid == 0) {
            throw new EmbeddedPostgresException(
                    "The data directory %s belongs to root, as whom PostgreSQL does not run. Give it to an unprivileged account: chown -R postgres %s"
                            .formatted(data, data));
        }
        if (!root && owner.uid != (int) me.getUid()) {
            throw new EmbeddedPostgresException(
                    "The data directory %s belongs to user %s. Start as that user or as root, or choose another directory."
                            .formatted(data, Files.getOwner(data).getName()));
        }
        return owner;
    }

    private static Account ownerOf(Path data, boolean borrowed) throws IOException {
        return new Account(attribute(data, "uid"), attribute(data, "gid"), borrowed);
    }

    private static Account unprivileged() throws IOException {
        List<String[]> accounts = Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 4)
                .toList();
        for (String name : PREFERRED) {
            for (String[] fields : accounts) {
                if (fields[0].equals(name)) {
                    return new Account(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), true);
                }
            }
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and there is neither an account postgres nor nobody to run it as. Create one, or start Tutti as an ordinary user.");
    }

    void own(Path path) throws IOException {
        if (borrowed) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }
    }

    /** Refuses a directory below one that the account may not pass through, and names that one. */
    void requirePassageTo(Path directory) throws IOException {
        if (!borrowed) {
            return;
        }
        for (Path each = directory.toRealPath(); each != null; each = each.getParent()) {
            if (!mayPass(each)) {
                throw new EmbeddedPostgresException("""
                        As root the embedded PostgreSQL runs as uid %d, which may not pass through %s on the way to %s. \
                        Allow it with: chmod o+x '%s' -- or choose a directory elsewhere, or start Tutti as an ordinary user.""".formatted(uid, each, directory, each));
            }
        }
    }

    private boolean mayPass(Path directory) throws IOException {
        int mode = attribute(directory, "mode");
        if (attribute(directory, "uid") == uid) {
            return (mode & OWNER_EXECUTES) != 0;
        }
        if (attribute(directory, "gid") == gid) {
            return (mode & GROUP_EXECUTES) != 0;
        }
        return (mode & OTHERS_EXECUTE) != 0;
    }

    private static int attribute(Path path, String name) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:" + name);
    }
}
