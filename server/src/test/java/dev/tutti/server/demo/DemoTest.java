package dev.tutti.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void channelsOrderStoresWorkAndASecondRunGoesOn() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        DemoOptions options = new DemoOptions(directory.resolve("demo"), 0, 40, 40, STORES, ITEMS, false);

        try (Demo demo = start(options)) {
            until(demo, DemoTest::allChannelsHaveOrders);
            until(demo, tally -> tally.deliveries() >= 20);
            until(demo, tally -> tally.cancellations() > 0);
            until(demo, tally -> tally.returns() > 0);
            assertThat(demo.tally().surprises()).isZero();
        }
        try (Demo demo = start(new DemoOptions(options.data(), 0, 2, options.pace(), STORES, ITEMS, false))) {
            until(demo, tally -> tally.placed() > 0);
            until(demo, tally -> tally.deliveries() > tally.placed() + 20); // which the first run had left lying
            assertThat(demo.tally().surprises()).isZero();
            assertThat(violations(demo)).isEmpty();
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

    private static List<String> violations(Demo demo) {
        EmbeddedPostgres embedded = demo.server().embedded();
        assertThat(embedded).isNotNull();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(embedded.jdbcUrl());
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }
}
