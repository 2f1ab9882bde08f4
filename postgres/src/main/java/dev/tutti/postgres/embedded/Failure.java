package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why the server did not start, as its log tells it, and what to do then. */
enum Failure {
    STILL_IN_USE(
            "Processes of an earlier server still use the data. Wait for them to end, or end them.",
            "pre-existing shared memory block",
            "lock file \"postmaster.pid\" already exists"),
    PORT_TAKEN(
            "Another program listens on this port. Choose another one, or 0 for any that is free.",
            "Address already in use"),
    DISK_FULL(
            "The disk is full. Make room and start again: nothing committed is lost.",
            "No space left on device",
            "Disk quota exceeded"),
    OTHER_VERSION(
            "The data were written by another major version of PostgreSQL. Start the Tutti they come from, copy the data over with pg_dump and pg_restore, or choose another directory.",
            "is not compatible with this version",
            "database files are incompatible with server"),
    PARAMETER(
            "A server parameter is wrong. Correct the parameters given to Tutti.",
            "unrecognized configuration parameter",
            "invalid value for parameter",
            "requires a numeric value",
            "requires a Boolean value",
            "is outside the valid range",
            "contains errors"),
    MEMORY(
            "There is not enough memory. Lower shared_buffers, or make room.",
            "could not map anonymous shared memory",
            "Cannot allocate memory"),
    PERMISSIONS(
            "The account the server runs as may not use a file it needs. Correct the owner or the permissions.",
            "Permission denied",
            "has wrong ownership",
            "has invalid permissions"),
    CORRUPT(
            "The data directory is damaged. Restore it from a copy, or move it away to begin with an empty database.",
            "could not locate a valid checkpoint record",
            "invalid checkpoint record",
            "incorrect checksum in control file",
            "could not read file \"global/pg_control\"",
            "could not open file",
            "could not open directory",
            "could not find the database system",
            "is not a valid data directory",
            "is missing",
            "invalid contents",
            "PANIC:"),
    LIBRARIES(
            "The server's binaries do not fit this machine: a library is missing, or they were built for another system. Take the archive for this platform, or use a PostgreSQL of your own with --db.",
            "error while loading shared libraries",
            "Exec format error",
            "failed to execute"),
    /** Fits whatever fits nothing above. */
    UNKNOWN("The lines above say why.", ""),
    /** Not seen in the log: the server wrote nothing at all. */
    SILENT(
            "It gave no sign of life for too long and was stopped. The disk may be stuck: look at it, then start again with more patience.");

    final String advice;
    private final Pattern signs;

    Failure(String advice, String... signs) {
        this.advice = advice;
        this.signs = Pattern.compile(Stream.of(signs).map(Pattern::quote).collect(Collectors.joining("|")));
    }

    static Failure in(String log) {
        for (Failure each : values()) {
            if (each.signs.matcher(log).find()) {
                return each;
            }
        }
        return UNKNOWN;
    }

    EmbeddedPostgresException toException(String what, String log) {
        return new EmbeddedPostgresException("""
                %s. The end of its log:
                %s
                %s""".formatted(what, log.indent(4).stripTrailing(), advice));
    }

    /** The reason alone: the message of a file system exception repeats the path, its reason is often missing. */
    static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getClass().getSimpleName();
    }
}
