package dev.tutti.server.replay;

import dev.tutti.conveyor.Audit;
import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.Node;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.DatabaseUnusableException;
import dev.tutti.postgres.HistoryStaging;
import dev.tutti.postgres.MasterData;
import dev.tutti.postgres.ReplayStore;
import dev.tutti.postgres.embedded.AlreadyRunningException;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.embedded.EmbeddedPostgresException;
import dev.tutti.postgres.verify.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** {@code ./tutti replay}: a history of orders, put through the engine on its own time, in a database of its own. */
public final class Replay {
    private static final int ITEMS_AT_ONCE = 10_000;
    private static final Audit AUDIT = new Audit("replay", "mapping", Instant.EPOCH, "");
    private static final Flows FLOWS = new Flows(StandardFlows.all());

    private final Arguments arguments;
    private final Mapping mapping;
    private final PrintStream told;

    private Replay(Arguments arguments, Mapping mapping, PrintStream told) {
        this.arguments = arguments;
        this.mapping = mapping;
        this.told = told;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /**
     * Replays and reports.
     *
     * @param out gets the report
     * @param told hears how far it is, and why it cannot go on
     * @return the command's exit status: 0 if the report is out and all invariants hold, 1 if one does not, 2 if the command
     *     line, mapping, files or database cannot be used
     */
    public static int run(String[] commandLine, PrintStream out, PrintStream told) {
        try {
            Arguments arguments = Arguments.parse(commandLine);
            Report report = new Replay(arguments, MappingFile.read(arguments.mapping()), told).replayed();
            out.println(arguments.json() ? report.json() : report.text());
            return report.invariantsViolated() == 0 ? 0 : 1;
        } catch (NotUsable | DatabaseUnusableException refusal) {
            told.println(refusal.getMessage());
            return 2;
        } catch (Arguments.Wrong wrong) {
            told.println(wrong.getMessage() + "\n\n" + Arguments.HELP);
            return 2;
        }
    }

    private Report replayed() {
        String fingerprint = fingerprint();
        for (Path file : arguments.files()) {
            try (CsvFile csv = CsvFile.open(file, mapping.csv())) {
                csv.mustHave(mapping.columns());
            }
        }
        String db = arguments.db();
        if (db != null) {
            return replayed(db, fingerprint);
        }
        Path data = arguments.data() == null ? Path.of("replay-data", mapping.name()) : arguments.data();
        // Its log is new, and few large commits fill it: filling it with zeros first would be as much work again.
        EmbeddedPostgres.Settings settings = EmbeddedPostgres.Settings.in(data).withParameter("wal_init_zero", "off");
        try (EmbeddedPostgres embedded = EmbeddedPostgres.start(settings)) {
            return replayed(embedded.jdbcUrl(), fingerprint);
        } catch (AlreadyRunningException e) {
            throw new NotUsable(data + " is in use: another replay or a server is running on it");
        } catch (EmbeddedPostgresException e) {
            throw new NotUsable(String.valueOf(e.getMessage()));
        }
    }

    private Report replayed(String jdbcUrl, String fingerprint) {
        try (Database database = Database.open(jdbcUrl, 1)) {
            ReplayStore store = new ReplayStore(database);
            ReplayStore.Run run = store.run();
            if (run == null) {
                if (store.holdsSomethingElse(AUDIT.actor())) {
                    throw new NotUsable(
                            "this database is somebody's: it holds orders, stock, nodes or items of its own; a replay wants one to itself");
                }
                stage(database.masterData(), store, fingerprint);
                run = store.run();
            } else {
                sameHistory(run, fingerprint);
            }
            if (run == null) {
                throw new IllegalStateException("nothing was staged");
            }
            if (!run.progress().finished()) {
                carry(database, store);
            }
            AtomicLong violated = new AtomicLong();
            told.println("checking the invariants");
            new Verification(database.dataSource()).run(List.of(), finding -> violated.addAndGet(finding.count()));
            return new Report(store.outcome(RowKind.TILL_SALE.ordinal()), violated.get());
        }
    }

    private void sameHistory(ReplayStore.Run run, String fingerprint) {
        if (!run.mapping().equals(mapping.text())) {
            throw new NotUsable("this database holds a replay by another mapping than " + arguments.mapping()
                    + "; give this one a database of its own (--data or --db)");
        }
        if (!run.fingerprint().equals(fingerprint)) {
            throw new NotUsable("this database holds a replay of other files (or of these in another order);"
                    + " give these a database of their own (--data or --db)");
        }
    }

    /** Of the files' contents, in their order. */
    private String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : arguments.files()) {
                if (!Files.isRegularFile(file)) {
                    throw new NotUsable(file + ": there is no such file");
                }
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                    in.transferTo(java.io.OutputStream.nullOutputStream());
                }
                digest.update("end of file".getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new NotUsable("the files cannot be read: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private void stage(MasterData data, ReplayStore store, String fingerprint) {
        RowReading reading = new RowReading(mapping);
        try (HistoryStaging staging = store.stage()) {
            long seq = 0;
            for (int file = 0; file < arguments.files().size(); file++) {
                try (CsvFile csv = CsvFile.open(arguments.files().get(file), mapping.csv())) {
                    csv.mustHave(mapping.columns());
                    for (CsvFile.Row row = csv.next(); row != null; row = csv.next()) {
                        staging.add(reading.understood(row, file + 1, ++seq));
                    }
                }
            }
            if (seq == 0) {
                throw new NotUsable("there are no rows in " + arguments.files());
            }
            told.println("read " + seq + " rows");
            know(data, reading);
            staging.finish(mapping.text(), fingerprint);
        }
    }

    private void know(MasterData data, RowReading reading) {
        if (!mapping.channels().isEmpty()) {
            data.putChannels(mapping.channels(), AUDIT);
        }
        // One at a time: so they are numbered in the order in which the mapping names them.
        mapping.nodes().forEach(node -> data.putNodes(List.of(node), AUDIT));
        List<Node> brought = new ArrayList<>(reading.nodes().values());
        brought.removeIf(
                node -> mapping.nodes().stream().anyMatch(named -> named.code().equals(node.code())));
        if (!brought.isEmpty()) {
            data.putNodes(brought, AUDIT);
        }
        List<Item> items = new ArrayList<>();
        reading.items()
                .forEach((sku, description) -> items.add(new Item(new ItemId(0), sku, description, new TreeMap<>())));
        for (int from = 0; from < items.size(); from += ITEMS_AT_ONCE) {
            data.putItems(items.subList(from, Math.min(items.size(), from + ITEMS_AT_ONCE)), AUDIT);
        }
    }

    private void carry(Database database, ReplayStore store) {
        MasterData data = database.masterData();
        Map<String, Integer> items = new HashMap<>();
        data.skus(0, items::put);
        List<String> customers = store.customers(RowKind.CANCELLATION.ordinal());
        Purchases purchases = new Purchases(new HashSet<>(customers));
        store.purchases(customers, purchases::add);
        try (ProgressBar progress = new ProgressBar(told, store.rowsLeft(0), store.rowsLeft(eventOf(store)));
                Driver driver =
                        new Driver(store, database, mapping, data.network(), FLOWS, items, purchases, progress::add)) {
            driver.run();
        }
    }

    private static long eventOf(ReplayStore store) {
        ReplayStore.@Nullable Run run = store.run();
        return run == null ? 0 : run.progress().event();
    }
}
