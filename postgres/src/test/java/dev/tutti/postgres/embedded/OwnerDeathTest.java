package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tutti.postgres.embedded.EmbeddedPostgres.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that owns the database is killed; nothing may be left behind and nothing acknowledged be lost. */
class OwnerDeathTest {
    @TempDir(factory = PassableDirectory.class)
    Path directory;

    @BeforeEach
    void beginWithAnEmptyDatabase() throws IOException, InterruptedException {
        ReadyMade.copyTo(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "watchdog"})
    void leavesNoServerBehindWhenTheOwnerIsKilled(String guard) throws Exception {
        assumeThat(guard.equals("watchdog") || Launcher.kernelSignalsDeath()).isTrue();
        try (var owner = Owner.of(directory, guard)) {
            owner.awaitRows(3);
            var postmaster = owner.postmasterProcess().orElseThrow();
            assertThat(postmaster.isAlive()).isTrue();
            owner.kill();
            Owner.awaitEnd(postmaster);
            assertThat(postmaster.isAlive()).isFalse();
        }
    }

    @Test
    void startsWhileTheKilledOwnersServerIsStillGoingDownAndHasEveryAcknowledgedRow() throws Exception {
        for (int round = 0; round < 3; round++) {
            long acknowledged;
            try (var owner = Owner.of(directory)) {
                acknowledged = owner.awaitRows(200).kill();
                try (var server = EmbeddedPostgres.start(Settings.in(directory))) { // at once
                    assertThat(server.pid()).isNotEqualTo(owner.postmaster());
                    long kept = Long.parseLong(Sql.one(server.jdbcUrl(), "SELECT count(*) FROM acknowledged"));
                    assertThat(kept).isGreaterThanOrEqualTo(acknowledged);
                    Sql.run(server.jdbcUrl(), "TRUNCATE acknowledged");
                }
            }
        }
    }

    @Test
    void startsAlthoughTheKilledOwnersServerMissedItsSignal() throws Exception {
        try (var owner = Owner.of(directory, "watchdog")) {
            owner.awaitRows(3);
            long watchdog = childrenOf(owner).stream()
                    .filter(pid -> pid != owner.postmaster())
                    .findFirst()
                    .orElseThrow();
            ProcessHandle.of(watchdog).orElseThrow().destroyForcibly();
            long acknowledged = owner.kill();
            try (var server = EmbeddedPostgres.start(Settings.in(directory))) {
                assertThat(Long.parseLong(Sql.one(server.jdbcUrl(), "SELECT count(*) FROM acknowledged")))
                        .isGreaterThanOrEqualTo(acknowledged);
            }
        }
    }

    @Test
    void stopsTheServerWhenTheOwnerIsToldToEndAndForgets() throws Exception {
        try (var owner = Owner.of(directory)) {
            owner.awaitRows(3);
            var postmaster = owner.postmasterProcess().orElseThrow();
            owner.terminate();
            Owner.awaitEnd(postmaster);
        }
        try (var server = EmbeddedPostgres.start(Settings.in(directory))) {
            assertThat(Files.readString(directory.resolve("server.log")))
                    .as("a clean stop, not a crash")
                    .contains("database system is shut down")
                    .doesNotContain("was not properly shut down");
            assertThat(server.pid()).isPositive();
        }
    }

    @Test
    void letsExactlyOneOwnTheDirectoryWhenTwoStartAtOnce() throws Exception {
        try (var owner = Owner.of(directory)) {
            try (var server = EmbeddedPostgres.start(Settings.in(directory))) {
                assertThat(owner.waitForEnd()).as("the other one was refused").isNotZero();
                assertThat(server.pid()).isPositive();
            } catch (AlreadyRunningException refusal) {
                owner.awaitRows(1);
                assertThat(Sql.one(refusal.jdbcUrl(), "SELECT current_user")).isEqualTo("tutti");
            }
        }
    }

    @Test
    void refusesTheDirectoryOfAnotherLivingProcessAndNamesAnAddressThatWorks() throws Exception {
        try (var owner = Owner.of(directory)) {
            owner.awaitRows(3);
            var refusal = catchThrowableOfType(
                    AlreadyRunningException.class, () -> EmbeddedPostgres.start(Settings.in(directory)));
            assertThat(Integer.parseInt(Sql.one(refusal.jdbcUrl(), "SELECT count(*) FROM acknowledged")))
                    .isPositive();
        }
    }

    @Test
    void startsAlthoughAStrangerNowHasTheProcessIdOfTheServerThatCrashed() throws Exception {
        EmbeddedPostgres.start(Settings.in(directory)).stopImmediately();
        Path pidFile = directory.resolve("data/postmaster.pid");
        assertThat(pidFile).doesNotExist(); // an immediate stop still removes it, a power cut does not
        Process stranger = Launcher.helper(Account.forData(directory.resolve("data")), List.of("sleep", "600"))
                .start();
        try {
            Files.write(
                    pidFile,
                    List.of(
                            Long.toString(stranger.pid()),
                            directory.resolve("data").toString(),
                            "0",
                            "1",
                            "",
                            "",
                            "1 1"));
            Account.forData(directory.resolve("data")).own(pidFile);
            EmbeddedPostgres.start(Settings.in(directory)).close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void startsAfterThePostmasterAloneWasKilled() throws Exception {
        var first = EmbeddedPostgres.start(Settings.in(directory));
        Sql.run(first.jdbcUrl(), "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('committed')");
        ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
        first.onExit().join();
        first.stop();
        try (var next = EmbeddedPostgres.start(Settings.in(directory))) {
            assertThat(Sql.one(next.jdbcUrl(), "SELECT word FROM kept")).isEqualTo("committed");
        }
    }

    private static List<Long> childrenOf(Owner owner) {
        return owner.process().children().map(ProcessHandle::pid).toList();
    }
}
