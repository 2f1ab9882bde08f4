package dev.tutti.flow.verify;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Finding.Trouble;
import dev.tutti.flow.verify.Situations.Move;
import dev.tutti.flow.verify.Situations.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all that a flow can come to, the nearest first, and says what is wrong.
 *
 * <p>Anything may happen, and it must be ready for it. But it may count on some of it alone: on time that passes, nodes
 * that do their work, services that answer; not on a customer who calls off, nor on a signal from outside. A flow is good
 * if from every place it can come to that is enough to bring it to its end, whatever those conditions come to of which
 * nothing is known.
 *
 * @param <S> a situation
 */
public final class Verifier<S> {
    /** What {@link dev.tutti.flow} runs without a wait, and nobody needs more. */
    public static final int MOST_STEPS_AT_ONCE = 64;

    private final Flow flow;
    private final Abstraction<S> around;
    private final Situations<S> situations = new Situations<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> said = new TreeSet<>();
    private final Set<String> stepsEntered = new TreeSet<>();
    private final Set<Step.Edge> edgesTaken = new LinkedHashSet<>();

    private Verifier(Flow flow, Abstraction<S> around) {
        this.flow = flow;
        this.around = around;
    }

    /** Looks at all of it. */
    public static <S> Verdict<S> verdict(Flow flow, Abstraction<S> around) {
        Verifier<S> verifier = new Verifier<>(flow, around);
        verifier.verify();
        verifier.findings.sort(Comparator.comparing((Finding finding) -> finding.trouble() == Trouble.CANNOT_END)
                .thenComparingInt(finding -> finding.story().size()));
        return new Verdict<>(flow, around, verifier.findings, verifier.situations);
    }

    private void verify() {
        for (S beginning : around.beginnings()) {
            situations.begin(flow.start().name(), beginning, () -> "an order is placed: " + around.words(beginning));
        }
        for (Place<S> place = situations.next(); place != null; place = situations.next()) {
            if (situations.isTooMany()) {
                say(
                        Trouble.TOO_LARGE,
                        flow.start().name(),
                        "its conditions ask for so many facts that not all of their combinations can be looked at",
                        null);
                return;
            }
            if (place.waits()) {
                wait(place);
            } else {
                enter(place);
            }
        }
        sayWhatIsNeverReached();
        sayCircles();
        sayWhereItCannotEnd();
    }

    /** Once, of the place that is farthest from the beginning: what leads to it can as little come to an end. */
    private void sayWhereItCannotEnd() {
        List<Place<S>> places = situations.thoseThatCannotEnd();
        if (places.isEmpty()) {
            return;
        }
        Place<S> last = places.getLast();
        Set<String> steps = new LinkedHashSet<>();
        places.forEach(place -> steps.add(place.step()));
        say(
                Trouble.CANNOT_END,
                last.step(),
                "nothing that it may count on is sure to bring it to its end, from " + String.join(", ", steps),
                last);
    }

    private void enter(Place<S> place) {
        Step step = flow.step(place.step());
        stepsEntered.add(step.name());
        String forbidden = around.forbids(step.action(), place.situation());
        if (forbidden != null) {
            say(Trouble.NOT_ALLOWED, step.name(), forbidden, place);
            return;
        }
        // What an action comes to is not the flow's to choose: whichever it is, it must lead on.
        Move<S> move = situations.move(place, step::name, true);
        for (Abstraction.Outcome<S> outcome : around.outcomes(step.action(), place.situation())) {
            move.because(() -> step.name() + ": " + words(step.action(), outcome.how()) + "; "
                    + around.words(outcome.situation()));
            if (outcome.how() == Abstraction.How.OVER) {
                move.toTheEnd();
                continue;
            }
            if (outcome.how() == Abstraction.How.ASKED) {
                move.to(step.name(), true, around.waiting(outcome.situation()));
                continue;
            }
            Trigger trigger = outcome.how() == Abstraction.How.DONE ? Trigger.DONE : Trigger.FAILED;
            boolean stays = follow(step, trigger, outcome.situation(), move);
            if (stays) {
                Place<S> rest = move.to(step.name(), true, around.waiting(outcome.situation()));
                if (step.action() != Action.WAIT) {
                    say(
                            Trouble.UNHANDLED_OUTCOME,
                            step.name(),
                            "no edge is sure to lead on when it is " + words(step.action(), outcome.how()),
                            rest);
                }
            }
        }
    }

