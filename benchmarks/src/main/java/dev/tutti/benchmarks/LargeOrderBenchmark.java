package dev.tutti.benchmarks;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.server.engine.Engine;
import java.util.Arrays;

/** {@code bench large-order}: one order at a time, of 5 to 5,000 lines. */
final class LargeOrderBenchmark {
    private static final int TIMES = 11;

    private LargeOrderBenchmark() {}

    static void run(Options options) throws Exception {
        try (World world = World.start(10_000, "shared_preload_libraries", "pg_stat_statements");
                Database database = Database.open(world.url(), 4);
                Engine engine = Engine.start(database, Limits.STANDARD, 1)) {
            world.execute("create extension pg_stat_statements");
            InProcess.place(engine, 5_000, 64, new Drafts(3, world.items, 3)::draft);
            for (int lines : new int[] {5, 50, 500, 5_000}) {
                Drafts drafts = new Drafts(lines, world.items, lines);
                InProcess.place(engine, 3, 1, drafts::draft);
                double[] millis = new double[TIMES];
                for (int i = 0; i < TIMES; i++) {
                    millis[i] =
                            1000 * InProcess.place(engine, 1, 1, drafts::draft).seconds();
                }
                Arrays.sort(millis);
                new Line("large-order")
                        .with("lines", lines)
                        .with("ms", millis[TIMES / 2])
                        .with("ms_worst", millis[TIMES - 1])
                        .with("sql_statements", statements(world, engine, drafts))
                        .print();
            }
        }
    }

    /** The statements of the order's transaction, counted by the database itself. */
    private static long statements(World world, Engine engine, Drafts drafts) throws Exception {
        world.execute("select pg_stat_statements_reset()");
        InProcess.place(engine, 1, 1, drafts::draft);
        return world.number("""
                select coalesce(sum(calls), 0)
                from pg_stat_statements
                where query ~* '^\\s*(insert|update|delete|begin|commit)' or query ~* 'for no key update'
                   or query ~* 'pg_current_xact_id'
                """);
    }
}
