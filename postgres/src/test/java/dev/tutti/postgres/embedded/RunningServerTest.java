package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tutti.postgres.embedded.EmbeddedPostgres.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server promises while it runs; one for all tests. */
class RunningServerTest {
    @TempDir(factory = PassableDirectory.class)
    static Path directory;

    static EmbeddedPostgres server;

    @BeforeAll
    static void start() {
        server = EmbeddedPostgres.start(Settings.in(directory.resolve("a directory")));
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void isDurableAndSpeaksUtf8InUtc() throws SQLException {
        assertThat(show(server, "fsync")).isEqualTo("on");
        assertThat(show(server, "synchronous_commit")).isEqualTo("on");
        assertThat(show(server, "full_page_writes")).isEqualTo("on");
        assertThat(show(server, "data_checksums")).isEqualTo("on");
        assertThat(show(server, "server_encoding")).isEqualTo("UTF8");
        assertThat(show(server, "listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(Sql.one(server.jdbcUrl(), """
                            SELECT setting FROM pg_file_settings WHERE name = 'timezone'""")).isEqualTo("UTC");
        assertThat(Sql.one(server.jdbcUrl(), """
                            SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'tutti'""")).isEqualTo("b C.UTF-8");
        assertThat(Sql.one(server.jdbcUrl(), "SHOW server_version")).startsWith("18.");
    }

    @Test
    void runsWithExactlyTheParametersItStates() throws SQLException {
        String wrong = """
                    SELECT coalesce(string_agg(name || ' ' || coalesce(error, ''), ', '), '')
                    FROM pg_file_settings
                    WHERE NOT applied""";
        assertThat(Sql.one(server.jdbcUrl(), wrong)).isEmpty();
        String number = "SELECT count(*) FROM pg_file_settings WHERE applied";
        assertThat(Integer.parseInt(Sql.one(server.jdbcUrl(), number)))
                .isEqualTo(server.parameters().size() + 1); // and the port
    }

    @Test
    void letsNobodyInWithoutThePassword() throws IOException {
        String wrong = server.jdbcUrl().replace(server.password(), "guessed");
        assertThatThrownBy(() -> Sql.one(wrong, "SELECT 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.passwordFile())))
                .isEqualTo("rw-------");
        assertThat(server.password()).hasSizeGreaterThanOrEqualTo(32);
    }

    @Test
    void doesNotRunAsRoot() throws IOException {
        assumeThat(Account.iAmRoot() && Files.exists(Path.of("/proc/self"))).isTrue();
        assertThat(Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")))
                .filteredOn(line -> line.startsWith("Uid:") || line.startsWith("Gid:"))
                .hasSize(2)
                .noneMatch(line -> line.matches(".*\\t0(\\t.*|$)"));
    }

    @Test
    void givesEachTestClassADatabaseOfItsOwn() throws SQLException {
        String template = server.createDatabase("Template");
        Sql.run(template, "CREATE TABLE migrated (id int)");
        String copy = server.createDatabase("copy", "Template");
        assertThat(Sql.one(copy, "SELECT count(*) FROM migrated")).isEqualTo("0");
        assertThat(Sql.one(copy, "SELECT current_database()")).isEqualTo("copy");
    }

    @Test
    void isOutOfReachOfCtrlCInTheTerminal() throws IOException {
        Path stat = Path.of("/proc/" + server.pid() + "/stat");
        assumeThat(stat).exists();
        List<String> afterName =
                List.of(Files.readString(stat).replaceFirst(".*\\) ", "").split(" "));
        assertThat(afterName.get(2)).as("its process group is its own").isEqualTo(Long.toString(server.pid()));
    }

    private static String show(EmbeddedPostgres server, String parameter) throws SQLException {
        return Sql.one(server.jdbcUrl(), "SHOW " + parameter);
    }
}
