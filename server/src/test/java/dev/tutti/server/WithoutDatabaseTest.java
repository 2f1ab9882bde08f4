package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is gone: the server says so, in each of its ways, and goes on when it is back. */
class WithoutDatabaseTest {
    @Test
    void whatNeedsTheDatabaseIsRefusedAndThePageSaysWhy(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        EmbeddedPostgres.Settings settings = EmbeddedPostgres.Settings.in(directory.resolve("data"));
        EmbeddedPostgres database = EmbeddedPostgres.start(settings);
        String url = database.jdbcUrl();
        try (Server server = Server.start(new Options(Path.of("unused"), url, 0, 2, null))) {
            Http admin = new Http(server.port(), String.valueOf(server.firstKey()));
            assertThat(admin.json("PUT", "/v1/items", "[{\"sku\": \"A\"}]").status())
                    .isEqualTo(200);
            Http nobody = new Http(server.port(), "");
            String session = nobody.form("/enter", "key=" + admin.key())
                    .header("Set-Cookie")
                    .split(";", -1)[0];
            assertThat(page(nobody, session)).contains("rows locked");

            database.stopImmediately();
            Http.Reply refused = admin.json("PUT", "/v1/items", "[{\"sku\": \"B\"}]");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text("code")).isEqualTo("database-unreachable");
            while (!page(nobody, session).contains("does not answer")) {
                Thread.sleep(100);
            }

            try (EmbeddedPostgres again = EmbeddedPostgres.start(settings)) {
                assertThat(again.jdbcUrl()).isEqualTo(url);
                while (admin.json("PUT", "/v1/items", "[{\"sku\": \"B\"}]").status() != 200
                        || page(nobody, session).contains("does not answer")) {
                    Thread.sleep(100);
                }
                server.close();
            }
        }
    }

    private static String page(Http browser, String session) {
        Http.Reply page = browser.get("/", "Accept", "text/html", "Cookie", session);
        assertThat(page.status()).isEqualTo(200);
        return page.text();
    }
}
