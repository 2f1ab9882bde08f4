package dev.tutti.server.effects;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Lane;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubCommand;
import dev.tutti.order.Contact;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.Outside;
import dev.tutti.postgres.Destination;
import dev.tutti.postgres.Destination.Ability;
import dev.tutti.postgres.EffectQueue;
import dev.tutti.postgres.EffectQueue.Due;
import dev.tutti.postgres.Secrets;
import dev.tutti.server.crash.CrashPoint;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.outgoing.Heard;
import dev.tutti.server.outgoing.Outgoing;
import dev.tutti.server.outgoing.Signature;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one call and sees to what becomes of it. What an order has intended is done, also if the order is over meanwhile:
 * whoever is told of its end is told of it after the end.
 */
final class Caller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);
    /** After how long "there is none" is believed of a key that was sent. */
    private static final Duration UNTIL_LOOKED_UP = Duration.ofSeconds(10);

    /** How long money may be under way at a provider that has said it will answer by itself. */
    private static final Duration MONEY_MAY_TAKE = Duration.ofDays(1);

    /** When a person who was asked to find out is asked again. */
    private static final Duration UNTIL_REMINDED = Duration.ofDays(1);

    /** An answer in hand is not let go because the hub is busy: the lease is made longer meanwhile. */
    private static final Duration WHILE_BUSY = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 200;
    private static final int TRIES_WHILE_BUSY = 1_500;

    private static final Set<RefusalCode> KNOWN_ALREADY =
            EnumSet.of(RefusalCode.NOT_EXPECTED_NOW, RefusalCode.UNKNOWN_ORDER);

    private final Engine engine;
    private final EffectQueue queue;
    private final Question question;
    private final Outgoing outgoing = new Outgoing();

    Caller(Engine engine, EffectQueue queue, OrderOnWire onWire) {
        this.engine = engine;
        this.queue = queue;
        this.question = new Question(queue, onWire);
    }

    /**
     * @param notAfter of {@link System#nanoTime}: later than this nothing is sent any more, for the lease ends soon after
     * @return whether the service answered anything; null if it was not called
     */
    @Nullable
    Boolean call(Destination destination, Due taken, long notAfter) {
        Order order = engine.reads().order(taken.order());
        Outside.Effect asked = order == null ? null : order.outside().effect(taken.number());
        if (order == null || asked == null || asked.done() != null) {
            queue.answered(taken, "the order knows already");
            return null;
        }
        if (taken.unknown() && destination.ability() == Ability.NEITHER) {
            stuck(taken, "the answer was lost or never came, and " + destination.code() + " cannot be asked again");
            return null;
        }
        boolean looksUp = taken.unknown() && destination.ability() == Ability.LOOK_UP;
        byte[] body = looksUp ? new byte[0] : question.body(taken, order, asked, told(destination, order));
        List<String> secrets = engine.database().secrets().of(Secrets.Receiver.DESTINATION, destination.code());
        Outgoing.Looked to = Outgoing.look(
                looksUp ? destination.url() + "/" + taken.key() : destination.url(), destination.inside());
        Due effect = System.nanoTime() - notAfter > 0 ? null : queue.sending(taken);
        if (effect == null) {
            return null; // somebody else takes it up
        }
        CrashPoint.EFFECT_TAKEN_UP.pass();
        return switch (sent(to, destination, effect, looksUp, body, secrets)) {
            case Heard.NotSent(var why) -> {
                again(destination, effect, why);
                yield false;
            }
            case Heard.Lost(var why) -> {
                unknown(destination, effect, why);
                yield false;
            }
            case Heard.Answered(var status, var said) -> {
                CrashPoint.EFFECT_CALLED.pass();
                hear(destination, effect, asked, Meaning.of(status, said, looksUp), "HTTP " + status);
                yield status < 500;
            }
        };
    }

    private List<Contact> told(Destination destination, Order order) {
        return destination.contacts() ? engine.reads().contacts(order.id().value()) : List.of();
    }

    private Heard sent(
            Outgoing.Looked to,
            Destination destination,
            Due effect,
            boolean looksUp,
            byte[] body,
            List<String> secrets) {
        try {
            return outgoing.send(to, destination.timeoutSeconds(), Outgoing.BODY, request -> {
                Signature.sign(request, secrets, effect.key(), body);
                if (looksUp) {
                    request.GET();
                } else {
                    request.header("Content-Type", "application/json")
                            .header("Idempotency-Key", effect.key())
                            .POST(BodyPublishers.ofByteArray(body));
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Heard.Lost("the server was stopped");
        }
    }

    private void hear(Destination destination, Due effect, Outside.Effect asked, Meaning meaning, String detail) {
        switch (meaning) {
            case Meaning.Said(var done, var answers) -> answer(destination, effect, done, answers, detail);
            case Meaning.Later() ->
                queue.asked(effect, asked.money() == null ? null : MONEY_MAY_TAKE, "its answer comes later");
            case Meaning.NotThisTime() -> again(destination, effect, detail);
            case Meaning.Never() -> queue.again(effect, Duration.ZERO, "not known there");
            case Meaning.Unknown() -> unknown(destination, effect, detail);
            case Meaning.NotUnderstood() -> unknown(destination, effect, "what it answers is not understood");
        }
    }

    /** This attempt has done nothing; if an earlier one may have, that is as unknown as before. */
    private void again(Destination destination, Due effect, String detail) {
        if (effect.unknown()) {
            unknown(destination, effect, detail);
        } else if (effect.attempts() >= destination.mostAttempts()) {
            answer(destination, effect, false, SaidOutside.NOTHING, detail + ", " + effect.attempts() + " times");
        } else {
            queue.again(effect, Line.backOff(effect.attempts() - 1), detail);
        }
    }

    private void unknown(Destination destination, Due effect, String detail) {
        if (effect.attempts() >= destination.mostAttempts()) {
            stuck(effect, detail);
            return;
        }
        Duration after = Line.backOff(effect.attempts() - 1);
        boolean looksUp = destination.ability() == Ability.LOOK_UP;
        queue.unknown(effect, looksUp && after.compareTo(UNTIL_LOOKED_UP) < 0 ? UNTIL_LOOKED_UP : after, detail);
    }

    private void stuck(Due effect, String detail) {
        LOG.warn("effect {} at {} needs a person: {}", effect.key(), effect.destination(), detail);
        String reason = "effect " + effect.number() + " at " + effect.destination() + ": " + detail;
        Answer<Order> answer = submit(effect, new OrderCommand.OpenException(ExceptionKind.UNANSWERED, reason));
        if (answer instanceof Answer.Refused<Order>(var refusal) && !KNOWN_ALREADY.contains(refusal.code())) {
            queue.unknown(effect, UNTIL_LOOKED_UP, detail);
        } else {
            queue.stuck(effect, UNTIL_REMINDED, detail);
        }
    }

    private void answer(
            Destination destination, Due effect, boolean done, SortedMap<String, String> answers, String detail) {
        Answer<Order> answer = submit(effect, new OrderCommand.AnswerEffect(effect.number(), done, answers, detail));
        if (answer instanceof Answer.Refused<Order>(var refusal) && !KNOWN_ALREADY.contains(refusal.code())) {
            // The service has the key: asked again, it answers alike. One that cannot is looked up, or is for a person.
            unknown(destination, effect, "answered, but the hub said " + refusal.detail());
            return;
        }
        CrashPoint.EFFECT_KNOWN.pass();
        queue.answered(effect, detail);
    }

    /** Waits while the hub is too busy to take it, for as long as nobody else has taken the effect up. */
    private Answer<Order> submit(Due effect, OrderCommand command) {
        Audit audit = new Audit("effect:" + effect.destination(), effect.key(), Engine.now(), "");
        Answer<Order> answer = submitOnce(effect, command, audit);
        for (int tries = 1; isBusy(answer) && tries < TRIES_WHILE_BUSY; tries++) {
            boolean ours = tries % 50 != 1 || queue.unknown(effect, WHILE_BUSY, "its answer waits to be taken in");
            if (!ours || !paused()) {
                return answer;
            }
            answer = submitOnce(effect, command, audit);
        }
        return answer;
    }

    private Answer<Order> submitOnce(Due effect, OrderCommand command, Audit audit) {
        return engine.submit(Lane.DUE, effect.order(), false, new HubCommand.ForOrder(command), List.of(), audit)
                .join();
    }

    private static boolean isBusy(Answer<Order> answer) {
        return answer instanceof Answer.Refused<Order>(var refusal) && refusal.code() == RefusalCode.OVERLOADED;
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        outgoing.close();
    }
}
