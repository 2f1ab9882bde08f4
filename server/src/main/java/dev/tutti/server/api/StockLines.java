package dev.tutti.server.api;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Place;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockChange;
import dev.tutti.inventory.StockDocument;
import dev.tutti.inventory.StockMove;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.order.Order;
import dev.tutti.postgres.StockFile;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Changes of stock, a line each, gathered into documents of a few hundred that are taken whole.
 *
 * <p>What is asked for, and may be refused, is a document of its own: moves of ring-fences, units that become of another
 * condition. With an {@code Idempotency-Key} the file can be sent again, whole or longer: then each line is a document of
 * its own and claims the key with its number, so what was taken is not taken twice and what was not is. Several lines in
 * one document would share one fate, which depends on where a bad line or the end of the first attempt cut it.
 */
final class StockLines {
    private static final int CHANGES_PER_DOCUMENT = 500;

    private final Engine engine;
    private final Call call;
    private final StockDocument.Kind kind;
    private final String reference;
    private final Sight sight;
    private final Audit audit;
    /** What each line claims with its number, so that it is taken once; null if lines may be taken as often as they come. */
    private final @Nullable String key;

    private final @Nullable FenceMove fence;
    private final Instant now = Engine.now();
    private final @Nullable StockFile file;
    private final LinesUnderWay underWay;
    private final LongAdder taken = new LongAdder();
    private final LongAdder overtaken = new LongAdder();
    /** The moments as they were said, which may be ahead of our clock: the same line is the same again later. */
    private List<@Nullable Instant> moments = new ArrayList<>();

    /** By the line that was read last. */
    private @Nullable Instant said;

    private List<StockChange> changes = new ArrayList<>();
    private CompletableFuture<Engine.Posted> answer = new CompletableFuture<>();
    private int firstLine;
    private StockDocument.Kind documentKind;

    /** What a line says that is about a ring-fence, as changes. */
    @FunctionalInterface
    interface FenceMove {
        List<StockChange> of(int item, NodeId node, int units);
    }

    /** @param file which file of whom it is; null if the caller does not say */
    StockLines(Engine engine, Call call, StockDocument.Kind kind, String reference, @Nullable StockFile file) {
        this(engine, call, kind, reference, file, null);
    }

    /** Lines that are asked for, each taken or refused by itself. */
    static StockLines ofFence(Engine engine, Call call, String reference, FenceMove move) {
        return new StockLines(engine, call, StockDocument.Kind.FENCE, reference, null, move);
    }

    private StockLines(
            Engine engine,
            Call call,
            StockDocument.Kind kind,
            String reference,
            @Nullable StockFile file,
            @Nullable FenceMove fence) {
        this.engine = engine;
        this.fence = fence;
        this.call = call;
        this.kind = kind;
        this.reference = reference;
        this.documentKind = kind;
        this.underWay = new LinesUnderWay(engine.index());
        this.sight = new Sight(engine, call.caller().scope());
        this.audit = call.audit("");
        String own = call.idempotencyKey();
        this.file = file;
        this.key =
                file != null ? file.key() : own == null ? null : call.caller().key() + Desk.KEY_SEPARATOR + own;
    }

    void take() throws IOException {
        NdjsonLines lines = call.lines();
        boolean whole = false;
        int last = 0;
        try (LineResults results = new LineResults(call)) {
            try {
                while (lines.next()) {
                    last = lines.number();
                    take(lines, results);
                }
                whole = true;
            } finally {
                // Also when the caller breaks off: what came in whole lines is taken.
                if (!changes.isEmpty()) {
                    post();
                }
            }
            results.answer();
        } finally {
            if (file != null) {
                engine.database()
                        .stockFiles()
                        .received(file, kind.name(), last, taken.sum(), overtaken.sum(), whole, now, Engine.now());
            }
        }
    }

