package dev.tutti.postgres.embedded;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The server's settings, all in one place: a small machine shared with the application, with write-heavy hot tables. */
final class Parameters {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.]*");

    /** What the launcher and its promises rest on; nobody overrides these. */
    private static final Map<String, String> FIXED = ordered(
            // what is acknowledged is on disk, and whole
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            // loopback alone; a socket file would let in any local account that finds it
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            // settings come from here alone
            "allow_alter_system", "off",
            // the launcher reads the log: one file, in English, through an inherited descriptor
            "logging_collector", "off",
            "log_destination", "stderr",
            "lc_messages", "C");

    private static final Map<String, String> DEFAULTS = ordered(
            // instants are UTC everywhere
            "timezone", "UTC",
            "log_timezone", "UTC",
            "datestyle", "ISO, YMD",
            "password_encryption", "scram-sha-256",
            // pools of a few servers; each connection costs memory and a snapshot's time
            "max_connections", "100",
            // holds the guarded rows and the working set of a demo; only pages that are touched take memory
            "shared_buffers", "512MB",
            "effective_cache_size", "1536MB",
            "work_mem", "16MB",
            "maintenance_work_mem", "128MB",
            // one full segment, so that a batch's WAL is written by its commit and not before
            "wal_buffers", "16MB",
            // after a checkpoint every page is logged whole once: fewer checkpoints, less WAL, at the price of a longer
            // recovery after a crash. By size at the latest, so that a busy hour does not checkpoint all the time
            "max_wal_size", "4GB",
            "min_wal_size", "512MB",
            "checkpoint_timeout", "15min",
            "checkpoint_completion_target", "0.9",
            // these binaries are built without lz4 and zstd. Measured with pgbench on two busy cores, in the seconds
            // after
            // a checkpoint when every page is logged whole: a quarter of the WAL for a tenth of the rate; nothing later
            // on
            "wal_compression", "pglz",
            // solid state disks: a random page costs hardly more than the next one
            "random_page_cost", "1.1",
            // Most tables are only added to, and hot rows are pruned on their pages as they change: a visit is not
            // urgent.
            // Visits at small shares of a table's size took a quarter of two cores while a young database grew. Plans
            // here
            // hang on keys and not on distributions: a third of the usual sample will do.
            "autovacuum_naptime", "30s",
            "autovacuum_vacuum_scale_factor", "0.2",
            "autovacuum_vacuum_insert_scale_factor", "0.3",
            "autovacuum_analyze_scale_factor", "0.2",
            "default_statistics_target", "30",
            // short statements gain nothing from compilation and pay for it
            "jit", "off",
            // two cores belong to the conveyor; and parallel plans need /dev/shm, of which containers have little
            "max_parallel_workers_per_gather", "0",
            "max_parallel_maintenance_workers", "0",
            // where time goes; reading the clock costs 20 to 30 ns here
            "track_io_timing", "on",
            "track_wal_io_timing", "on",
            // a long recovery reports its progress, by which the launcher sees that it lives
            "log_startup_progress_interval", "5s",
            "log_lock_waits", "on",
            "log_line_prefix", "%m [%p] %q%u@%d ");

    private Parameters() {}

    static Map<String, String> with(Map<String, String> overrides) {
        var result = new LinkedHashMap<>(DEFAULTS);
        for (Map.Entry<String, String> each : overrides.entrySet()) {
            require(each.getKey(), each.getValue());
            result.put(each.getKey(), each.getValue());
        }
        result.putAll(FIXED);
        return Collections.unmodifiableMap(result);
    }

    static void require(String name, String value) {
        if (!NAME.matcher(name).matches() || value.contains("\n") || value.contains("\0")) {
            throw new IllegalArgumentException("Not a server parameter: %s = %s".formatted(name, value));
        }
        if (isFixed(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "The server parameter %s cannot be changed for the embedded database; those that cannot are %s, port, data_directory and the paths of its files. Use a PostgreSQL of your own with --db."
                            .formatted(name, String.join(", ", new TreeSet<>(FIXED.keySet()))));
        }
    }

    private static boolean isFixed(String name) {
        return FIXED.containsKey(name)
                || name.equals("port")
                || name.equals("data_directory")
                || name.endsWith("_file")
                || name.startsWith("include");
    }

    static String asFile(Map<String, String> parameters, int port) {
        return """
                # Written by Tutti at each start: changes made here are lost. Give parameters to Tutti instead.
                %s
                port = %d
                """.formatted(
                        parameters.entrySet().stream()
                                .map(each -> each.getKey() + " = " + quoted(each.getValue()))
                                .collect(Collectors.joining("\n")),
                        port);
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        var result = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            result.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(result);
    }
}
