package dev.tutti.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.conveyor.Limits;
import dev.tutti.hub.HubCommand;
import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers' pictures of the stock become those of the database, whatever happens to what they hear it by. */
class IndexTest {
    private static final Audit AUDIT = new Audit("test", "", Instant.parse("2026-03-02T10:00:00Z"), "");
    private static final int ITEMS = 200;

    private final SplittableRandom random = new SplittableRandom(3);
    private Path directory;
    private EmbeddedPostgres postgres;
    private Database first;
    private Database second;
    private Engine writer;
    private Engine reader;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createTempDirectory("tutti-index-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        postgres = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory));
        String url = postgres.createDatabase("pictures");
        first = Database.open(url, 2);
        second = Database.open(url, 2);
        List<Item> items = new ArrayList<>();
        for (int i = 1; i <= ITEMS; i++) {
            items.add(new Item(new ItemId(0), "I" + i, "", new TreeMap<>()));
        }
        first.masterData().putItems(items, AUDIT);
        writer = Engine.start(first, Limits.STANDARD, 2);
        reader = Engine.start(second, Limits.STANDARD, 1);
    }

    @AfterEach
    void stop() throws IOException {
        writer.close();
        reader.close();
        first.close();
        second.close();
        postgres.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void change() {
        List<StockChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add(StockChange.of(
                    random.nextInt(1, ITEMS + 1), random.nextInt(1, 6), StockMove.ADJUST, random.nextInt(1, 5)));
        }
        StockDocument document = new StockDocument(writer.nextId(), StockDocument.Kind.DELTA, "", changes);
        assertThat(writer.submit(Lane.BULK, document.id(), true, new HubCommand.ForStock(document), List.of(), AUDIT)
                        .join())
                .isInstanceOf(Answer.Done.class);
    }

    private static void bothAreRight(Database database, Engine... engines) throws Exception {
        Map<PositionKey, Integer> versions = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select item_id, place_id, version from position")) {
            while (row.next()) {
                versions.put(new PositionKey(row.getInt(1), row.getInt(2)), row.getInt(3));
            }
        }
        assertThat(versions).isNotEmpty();
        for (Engine engine : engines) {
            for (int tries = 0; !isRight(engine, versions); tries++) {
                assertThat(tries).as("looks until the picture is right").isLessThan(300);
                Thread.sleep(50);
            }
        }
    }

    private static boolean isRight(Engine engine, Map<PositionKey, Integer> versions) {
        return versions.entrySet().stream().allMatch(entry -> {
            Position known = engine.index().position(entry.getKey());
            return known != null && known.version() == entry.getValue();
        });
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = first.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whenNoSignalComesThrough() throws Exception {
        change();
        bothAreRight(first, writer, reader);
        for (int i = 0; i < 10; i++) {
            // Whoever listens is cut off, and whatever is told meanwhile nobody hears.
            execute("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'");
            change();
        }
        bothAreRight(first, writer, reader);
        assertThat(reader.staleness().toSeconds()).isLessThan(5);
    }

    @Test
    void whileAForeignTransactionRunsOnAndOn() throws Exception {
        try (Connection foreign = first.dataSource().getConnection();
                Statement statement = foreign.createStatement()) {
            foreign.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            for (int i = 0; i < 30; i++) {
                change();
            }
            bothAreRight(second, writer, reader);
            foreign.rollback();
        }
        change();
        bothAreRight(first, writer, reader);
    }

    @Test
    void whenATransactionEndsAfterOthersThatBeganLater() throws Exception {
        change();
        try (Connection slow = first.dataSource().getConnection();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("""
                    insert into position (item_id, place_id, on_hand, reserved, shortage, backorder_cap, safety_stock, version)
                    values (1, 9, 7, 0, 0, 0, 0, 1)
                    """);
            statement.execute("""
                    insert into stock_ledger (batch_id, item_id, place_id, version, move, on_hand_delta, reserved_delta,
                                              found, on_hand, reserved, shortage, backorder_cap, safety_stock, cause_id)
                    select max(batch_id), 1, 9, 1, 'COUNT', 7, 0, 0, 7, 0, 0, 0, 0, 1 from stock_ledger
                    """);
            for (int i = 0; i < 5; i++) {
                change();
                bothAreRight(second, writer, reader);
                Thread.sleep(300);
            }
            slow.commit();
        }
        bothAreRight(first, writer, reader);
    }

    @Test
    void afterTheDatabaseWasLostAndCameBack() throws Exception {
        for (int i = 0; i < 10; i++) {
            change();
        }
        postgres.stopImmediately();
        Thread.sleep(300);
        postgres =
                EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(directory).withPort(postgres.port()));
        for (int i = 0; i < 10; i++) {
            change();
        }
        bothAreRight(first, writer, reader);
    }

    @Test
    void aServerThatStartsKnowsEverythingAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            change();
        }
        try (Engine third = Engine.start(second, Limits.STANDARD, 1)) {
            bothAreRight(first, third);
        }
    }
}
