package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {
    @TempDir(factory = PassableDirectory.class)
    Path cache;

    @Test
    void unpackOnceThoughTwoDoItAtTheSameTime() throws Exception {
        Callable<Binaries> unpacking = () -> Binaries.unpackedIn(cache.resolve("binaries"));
        try (var threads = Executors.newFixedThreadPool(2)) {
            var results = threads.invokeAll(List.of(unpacking, unpacking));
            assertThat(results.get(0).get()).isEqualTo(results.get(1).get());
        }
        try (Stream<Path> left = Files.list(cache.resolve("binaries"))) {
            assertThat(left).as("the loser cleans up").hasSize(1);
        }
        Binaries binaries = Binaries.unpackedIn(cache.resolve("binaries"));
        assertThat(Path.of(binaries.program("postgres"))).isExecutable();
        assertThat(binaries.root().resolve("lib/libpq.so.5")).isSymbolicLink().exists();
        assertThat(binaries.root().resolve("share/postgresql/postgres.bki")).isRegularFile();
    }

    @Test
    void areChosenByPlatform() {
        assertThat(Platform.archives("Linux", "amd64", false)).containsExactly("postgres-linux-x86_64.txz");
        assertThat(Platform.archives("Linux", "aarch64", true))
                .containsExactly("postgres-linux-arm_64-alpine_linux.txz");
        assertThat(Platform.archives("Mac OS X", "aarch64", false))
                .containsExactly("postgres-darwin-arm_64.txz", "postgres-darwin-x86_64.txz");
        assertThatThrownBy(() -> Platform.archives("Windows 11", "amd64", false))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("--db");
    }
}
