package dev.tutti.benchmarks;

import dev.tutti.network.GeoPoint;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The retailer that is measured: items, nodes over the United States, one channel, stock at one node in ten, in an
 * embedded PostgreSQL of its own with its standard, durable settings.
 */
final class World implements AutoCloseable {
    static final int NODES = 200;
    static final int CHANNEL = 1;
    /** An administrator's key, known to the database by its hash like any other. */
    static final String API_KEY = "tutti_bench000_0123456789abcdefghjkmnpqrstvwxyz";

    /** Enough at each position that nothing sells out while intake is measured. */
    private static final int UNITS = 1_000_000;

    final EmbeddedPostgres server;
    final int items;
    final int nodes;
    private final Path directory;

    private World(EmbeddedPostgres server, Path directory, int items, int nodes) {
        this.nodes = nodes;
        this.server = server;
        this.directory = directory;
        this.items = items;
    }

    static World start(int items) throws IOException, SQLException {
        return start(items, NODES);
    }

    /** With more nodes than usual; each item is still at a tenth of them. */
    static World start(int items, int nodes) throws IOException, SQLException {
        return start(items, nodes, "shared_preload_libraries", "");
    }

    /** With one parameter of the database set otherwise than usual. */
    static World start(int items, String parameter, String value) throws IOException, SQLException {
        return start(items, NODES, parameter, value);
    }

    private static World start(int items, int nodes, String parameter, String value) throws IOException, SQLException {
        Path directory = Files.createTempDirectory("tutti-bench-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        World world = new World(
                EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory).withParameter(parameter, value)),
                directory,
                items,
                nodes);
        world.fill();
        return world;
    }

    /**
     * Writes out what is dirty, after which old segments of the log are used again, as in a database that has run for a
     * while. One that is hours old has no other: each new segment it would have to make first is filled with zeros under
     * the lock that commits need.
     */
    void checkpoint() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
        }
    }

    String url() {
        return server.jdbcUrl();
    }

    private void fill() throws SQLException {
        Database.open(url(), 1).close();
        long started = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into item (sku, description)
                    select 'SKU-' || i, 'item ' || i from generate_series(1, %d) i order by i
                    """.formatted(items));
            SplittableRandom random = new SplittableRandom(7);
            for (int n = 1; n <= nodes; n++) {
                GeoPoint at = somewhere(random);
                statement.execute("""
                        insert into node (code, type, latitude, longitude, time_zone, workdays, cut_off, cost_package,
                                          cost_unit, cost_unit_mile, cost_day_late)
                        values ('N%d', 'STORE', %s, %s, 'America/Chicago', '{1,2,3,4,5,6,7}', '15:00', 875900000,
                                42300000, 54100, 100000000)
                        """.formatted(n, at.latitude(), at.longitude()));
            }
            statement.execute("insert into channel (code, currency, flow) values ('web', 'USD', 'ship')");
            statement.execute("insert into channel (code, currency, flow) values ('drop', 'USD', 'ship-or-refuse')");
            statement.execute("""
                    insert into position (item_id, place_id, on_hand, version)
                    select i, 1 + (i * 37 + k * 10 + (i * 7919 + k * 104729) %% 10) %% %d, %d, 1
                    from generate_series(1, %d) i, generate_series(0, %d) k
                    order by 1, 2
                    on conflict do nothing
                    """.formatted(nodes, UNITS, items, nodes / 10 - 1));
            statement.execute("""
                    insert into stock_ledger (batch_id, transaction_id, item_id, place_id, version, move,
                                              on_hand_delta, reserved_delta, found, on_hand, reserved, shortage,
                                              backorder_cap, safety_stock, cause_id)
                    select 0, pg_current_xact_id()::text::int8, item_id, place_id, 1, 'COUNT', on_hand, 0, 0, on_hand,
                           0, 0, 0, 0, 0
                    from position
                    """);
            statement.execute("insert into api_key (prefix, hash, role, channels, nodes, made_by) values"
                    + " ('bench000', sha256('" + API_KEY + "'), 'admin', '{*}', '{*}', 'benchmark')");
            statement.execute("insert into configuration_version (actor, origin, change, network)"
                    + " values ('benchmark', '', 'the retailer', true)");
            statement.execute("vacuum analyze");
            statement.execute("checkpoint");
        }
        System.err.printf(
                "%,d items at %d nodes, %,d positions, loaded in %.1f s%n",
                items, nodes, count("position"), (System.nanoTime() - started) / 1e9);
    }

    /** Somewhere in the contiguous United States, roughly. */
    static GeoPoint somewhere(SplittableRandom random) {
        return new GeoPoint(
                Math.round(random.nextDouble(30, 48) * 1e4) / 1e4,
                Math.round(random.nextDouble(-122, -72) * 1e4) / 1e4);
    }

    long count(String table) throws SQLException {
        return number("select count(*) from " + table);
    }

    long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Processor time of the database's processes that are running. */
    double cpuSeconds() {
        return ProcessHandle.of(server.pid()).stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToDouble(time -> time.toNanos() / 1e9)
                .sum();
    }

    /** Bytes of write-ahead log so far. */
    long walBytes() throws SQLException {
        return number("select pg_current_wal_lsn() - '0/0'::pg_lsn");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String settings() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select string_agg(name || '=' || current_setting(name), ' ' order by name)
                        from pg_settings
                        where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers',
                                       'max_wal_size', 'checkpoint_timeout', 'wal_compression', 'server_version')
                        """)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        delete(directory);
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
