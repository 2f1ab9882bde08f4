package dev.tutti.server;

import dev.tutti.postgres.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code ./tutti verify --db URL [--acknowledged FILE]}: the invariants, put to a live database. */
public final class Verify {
    private Verify() {}

    public static void main(String[] arguments) throws IOException {
        String url = null;
        List<Long> acknowledged = List.of();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                usage(arguments[i] + " needs a value, or is no option");
            }
            switch (arguments[i]) {
                case "--db" -> url = arguments[i + 1];
                case "--acknowledged" ->
                    acknowledged = Files.readAllLines(Path.of(arguments[i + 1])).stream()
                            .map(Long::valueOf)
                            .toList();
                default -> usage("there is no option " + arguments[i]);
            }
        }
        if (url == null) {
            usage("which database?");
            return;
        }
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        try {
            database.getConnection().close();
        } catch (SQLException e) {
            System.err.println("the database does not answer: " + e.getMessage());
            System.exit(2);
        }
        boolean holds = new Verification(database).run(acknowledged, Verify::print);
        System.out.println(holds ? "all invariants hold" : "INVARIANTS ARE VIOLATED");
        System.exit(holds ? 0 : 1);
    }

    private static void print(Verification.Finding finding) {
        System.out.printf("%-5s %2d  %s%n", finding.holds() ? "ok" : "FAIL", finding.number(), finding.sentence());
        finding.violations().forEach(violation -> System.out.println("          " + violation));
        if (finding.count() > finding.violations().size()) {
            System.out.println("          … " + finding.count() + " in all");
        }
    }

    private static void usage(String problem) {
        System.err.println(problem + "  usage: ./tutti verify --db jdbc:postgresql://… [--acknowledged FILE]");
        System.exit(2);
    }
}
