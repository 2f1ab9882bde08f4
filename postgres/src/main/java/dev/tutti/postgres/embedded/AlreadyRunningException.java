package dev.tutti.postgres.embedded;

import java.nio.file.Path;

/**
 * Another living Tutti server owns the directory. Not an error of the directory: join that server's database instead.
 * The message is made for a terminal and can be pasted into one, yet it holds no password, so that it may be logged.
 */
public final class AlreadyRunningException extends EmbeddedPostgresException {
    private static final long serialVersionUID = 1;

    private final int port;
    private final transient Password password;

    AlreadyRunningException(Path directory, ServerFile running, Password password) {
        super("""
                The embedded database in %s belongs to another running Tutti server (process %d). To join it, start with
                  --db "%s&password=$(cat '%s')"
                or stop that server, or choose another directory.""".formatted(directory, running.owner(), Address.of(running.port(), "tutti"), password.file()));
        this.port = running.port();
        this.password = password;
    }

    public int port() {
        return port;
    }

    /** The complete address, with the password, for {@code --db}. */
    public String jdbcUrl() {
        return Address.withPassword(port, "tutti", password.read());
    }
}
