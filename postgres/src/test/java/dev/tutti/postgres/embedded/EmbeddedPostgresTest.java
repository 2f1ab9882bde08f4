package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tutti.postgres.embedded.EmbeddedPostgres.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir(factory = PassableDirectory.class)
    Path directory;

    @BeforeEach
    void beginWithAnEmptyDatabase() throws IOException, InterruptedException {
        ReadyMade.copyTo(Files.createDirectory(directory.resolve("db")));
    }

    @Test
    void keepsTheDataBetweenStarts() throws SQLException {
        int port;
        try (var server = start()) {
            port = server.port();
            Sql.run(server.jdbcUrl(), "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')");
        }
        try (var server = start()) {
            assertThat(Sql.one(server.jdbcUrl(), "SELECT word FROM kept")).isEqualTo("still here");
            assertThat(server.port()).as("the address others hold stays good").isEqualTo(port);
        }
    }

    @Test
    void takesParametersExceptThoseItsPromisesRestOn() throws SQLException {
        Settings settings = settings().withParameter("work_mem", "5MB").withParameter("application_name", "it's \\ so");
        try (var server = EmbeddedPostgres.start(settings)) {
            assertThat(show(server, "work_mem")).isEqualTo("5MB");
            assertThat(Sql.one(
                            server.jdbcUrl(), "SELECT boot_val || reset_val FROM pg_settings WHERE name = 'work_mem'"))
                    .isEqualTo("40965120");
        }
        assertThatThrownBy(() -> settings().withParameter("fsync", "off"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--db");
    }

    @Test
    void refusesASecondStartAndNamesAnAddressThatWorks() throws SQLException {
        try (var server = start()) {
            var refusal = catchThrowableOfType(AlreadyRunningException.class, this::start);
            assertThat(refusal)
                    .hasMessageContaining("--db \"jdbc:postgresql://127.0.0.1:" + server.port() + "/tutti?user=tutti&")
                    .hasMessageContaining(server.passwordFile().toString())
                    .hasMessageNotContaining(server.password());
            assertThat(Sql.one(refusal.jdbcUrl(), "SELECT current_user")).isEqualTo("tutti");

            assertThat(catchThrowableOfType(AlreadyRunningException.class, this::start))
                    .as("the refused start did not give the lock away")
                    .isNotNull();
        }
        start().close();
    }

    @Test
    void keepsCommittedRowsWhenTheServerStopsImmediately() throws SQLException {
        var server = start();
        Sql.run(server.jdbcUrl(), "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('committed')");
        server.stopImmediately();
        assertThat(server.onExit()).isCompleted();
        server.stop(); // has nothing left to do
        try (var next = start()) {
            assertThat(Sql.one(next.jdbcUrl(), "SELECT word FROM kept")).isEqualTo("committed");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(settings().withPort(taken.getLocalPort())))
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessageContaining("on port " + taken.getLocalPort())
                    .hasMessageContaining("Choose another one");
        }
    }

    @Test
    void saysWhichParameterIsWrong() {
        assertThatThrownBy(() -> EmbeddedPostgres.start(settings().withParameter("shared_bufers", "1GB")))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("unrecognized configuration parameter \"shared_bufers\"")
                .hasMessageContaining("Correct the parameters");
    }

    @Test
    void saysThatTheDataComeFromAnotherMajorVersion() throws IOException {
        start().close();
        Files.writeString(directory.resolve("db/data/PG_VERSION"), "17\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("another major version");
    }

    @Test
    void saysThatTheDataAreDamagedAndKeepsThem() throws IOException {
        start().close();
        Path control = directory.resolve("db/data/global/pg_control");
        Files.delete(control);
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("damaged");
        assertThat(directory.resolve("db/data/PG_VERSION")).exists();
    }

    @Test
    void takesNoHalfMadeDatabaseForOne() throws IOException {
        Path cutShort = Files.createDirectories(directory.resolve("new/initdb-cut-short/data"));
        Files.writeString(cutShort.resolve("PG_VERSION"), "18\n");
        EmbeddedPostgres.start(Settings.in(directory.resolve("new"))).close();
        assertThat(cutShort).doesNotExist();
    }

    @Test
    void takesNoForeignDirectoryForADatabase() throws IOException {
        Path data = Files.createDirectories(directory.resolve("new/data"));
        Files.writeString(data.resolve("holiday.jpg"), "sea");
        if (Account.iAmRoot()) {
            Files.setAttribute(data, "unix:uid", 65534);
        }
        assertThatThrownBy(() -> EmbeddedPostgres.start(Settings.in(directory.resolve("new"))))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("holds no PostgreSQL database");
        assertThat(data.resolve("holiday.jpg")).exists();
    }

    @Test
    void namesTheDirectoryThatTheServersAccountMayNotPassThrough() throws IOException {
        assumeThat(Account.iAmRoot()).isTrue();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(Settings.in(closed.resolve("db"))))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("may not pass through " + closed.toRealPath() + " ")
                .hasMessageContaining("chmod o+x");
    }

    @Test
    void namesTheDirectoryThatCannotBeMade() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedPostgres.start(Settings.in(file.resolve("db"))))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("cannot be created");
    }

    @Test
    void saysThatADirectoryIsNotWritable() throws IOException {
        assumeThat(Account.iAmRoot()).as("root may write anywhere").isFalse();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(Settings.in(directory.resolve("new"))))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("cannot be created")
                .hasMessageContaining(directory.toString());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String show(EmbeddedPostgres server, String parameter) throws SQLException {
        return Sql.one(server.jdbcUrl(), "SHOW " + parameter);
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(settings());
    }

    private Settings settings() {
        return Settings.in(directory.resolve("db"));
    }
}
