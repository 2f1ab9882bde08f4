package dev.tutti.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.Database;
import dev.tutti.postgres.verify.Verification;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The yardstick writes what intake writes: rows in which nothing is missing, and which hold together. */
class LimitTest {
    @Test
    void writesOrdersThatTheInvariantsFindNothingWrongWith() throws Exception {
        try (World world = World.start(1_000);
                Database database = Database.open(world.url(), 1)) {
            Limit limit = new Limit(world.url(), database);
            limit.prepare(Decided.orders(database, new Drafts(11, world.items, 3), 400));

            Limit.Result result = limit.run(world);

            List<String> wrong = new ArrayList<>();
            new Verification(database.dataSource()).run(List.of(), finding -> {
                // The world's nodes are loaded past the configuration's history, by which plans would be made again.
                if (finding.number() != 17) {
                    wrong.addAll(finding.violations());
                }
            });
            assertThat(result.orders()).isEqualTo(400);
            assertThat(wrong).isEmpty();
        }
    }
}
