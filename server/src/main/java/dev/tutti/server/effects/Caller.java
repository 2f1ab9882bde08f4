package dev.tutti.server.effects;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.Outside;
import dev.tutti.payment.Transaction;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.EffectQueue;
import dev.tutti.postgres.EffectQueue.Due;
import dev.tutti.server.crash.CrashPoint;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** Makes one call and sees to what becomes of it. */
final class Caller {
    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);
    private static final int MOST_BYTES = 64 << 10;
    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    /** After how long "there is none" is believed of a key that was sent. */
    private static final Duration UNTIL_LOOKED_UP = Duration.ofSeconds(10);

    /** What proxies say of themselves, and services of a key they are still busy with. */
    private static final Set<Integer> IN_BETWEEN = Set.of(401, 403, 404, 407, 409, 421);

    private static final Set<RefusalCode> KNOWN_ALREADY =
            EnumSet.of(RefusalCode.NOT_EXPECTED_NOW, RefusalCode.UNKNOWN_ORDER);

    private final Engine engine;
    private final EffectQueue queue;
    private final OrderOnWire onWire;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TO_CONNECT)
            .build();

    Caller(Engine engine, EffectQueue queue, OrderOnWire onWire) {
        this.engine = engine;
        this.queue = queue;
        this.onWire = onWire;
    }

    /**
     * @param notAfter of {@link System#nanoTime}: later than this nothing is sent any more, for the lease ends soon after
     * @return whether the service answered anything
     */
    boolean call(Destination destination, Due effect, long notAfter) {
        Order order = engine.reads().order(effect.order());
        Outside.Effect asked = order == null ? null : order.outside().effect(effect.number());
        if (order == null || asked == null || asked.done() != null) {
            queue.answered(effect, "the order knows already");
            return true;
        }
        if (order.closed() && !effect.unknown() && asked.money() == null) {
            queue.answered(effect, "not asked: the order is over");
            return true;
        }
        String forbidden = Addresses.forbidden(destination.url(), destination.inside());
        if (forbidden != null) {
            later(destination, effect, effect.unknown(), forbidden);
            return false;
        }
        if (effect.unknown() && destination.ability() == Destination.Ability.NEITHER) {
            stuck(effect, "the answer was lost, and " + destination.code() + " cannot be asked again");
            return true;
        }
        boolean looksUp = effect.unknown() && destination.ability() == Destination.Ability.LOOK_UP;
        HttpRequest request = looksUp ? lookUp(destination, effect) : ask(destination, effect, order, asked);
        if (System.nanoTime() - notAfter > 0) {
            return false; // somebody else takes it up
        }
        try {
            CrashPoint.EFFECT_TAKEN_UP.pass();
            HttpResponse<byte[]> response = whole(request, destination);
            CrashPoint.EFFECT_CALLED.pass();
            hear(destination, effect, looksUp, response);
            return response.statusCode() < 500;
        } catch (ConnectException | HttpConnectTimeoutException e) {
            later(
                    destination,
                    effect,
                    effect.unknown(),
                    "not reached: " + e.getClass().getSimpleName());
            return false;
        } catch (IOException e) {
            later(
                    destination,
                    effect,
                    true,
                    "the answer was lost: " + e.getClass().getSimpleName());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The client's own time ends with the headers: a body that never comes must not be waited for. */
    private HttpResponse<byte[]> whole(HttpRequest request, Destination destination)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return answer.get(destination.timeoutSeconds() + 1L, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no whole answer in time");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private HttpRequest ask(Destination destination, Due effect, Order order, Outside.Effect asked) {
        byte[] body = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("key", effect.key());
            json.writeNumberProperty("effect", effect.number());
            json.writeStringProperty("step", asked.step());
            Transaction money = asked.money();
            if (money != null) {
                payment(json, effect, order, money);
            }
            json.writeName("order");
            onWire.write(json, order);
            json.writeEndObject();
        });
        return request(destination, destination.url())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", effect.key())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private void payment(JsonGenerator json, Due effect, Order order, Transaction money) {
        json.writeName("payment");
        json.writeStartObject();
        json.writeStringProperty("do", Spelling.of(money.kind()));
        json.writeNumberProperty("amount", money.amount());
        json.writeStringProperty("currency", order.header().currency().getCurrencyCode());
        json.writeStringProperty("payment", queue.key(effect.order(), money.payment()));
        json.writeEndObject();
    }

    private static HttpRequest lookUp(Destination destination, Due effect) {
        return request(destination, destination.url() + "/" + effect.key())
                .GET()
                .build();
    }

    private static HttpRequest.Builder request(Destination destination, String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(destination.timeoutSeconds()))
                .header("User-Agent", "tutti");
    }

    private void hear(Destination destination, Due effect, boolean lookedUp, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String detail = "HTTP " + status;
        if (lookedUp && status == 404) {
            // It has not happened: asked anew, as if for the first time.
            queue.again(effect, Duration.ZERO, "not known there");
        } else if (status == 202) {
            queue.asked(effect, "its answer comes later");
        } else if (status >= 200 && status < 300) {
            SaidOutside said = SaidOutside.read(response.body());
            if (said == null) {
                stuck(effect, "what it answers is not understood");
            } else {
                answer(effect, said.done(), said.answers(), detail);
            }
        } else if (status == 425 || status == 429) {
            later(destination, effect, effect.unknown(), detail);
        } else if (status >= 500 || status == 408 || lookedUp) {
            // Whoever stands between may say so after the service has done it.
            later(destination, effect, true, detail);
        } else if (status < 400 || (effect.unknown() && IN_BETWEEN.contains(status))) {
            later(destination, effect, effect.unknown(), detail);
        } else {
            SaidOutside said = SaidOutside.read(response.body());
            answer(effect, false, said == null ? SaidOutside.NOTHING : said.answers(), detail);
        }
    }

    /** @param unknown whether it may have happened */
    private void later(Destination destination, Due effect, boolean unknown, String detail) {
        if (effect.attempts() >= destination.mostAttempts()) {
            if (unknown) {
                stuck(effect, detail + ", " + effect.attempts() + " times");
            } else {
                answer(effect, false, SaidOutside.NOTHING, detail + ", " + effect.attempts() + " times");
            }
            return;
        }
        Duration after = Line.backOff(effect.attempts() - 1);
        if (unknown) {
            boolean looksUp = destination.ability() == Destination.Ability.LOOK_UP;
            queue.unknown(effect, looksUp && after.compareTo(UNTIL_LOOKED_UP) < 0 ? UNTIL_LOOKED_UP : after, detail);
        } else {
            queue.again(effect, after, detail);
        }
    }

    private void stuck(Due effect, String detail) {
        LOG.warn("effect {} at {} needs a person: {}", effect.key(), effect.destination(), detail);
        String reason = "effect " + effect.number() + " at " + effect.destination() + ": " + detail;
        Answer<Order> answer = submit(effect, new OrderCommand.OpenException(ExceptionKind.UNANSWERED, reason));
        if (answer instanceof Answer.Refused<Order>(var refusal) && !KNOWN_ALREADY.contains(refusal.code())) {
            queue.unknown(effect, UNTIL_LOOKED_UP, detail);
        } else {
            queue.stuck(effect, detail);
        }
    }

    private Answer<Order> submit(Due effect, OrderCommand command) {
        Audit audit = new Audit("effect:" + effect.destination(), effect.key(), Engine.now(), "");
        return engine.submit(Lane.DUE, effect.order(), false, new HubCommand.ForOrder(command), List.of(), audit)
                .join();
    }

    private void answer(Due effect, boolean done, SortedMap<String, String> answers, String detail) {
        Answer<Order> answer = submit(effect, new OrderCommand.AnswerEffect(effect.number(), done, answers, detail));
        if (answer instanceof Answer.Refused<Order>(var refusal) && !KNOWN_ALREADY.contains(refusal.code())) {
            // The service has the key: asked again, it answers alike. One that cannot is looked up, or is for a person.
            queue.unknown(effect, UNTIL_LOOKED_UP, "answered, but the hub said " + refusal.detail());
            return;
        }
        CrashPoint.EFFECT_KNOWN.pass();
        queue.answered(effect, detail);
    }
}
