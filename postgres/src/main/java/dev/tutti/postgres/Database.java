package dev.tutti.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** A PostgreSQL database with the hub's schema, and the connections of one server to it. */
public final class Database implements AutoCloseable {
    private static final String SCHEME = "jdbc:postgresql://";
    private static final int READERS = 8;

    /** Searches of people's own making may be slow: they wait for each other, and for nobody else. */
    private static final int SEARCHERS = 3;

    /** Two letters exchanged in a short word leave one trigram of nine; what is too far off is told by its letters. */
    private static final String SEARCHING = " -c statement_timeout=5s -c pg_trgm.similarity_threshold=0.1";

    private final HikariDataSource writing;
    private final HikariDataSource reading;
    private final HikariDataSource searching;
    private final Ids ids;
    private final PostgresStore store;
    private final Reads reads;

    private final String jdbcUrl;

    private Database(String jdbcUrl, HikariDataSource writing, HikariDataSource reading, HikariDataSource searching) {
        this.jdbcUrl = jdbcUrl;
        this.writing = writing;
        this.reading = reading;
        this.searching = searching;
        this.ids = new Ids(reading);
        this.store = new PostgresStore(writing, reading, ids);
        this.reads = new Reads(reading);
    }

    /**
     * Connects, and brings the schema up to date.
     *
     * @param jdbcUrl with user and password, as in {@code jdbc:postgresql://host:5432/tutti?user=…&password=…}
     * @param rounds how many rounds of the conveyor will run at the same time
     * @throws DatabaseUnusableException if there is no such database, or its schema cannot be brought up to date
     */
    public static Database open(String jdbcUrl, int rounds) {
        List<HikariDataSource> pools = new ArrayList<>();
        try {
            HikariDataSource reading = pool(pools, jdbcUrl, "reading", READERS, true, "");
            migrate(reading);
            return new Database(
                    jdbcUrl,
                    pool(pools, jdbcUrl, "writing", rounds, false, ""),
                    reading,
                    pool(pools, jdbcUrl, "searching", SEARCHERS, true, SEARCHING));
        } catch (HikariPool.PoolInitializationException | FlywayException e) {
            pools.forEach(HikariDataSource::close);
            String what =
                    e instanceof FlywayException ? "its schema cannot be brought up to date" : "it does not answer";
            throw new DatabaseUnusableException("the database cannot be used: " + what + ": " + e.getMessage(), e);
        }
    }

    private static HikariDataSource pool(
            List<HikariDataSource> pools, String jdbcUrl, String name, int size, boolean autoCommit, String options) {
        if (!jdbcUrl.startsWith(SCHEME)) {
            throw new DatabaseUnusableException("the database's address must begin with " + SCHEME, null);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(autoCommit ? 1 : size);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(30_000);
        config.addDataSourceProperty("ApplicationName", "tutti " + name);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("socketTimeout", "60");
        config.addDataSourceProperty("options", "-c TimeZone=UTC -c lock_timeout=10s" + options);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    /** Flyway alone decides what is missing. */
    private static void migrate(HikariDataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:dev/tutti/postgres/migrations")
                .table("schema_version")
                .load()
                .migrate();
    }

    public PostgresStore store() {
        return store;
    }

    public Ids ids() {
        return ids;
    }

    /** For reads of other parts of this module, and for tests. */
    public DataSource dataSource() {
        return reading;
    }

    public Reads reads() {
        return reads;
    }

    public OrderSearch search() {
        return new OrderSearch(searching);
    }

    public SearchFollower searchFollower() {
        return new SearchFollower(reading, reads);
    }

    public Outbox outbox() {
        return new Outbox(reading);
    }

    public Secrets secrets() {
        return new Secrets(reading);
    }

    public EffectQueue effects() {
        return new EffectQueue(reading);
    }

    public FlowReads flows() {
        return new FlowReads(reading);
    }

    public LiveReads live() {
        return new LiveReads(reading);
    }

    /** For one pair of threads: one that waits and one that sends. */
    public Signals signals() {
        return new Signals(jdbcUrl);
    }

    /** Which files about stock have come. */
    public StockFiles stockFiles() {
        return new StockFiles(reading);
    }

    public InboundReads inbound() {
        return new InboundReads(reading);
    }

    public ArrivalReads arrivals() {
        return new ArrivalReads(reading);
    }

    public Leases leases() {
        return new Leases(reading);
    }

    public StockReads stock() {
        return new StockReads(reading);
    }

    public MasterData masterData() {
        return new MasterData(reading);
    }

    public AuditTrail auditTrail() {
        return new AuditTrail(reading);
    }

    public ApiKeys apiKeys() {
        return new ApiKeys(reading);
    }

    /** Runs statements, for what needs no answer. */
    public void execute(String sql) {
        try (Connection connection = reading.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public void close() {
        writing.close();
        reading.close();
        searching.close();
    }
}
