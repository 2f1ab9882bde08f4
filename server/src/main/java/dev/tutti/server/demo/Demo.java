package dev.tutti.server.demo;

import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.postgres.embedded.EmbeddedPostgresException;
import dev.tutti.server.Options;
import dev.tutti.server.Server;
import dev.tutti.server.demo.DemoDirectory.Marker;
import dev.tutti.server.security.Caller;
import dev.tutti.server.security.Role;
import dev.tutti.server.security.Scope;
import java.io.Console;
import java.io.InputStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** {@code ./tutti demo}: a server, and a retailer's whole day around it. */
public final class Demo implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final long STATUS_EVERY_MILLIS = 10_000;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Server server;
    private final Run run;
    private final Outsiders outsiders;
    private final Cast cast;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private Demo(Server server, Outsiders outsiders, Run run, Cast cast) {
        this.server = server;
        this.outsiders = outsiders;
        this.run = run;
        this.cast = cast;
    }

    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(DemoOptions.HELP);
            return;
        }
        try {
            DemoOptions options = DemoOptions.parse(arguments);
            DemoDirectory directory = DemoDirectory.claim(options.data());
            System.out.println("Tutti is opening the demo's stores …");
            Demo demo = start(options, directory);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(demo::closeAloud));
            demo.introduce(directory);
        } catch (DemoOptions.Wrong e) {
            System.err.println("tutti: " + e.getMessage() + "\n\n" + DemoOptions.HELP);
            System.exit(2);
        } catch (EmbeddedPostgresException e) {
            System.err.println("tutti: " + e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Demo.class).error("the demo cannot start", e);
            System.exit(1);
        }
    }

    /** Returns when everything is there and everybody has begun. */
    static Demo start(DemoOptions options, DemoDirectory directory) {
        Outsiders outsiders = Outsiders.start(options);
        Server server = server(options, outsiders);
        Run run = new Run(options.pace());
        Demo demo = null;
        try {
            Cast cast = cast(server, outsiders, run, options, directory);
            cast.play();
            demo = new Demo(server, outsiders, run, cast);
            return demo;
        } finally {
            if (demo == null) {
                run.close();
                server.close();
                outsiders.close();
            }
        }
    }

    private static Server server(DemoOptions options, Outsiders outsiders) {
        OrderTopic marketplace = outsiders.marketplace();
        Server server = null;
        try {
            server = Server.start(new Options(
                    options.data(), null, options.port(), WORKERS, marketplace == null ? null : marketplace.topic()));
            return server;
        } finally {
            if (server == null) {
                outsiders.close();
            }
        }
    }

    private static Cast cast(
            Server server, Outsiders outsiders, Run run, DemoOptions options, DemoDirectory directory) {
        HubClient hub = new HubClient(server.port(), run);
        String adminKey = directory.adminKey(server.firstKey());
        Assortment assortment = new Assortment(options.items());
        MasterData masterData = new MasterData(hub, adminKey);
        Marker marker = directory.marker();
        if (!marker.furnished()) {
            masterData.send(assortment, options.stores());
        }
        masterData.reach(outsiders);
        if (!marker.furnished()) {
            masterData.configure();
        }
        List<Place> places = masterData.places();
        List<String> channels = Arrays.stream(Shop.values()).map(Shop::channel).toList();
        Keyring keys = Keyring.complete(directory, hub, adminKey, channels, places);
        if (!marker.furnished()) {
            masterData.fillShelves(keys.stock(), assortment, places);
        }
        int runNumber = marker.runs() + 1;
        directory.write(new Marker(runNumber, true)); // before the first order has its number
        return new Cast(run, hub, keys, assortment, Geography.of(places), runNumber, options, outsiders.marketplace());
    }

    /** What the demo brings along, by its name. */
    static InputStream resource(String name) {
        InputStream in = Demo.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("the demo's " + name + " was not built in");
        }
        return in;
    }

    /** Lets whoever reads it look at everything, without a key, as long as the demo runs. */
    private static String pageAddress(Server server) {
        String ticket = server.sessions().ticket(new Caller(0, "demo", Role.VIEWER, Scope.EVERYTHING));
        return "http://127.0.0.1:" + server.port() + "/enter/" + ticket;
    }

    private void introduce(DemoDirectory directory) {
        System.out.println("  page       " + pageAddress(server));
        System.out.println("  API        http://127.0.0.1:" + server.port() + "/v1");
        System.out.println("  admin key  in " + directory.adminKeyFile());
        if (outsiders.eventsTopic() != null) {
            System.out.println("  events     " + outsiders.eventsTopic());
            System.out.println("  orders in  " + outsiders.eventsTopic().replace("tutti.events", "tutti.orders-in"));
        }
        EmbeddedPostgres embedded = server.embedded();
        if (embedded != null) {
            System.out.println("  to audit   ./tutti verify --db \"" + addressOf(embedded) + "\"");
            var unused = embedded.onExit().thenRun(this::databaseGone);
        }
        System.out.println("  to stop    Ctrl-C; the same command goes on from there");
        run.start(this::report);
    }

    /** Can be pasted into a shell of this machine, yet holds no password. */
    private static String addressOf(EmbeddedPostgres embedded) {
        return embedded.jdbcUrl().replaceAll("password=[^&]*", "password=\\$(cat '" + embedded.passwordFile() + "')");
    }

    private void databaseGone() {
        if (!stopping.get()) {
            System.err.println("tutti: the embedded database has gone; its log is in the data directory. Stopping.");
            System.exit(1);
        }
    }

    /** One line, written over where somebody watches. */
    private void report() {
        Console console = System.console();
        boolean watched = console != null && console.isTerminal();
        while (run.goesOn()) {
            run.sleep(STATUS_EVERY_MILLIS);
            String line = CLOCK.format(LocalTime.now(ZoneId.systemDefault())) + "  " + cast.tally();
            System.out.print(watched ? "\r\033[K" + line : line + "\n");
            System.out.flush();
        }
    }

    Tally tally() {
        return cast.tally();
    }

    Server server() {
        return server;
    }

    private void closeAloud() {
        System.out.println("\nstopping: customers and staff first, then the server");
        close();
    }

    /** The people first, so that nobody speaks to a server that has gone. */
    @Override
    public void close() {
        stopping.set(true);
        try (outsiders;
                server) {
            run.close();
            cast.hub().close();
        }
    }
}
