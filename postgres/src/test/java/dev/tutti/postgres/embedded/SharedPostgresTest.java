package dev.tutti.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SharedPostgresTest {
    @Test
    void givesEachCallerAnEmptyDatabase() throws SQLException {
        String first = SharedPostgres.freshDatabase("orders");
        Sql.run(first, "CREATE TABLE mine (id int)");
        assertThat(Sql.one(SharedPostgres.freshDatabase("orders"), "SELECT to_regclass('mine')"))
                .isNull();
    }
}