    private void wait(Place<S> place) {
        Step step = flow.step(place.step());
        boolean sure = false;
        for (S then : List.of(place.situation(), around.later(place.situation()))) {
            for (Trigger timer : timers(step)) {
                Move<S> move = situations.move(place, () -> words(timer) + "; " + around.words(then), true);
                boolean stays = follow(step, timer, then, move);
                if (stays) {
                    move.to(step.name(), true, then);
                }
                sure |= !stays && !move.staysAt(step.name()) && then.equals(place.situation());
                if (!stays) {
                    break; // no later one is ever waited for
                }
            }
        }
        if (!sure) {
            say(Trouble.NO_TIMER, step.name(), "it may wait here for ever: no timer is sure to run", place);
        }
        if (step.action().asks()) {
            for (Abstraction.How how : List.of(Abstraction.How.DONE, Abstraction.How.FAILED)) {
                answered(step, how, place);
            }
        }
        Set<Trigger> heard = new LinkedHashSet<>();
        for (Abstraction.Happening<S> happening : around.happenings(step.action(), place.situation())) {
            Move<S> move = situations.move(
                    place, () -> happening.words() + "; " + around.words(happening.situation()), happening.helps());
            Trigger.Event event = happening.event();
            heard.add(event);
            boolean stays = event == null || follow(step, event, happening.situation(), move);
            if (stays) {
                Place<S> rest = move.to(step.name(), true, happening.situation());
                if (happening.mustBeHandled()) {
                    say(
                            Trouble.UNHANDLED_EVENT,
                            step.name(),
                            "no edge is sure to lead on when " + happening.words(),
                            rest);
                }
            }
        }
        for (Trigger signal : triggers(step, Trigger.Event.class)) {
            if (!heard.contains(signal)) {
                Move<S> move = situations.move(place, () -> words(signal), false);
                if (follow(step, signal, place.situation(), move)) {
                    move.to(step.name(), true, place.situation());
                }
            }
        }
    }

    /** A flow must be ready for either answer, and may count on a service to do sooner or later what it is asked. */
    private void answered(Step step, Abstraction.How how, Place<S> place) {
        Trigger trigger = how == Abstraction.How.DONE ? Trigger.DONE : Trigger.FAILED;
        for (S after : around.answered(step.action(), how, place.situation())) {
            Move<S> move = situations.move(
                    place,
                    () -> step.name() + ": " + words(step.action(), how) + "; " + around.words(after),
                    how == Abstraction.How.DONE);
            if (follow(step, trigger, after, move)) {
                Place<S> rest = move.to(step.name(), true, after);
                say(
                        Trouble.UNHANDLED_OUTCOME,
                        step.name(),
                        "no edge is sure to lead on when it is " + words(step.action(), how),
                        rest);
            }
        }
    }

    /** The one that runs first, first. */
    private static List<Trigger> timers(Step step) {
        return triggers(step, Trigger.After.class).stream()
                .sorted(Comparator.comparing(
                        timer -> timer instanceof Trigger.After(var delay) ? delay : Duration.ZERO))
                .toList();
    }

    private static List<Trigger> triggers(Step step, Class<? extends Trigger> kind) {
        return step.edges().stream()
                .map(Step.Edge::on)
                .filter(kind::isInstance)
                .distinct()
                .toList();
    }

    /** Takes all edges that may be taken; true if it may be that none is. */
    private boolean follow(Step step, Trigger trigger, S situation, Move<S> move) {
        for (Step.Edge edge : step.edges()) {
            if (!edge.on().equals(trigger)) {
                continue;
            }
            Truth holds = Known.truth(edge.when(), fact -> around.fact(situation, fact));
            if (holds == Truth.NO) {
                continue;
            }
            edgesTaken.add(edge);
            String to = edge.to();
            if (to == null) {
                move.to(step.name(), true, around.waiting(situation));
            } else {
                move.to(to, false, situation);
            }
            if (holds == Truth.YES) {
                return false;
            }
        }
        return true;
    }

    private void sayWhatIsNeverReached() {
        for (Step step : flow.steps()) {
            if (!stepsEntered.contains(step.name())) {
                say(Trouble.UNREACHABLE_STEP, step.name(), "no order ever comes here", null);
                continue;
            }
            for (int i = 0; i < step.edges().size(); i++) {
                Step.Edge edge = step.edges().get(i);
                if (!edgesTaken.contains(edge)) {
                    say(
                            Trouble.UNREACHABLE_EDGE,
                            step.name(),
                            "edge " + (i + 1) + " (" + words(edge.on())
                                    + ") is never taken: its condition cannot hold then, or one before it always does",
                            null);
                }
            }
        }
    }

    private void sayCircles() {
        Situations.Circle<S> circle = situations.circle(MOST_STEPS_AT_ONCE);
        if (circle != null) {
            say(
                    Trouble.CIRCLE,
                    circle.at().step(),
                    "it may go on without a wait through " + String.join(", ", circle.steps()),
                    circle.at());
        }
    }

    /** Says one thing of a step once, with the story of the place it was seen at first: that is the nearest. */
    private void say(Trouble trouble, String step, String sentence, @Nullable Place<S> at) {
        boolean structural = trouble == Trouble.UNREACHABLE_EDGE;
        if (said.add(trouble + " " + step + (structural ? sentence : ""))) {
            findings.add(new Finding(trouble, step, sentence, at == null ? List.of() : situations.story(at)));
        }
    }

    private static String words(Action action, Abstraction.How how) {
        String name = action.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (how) {
            case DONE -> action == Action.WAIT ? "reached" : name + " done";
            case FAILED -> name + " not done, or not in full";
            case ASKED -> name + " begun";
            case OVER -> name + ", and that is the end";
        };
    }

    private static String words(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Done d -> "done";
            case Trigger.Failed f -> "failed";
            case Trigger.Event(var name) -> "the event " + name;
            case Trigger.After after -> "after " + after.written();
        };
    }
}
