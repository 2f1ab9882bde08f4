package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            fsync,              off
            FSYNC,              off
            synchronous_commit, off
            full_page_writes,   off
            listen_addresses,   *
            port,               5432
            hba_file,           /tmp/open
            include,            /tmp/more
            include_dir,        /tmp
            work mem,           5MB
            "",                 on
            """)
    void thatThePromisesRestOnAreNotGivenAway(String name, String value) {
        assertThatThrownBy(() -> Parameters.require(name, value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cannotBeSmuggledInThroughAnother() {
        assertThatThrownBy(() -> Parameters.require("work_mem", "5MB'\nfsync = 'off"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Parameters.asFile(Map.of("work_mem", "'; \\' fsync = off"), 5432))
                .contains("work_mem = '''; \\\\'' fsync = off'\n");
    }

    @Test
    void replaceDefaults() {
        assertThat(Parameters.with(Map.of("work_mem", "5MB")))
                .containsEntry("work_mem", "5MB")
                .containsEntry("fsync", "on")
                .containsKeys("max_wal_size", "checkpoint_timeout", "wal_compression");
    }
}
