package dev.tutti.server;

import dev.tutti.conveyor.Limits;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.embedded.EmbeddedPostgres;
import dev.tutti.server.api.Api;
import dev.tutti.server.api.IncomingOrders;
import dev.tutti.server.effects.Effects;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.events.AvailabilityTold;
import dev.tutti.server.events.Deliveries;
import dev.tutti.server.events.KafkaTopic;
import dev.tutti.server.events.OrdersIn;
import dev.tutti.server.http.Entrance;
import dev.tutti.server.http.Gate;
import dev.tutti.server.http.Routes;
import dev.tutti.server.http.Streams;
import dev.tutti.server.live.Live;
import dev.tutti.server.security.Keys;
import dev.tutti.server.security.Operations;
import dev.tutti.server.security.Sessions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running server with all its parts. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    /** Held, or its level would be forgotten: the web server tells the JDK's logging what we say ourselves. */
    private static final java.util.logging.Logger WEB_SERVER = java.util.logging.Logger.getLogger("org.apache");

    private final Behind behind;
    private final Web web;

    /** What stands behind the web server. */
    private record Behind(
            @Nullable EmbeddedPostgres embedded,
            Database database,
            Engine engine,
            Effects effects,
            Deliveries deliveries,
            AvailabilityTold availabilityTold,
            @Nullable OrdersIn ordersIn,
            Keys keys,
            Sessions sessions,
            Operations operations,
            Streams streams,
            Live live,
            @Nullable String firstKey)
            implements AutoCloseable {
        static Behind of(
                @Nullable EmbeddedPostgres embedded,
                Database database,
                Engine engine,
                @Nullable KafkaTopic ordersFrom) {
            Keys keys = new Keys(database.apiKeys());
            Sessions sessions = new Sessions(keys);
            Operations operations = Operations.load();
            Streams streams = new Streams();
            Live live = new Live(engine, keys, sessions, operations, streams);
            Effects effects = Effects.start(engine, (json, order) -> Api.writeOrder(json, order, engine.catalogue()));
            Deliveries deliveries = Deliveries.start(engine, Api.events(engine.catalogue()));
            return new Behind(
                    embedded,
                    database,
                    engine,
                    effects,
                    deliveries,
                    AvailabilityTold.start(engine),
                    ordersIn(engine, ordersFrom),
                    keys,
                    sessions,
                    operations,
                    streams,
                    live,
                    keys.createFirst());
        }

        private static @Nullable OrdersIn ordersIn(Engine engine, @Nullable KafkaTopic from) {
            return from == null ? null : OrdersIn.start(from, new IncomingOrders(engine)::taken);
        }

        Gate gate() {
            return new Gate(routes(), keys, sessions, operations, engine.metrics());
        }

        /** All there is to call. */
        Routes routes() {
            Routes routes = Api.routes(engine, keys, operations, streams);
            live.register(routes);
            return routes;
        }

        /** The engine first, so that all it has taken in is carried; the database last. */
        @Override
        public void close() {
            try (embedded;
                    database) {
                if (ordersIn != null) {
                    ordersIn.close();
                }
                effects.close();
                deliveries.close();
                availabilityTold.close();
                engine.close();
            }
        }
    }

    private Server(Behind behind, Web web) {
        this.behind = behind;
        this.web = web;
    }

    /** Returns when requests are answered. The database and the web server start side by side. */
    public static Server start(Options options) {
        WEB_SERVER.setLevel(Level.WARNING);
        LOG.debug("starting"); // before there are threads: the logging gets itself ready in peace
        CompletableFuture<Behind> behind = new CompletableFuture<>();
        CompletableFuture<Gate> gate = behind.thenApply(Behind::gate);
        Thread.ofPlatform().name("start").start(() -> {
            try {
                behind.complete(behind(options));
            } catch (RuntimeException | Error e) {
                behind.completeExceptionally(e);
            }
        });
        Web web = null;
        try {
            web = Web.start(options.port(), new Entrance(gate));
            gate.join();
            return new Server(behind.join(), web);
        } catch (RuntimeException e) {
            if (web != null) {
                web.close();
            }
            behind.thenAccept(Behind::close).exceptionally(failure -> null).join();
            throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Behind behind(Options options) {
        String db = options.db();
        if (db != null) {
            return behind(options, null, db);
        }
        EmbeddedPostgres embedded = EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(options.data()));
        return orClose(embedded, () -> behind(options, embedded, embedded.jdbcUrl()));
    }

    private static Behind behind(Options options, @Nullable EmbeddedPostgres embedded, String url) {
        Database database = Database.open(url, options.workers());
        return orClose(database, () -> {
            Engine engine = Engine.start(database, Limits.STANDARD, options.workers());
            return orClose(engine, () -> Behind.of(embedded, database, engine, options.ordersFrom()));
        });
    }

    /** What comes next; if that fails, what was there before is closed. */
    private static Behind orClose(AutoCloseable before, Supplier<Behind> next) {
        boolean done = false;
        try {
            Behind behind = next.get();
            done = true;
            return behind;
        } finally {
            if (!done) {
                closed(before);
            }
        }
    }

    private static void closed(AutoCloseable before) {
        try {
            before.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return web.port();
    }

    /** The embedded database, if there is one. */
    public @Nullable EmbeddedPostgres embedded() {
        return behind.embedded();
    }

    /** The administrator's key if this was the hub's very first start, else null: it is not kept. */
    public @Nullable String firstKey() {
        return behind.firstKey();
    }

    public Engine engine() {
        return behind.engine();
    }

    public Keys keys() {
        return behind.keys();
    }

    public Sessions sessions() {
        return behind.sessions();
    }

    /** All there is to call, for tests that call all of it. */
    Routes routes() {
        return behind.routes();
    }

    /** Answers what is under way, carries what was taken in, and stops. */
    @Override
    public void close() {
        try (behind;
                web) {
            behind.streams().close();
        }
    }
}