    private void take(NdjsonLines lines, LineResults results) throws IOException {
        int line = lines.number();
        List<StockChange> read;
        try (JsonReader in = lines.json()) {
            read = changes(in);
        } catch (RuntimeException e) {
            results.add(line, LineResults.problem(e));
            return;
        }
        boolean isConversion = read.getFirst().move() == StockMove.CONVERT;
        boolean isAlone = key != null || fence != null || isConversion;
        if (isAlone && !changes.isEmpty()) {
            post();
        }
        if (underWay.mustFollow(read)) {
            underWay.await();
        }
        if (changes.isEmpty()) {
            firstLine = line;
            documentKind = isConversion ? StockDocument.Kind.CONVERSION : kind;
        }
        int from = changes.size();
        changes.addAll(read);
        underWay.gathered(read);
        boolean comes =
                read.getFirst().move() == StockMove.ADJUST || read.getFirst().move() == StockMove.RETURN;
        int units = comes ? read.getFirst().quantity() : 0;
        read.forEach(change -> moments.add(said));
        CompletableFuture<byte[]> result = answer.thenApply(given -> result(line, given, from, units));
        if (isAlone || changes.size() >= CHANGES_PER_DOCUMENT - 1) {
            post();
        }
        results.add(result);
    }

    private List<StockChange> changes(JsonReader in) {
        in.begin();
        in.object();
        int item = 0;
        Node node = null;
        Integer quantity = null;
        Integer cap = null;
        Integer safety = null;
        Instant at = file == null ? null : file.asOf();
        Condition condition = Condition.GOOD;
        Condition to = null;
        boolean settings = kind == StockDocument.Kind.SETTINGS;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> item = sight.stockedItem(in);
                case "node" -> node = Wire.node(in, sight);
                case "quantity" -> quantity = quantity(settings, in);
                case "backorderCap" -> cap = setting(settings, in);
                case "asOf" -> at = moment(kind == StockDocument.Kind.SNAPSHOT, in);
                case "at" -> at = moment(kind != StockDocument.Kind.SNAPSHOT && fence == null && !settings, in);
                case "safetyStock" -> safety = setting(settings, in);
                case "condition" ->
                    condition = condition(kind == StockDocument.Kind.SNAPSHOT || kind == StockDocument.Kind.DELTA, in);
                case "to" -> to = condition(kind == StockDocument.Kind.DELTA, in);
                default -> throw in.unknownField();
            }
        }
        if (item == 0) {
            throw in.missing("sku");
        }
        boolean ofNobody = settings && node == null && safety == null;
        if (ofNobody && !call.caller().scope().allNodes()) {
            throw new NotDone(Problem.of(403, "forbidden", "what holds for all nodes is for keys that see all nodes"));
        }
        int place = ofNobody ? 0 : in.required(node, "node").id().value();
        List<StockChange> read = new ArrayList<>(2);
        if (settings) {
            if (cap == null && safety == null) {
                throw in.missing("backorderCap");
            }
            if (cap != null) {
                read.add(StockChange.of(item, place, StockMove.CAP, cap));
            }
            if (safety != null) {
                read.add(StockChange.of(item, place, StockMove.SAFETY, safety));
            }
        } else if (fence != null) {
            read.addAll(fence.of(item, new NodeId(place), in.required(quantity, "quantity")));
        } else {
            int units = in.required(quantity, "quantity");
            if (to == condition) {
                throw NotDone.at("to", RefusalCode.INVALID_FIELD, "they are that already");
            }
            if (to != null && units < 1) {
                throw NotDone.at(
                        "quantity", RefusalCode.INVALID_FIELD, "what becomes something else is 1 unit or more");
            }
            PositionKey key = PositionKey.of(item, new Place(condition.pool, place));
            PositionKey grows = to == null ? key : PositionKey.of(item, new Place(to.pool, place));
            Position known = engine.index().position(grows);
            boolean comes = kind == StockDocument.Kind.DELTA || kind == StockDocument.Kind.RETURN;
            if (comes && known != null && (long) known.onHand() + units > Position.MOST) {
                throw NotDone.at("quantity", RefusalCode.INVALID_FIELD, tooMany(known.onHand()));
            }
            said = at;
            long moment = at == null ? 0 : micros(at);
            if (to == null) {
                read.add(new StockChange(key, move(), units, moment));
            } else {
                read.addAll(StockChange.converting(key, grows, units, moment));
            }
        }
        in.end();
        return read;
    }

    private static Condition condition(boolean expected, JsonReader in) {
        if (!expected) {
            throw in.unknownField();
        }
        return in.oneOf(Condition.values());
    }

    /** When it was, or what it is a picture of. */
    private Instant moment(boolean expected, JsonReader in) {
        if (!expected) {
            throw in.unknownField();
        }
        return in.instant(StockFile.EARLIEST, now.plus(StockFile.AHEAD));
    }

    /** A clock that is a little ahead of ours is taken for ours. */
    private long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at.isAfter(now) ? now : at);
    }

    private static String tooMany(int there) {
        return "there are " + there + " units; with these there would be more than " + Position.MOST;
    }

    private StockMove move() {
        return switch (kind) {
            case SNAPSHOT -> StockMove.COUNT;
            case DELTA -> StockMove.ADJUST;
            case SALE -> StockMove.SELL;
            case RETURN -> StockMove.RETURN;
            case CONVERSION, SETTINGS, FENCE -> throw new IllegalStateException("their lines are read by themselves");
        };
    }

    private int quantity(boolean settings, JsonReader in) {
        if (settings) {
            throw in.unknownField();
        }
        int least = switch (kind) {
            case DELTA -> -Position.MOST;
            case SALE, RETURN, FENCE -> 1;
            case SNAPSHOT, CONVERSION, SETTINGS -> 0;
        };
        return in.integer(least, Position.MOST);
    }

    private static int setting(boolean settings, JsonReader in) {
        if (!settings) {
            throw in.unknownField();
        }
        return in.integer(0, Position.MOST);
    }

    /** Sends the document off; its lines' results come with its answer. */
    private void post() {
        long id = engine.nextId();
        StockDocument document = new StockDocument(id, documentKind, reference, changes);
        List<KeyClaim> keys = new ArrayList<>(1);
        if (key != null) {
            Fingerprint print = new Fingerprint().add(documentKind).add(reference);
            for (int i = 0; i < changes.size(); i++) {
                StockChange change = changes.get(i);
                print.add(change.position()).add(change.move()).add(change.quantity());
                print.add(moments.get(i));
            }
            keys.add(new KeyClaim(new Key(KeyKind.REQUEST, key + Desk.KEY_SEPARATOR + firstLine), print.value(), id));
        }
        CompletableFuture<Engine.Posted> waiting = answer;
        underWay.sent(changes, answer);
        var unused = Overload.submit(() -> engine.post(Lane.BULK, document, keys, audit), Engine.Posted::answer)
                .whenComplete((given, failure) -> {
                    if (failure != null) {
                        waiting.completeExceptionally(failure);
                    } else {
                        waiting.complete(given);
                    }
                });
        moments = new ArrayList<>();
        changes = new ArrayList<>();
        answer = new CompletableFuture<>();
    }

    /** @param said by how many units the line would have there more */
    private byte[] result(int line, Engine.Posted posted, int change, int said) {
        return switch (posted.answer()) {
            case Answer.Done<Order> done -> {
                taken.increment();
                LedgerEntry entry = posted.entries().get(change);
                boolean late = entry.isOvertaken();
                if (late) {
                    overtaken.increment();
                }
                if (!late && entry.after().onHand() == Position.MOST && entry.onHandDelta() < said) {
                    yield LineResults.bytes(line, problem(entry.onHandDelta(), said));
                }
                yield LineResults.bytes(line, 200, json -> {
                    if (late) {
                        json.writeBooleanProperty("overtaken", true);
                    }
                });
            }
            case Answer.Repeated<Order> repeated -> {
                taken.increment();
                yield LineResults.bytes(line, 200, json -> json.writeBooleanProperty("replayed", true));
            }
            case Answer.Refused<Order>(Refusal refusal) -> LineResults.bytes(line, problem(line, refusal));
        };
    }

    private static Problem problem(int booked, int said) {
        return Problem.of(Refusal.at(
                "quantity",
                RefusalCode.INVALID_FIELD,
                "only " + booked + " of " + said + " units were booked: there are never more than " + Position.MOST));
    }

    private Problem problem(int line, Refusal refusal) {
        return file != null && refusal.code() == RefusalCode.KEY_REUSED
                ? Problem.of(Refusal.at(
                        "",
                        RefusalCode.KEY_REUSED,
                        "line " + line + " of file " + file.sequence() + " of " + file.source()
                                + " was taken before, and said something else"))
                : Desk.problem(refusal);
    }
}
