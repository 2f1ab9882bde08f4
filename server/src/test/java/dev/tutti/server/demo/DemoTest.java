package dev.tutti.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The whole demo, small and in a hurry. */
class DemoTest {
    private static final int STORES = 8;
    private static final int ITEMS = 60;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    @Test
    void channelsOrderStoresWorkAndASecondRunGoesOn() throws IOException, SQLException, InterruptedException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        DemoOptions options = new DemoOptions(directory.resolve("demo"), 0, 40, 20, STORES, ITEMS);

        try (Demo demo = start(options)) {
            until(demo, DemoTest::allChannelsHaveOrders);
            until(demo, tally -> tally.deliveries() >= 20);
            until(demo, tally -> tally.cancellations() > 0);
            until(demo, tally -> tally.returns() > 0);
            assertThat(demo.tally().surprises()).isZero();
        }
        EmbeddedPostgres.Settings database = EmbeddedPostgres.Settings.in(options.data());
        long leftLying;
        try (EmbeddedPostgres embedded = EmbeddedPostgres.start(database)) {
            leftLying = unfinished(embedded);
        }
        assertThat(leftLying)
                .as("the first run was stopped in the middle of its work")
                .isPositive();

        try (Demo demo = start(new DemoOptions(options.data(), 0, 1, options.pace(), STORES, ITEMS))) {
            until(demo, tally -> tally.placed() > 0);
            until(demo, tally -> tally.deliveries() > tally.placed());
            assertThat(demo.tally().surprises()).isZero();
        }
        try (EmbeddedPostgres embedded = EmbeddedPostgres.start(database)) {
            assertThat(unfinished(embedded)).isLessThan(leftLying);
            assertThat(violations(embedded)).isEmpty();
        }
        assertThat(Files.getPosixFilePermissions(options.data().resolve("demo-keys.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void anEmptyDirectoryBecomesTheDemosOwn() {
        Path data = directory.resolve("new");

        DemoDirectory.claim(data);

        assertThat(DemoDirectory.claim(data).marker().furnished()).isFalse();
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws IOException {
        Files.writeString(directory.resolve("admin.key"), "somebody's");

        assertThatThrownBy(() -> DemoDirectory.claim(directory))
                .isInstanceOf(DemoOptions.Wrong.class)
                .hasMessageContaining("neither empty nor an earlier demo's");
    }

    @Test
    void aRateIsANumberWithinReason() {
        assertThat(DemoOptions.parse(new String[] {"--rate", "0.5"}).rate()).isEqualTo(0.5);
        assertThatThrownBy(() -> DemoOptions.parse(new String[] {"--rate", "0"}))
                .hasMessage("--rate is between 0.01 and 1000");
        assertThatThrownBy(() -> DemoOptions.parse(new String[] {"--rate", "fast"}))
                .hasMessage("--rate wants a number, not fast");
        assertThatThrownBy(() -> DemoOptions.parse(new String[] {"--pace"}))
                .hasMessage("--pace needs a value, or is no option");
    }

    private static Demo start(DemoOptions options) {
        return Demo.start(options, DemoDirectory.claim(options.data()));
    }

    private static boolean allChannelsHaveOrders(Tally tally) {
        return Arrays.stream(Shop.values()).allMatch(shop -> tally.placedBy(shop.channel()) > 0);
    }

    private static void until(Demo demo, Predicate<Tally> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!wanted.test(demo.tally())) {
            assertThat(System.nanoTime()).as(demo.tally().toString()).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static List<String> violations(EmbeddedPostgres embedded) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(embedded.jdbcUrl());
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }

    private static long unfinished(EmbeddedPostgres embedded) throws SQLException {
        try (Connection connection = DriverManager.getConnection(embedded.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from fulfilment_order where status in ('RELEASED', 'IN_PROGRESS', 'READY')")) {
            row.next();
            return row.getLong(1);
        }
    }
}
