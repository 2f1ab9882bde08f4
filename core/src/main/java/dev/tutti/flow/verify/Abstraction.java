package dev.tutti.flow.verify;

import dev.tutti.flow.Action;
import dev.tutti.flow.Trigger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier is told of that which travels: its situations, of which there are finitely many, and all that may
 * become of each. It may say that more is possible than is; it must not leave out anything that is.
 *
 * @param <S> a situation; equal ones are the same
 */
public interface Abstraction<S> {
    /** All in which a flow may begin. */
    List<S> beginnings();

    /** Why an action must not be asked for now, or null if it may. */
    @Nullable
    String forbids(Action action, S situation);

    /** All that an action may come to. */
    List<Outcome<S>> outcomes(Action action, S situation);

    /** How it goes on if nothing is left to do at once, and it waits. */
    S waiting(S situation);

    /** All that an answer may lead to, to what an action asked that waits for it: done, or failed. */
    List<S> answered(Action asked, How how, S situation);

    /** All that may happen while it waits at an action, signals from outside aside, and however often. */
    List<Happening<S>> happenings(Action at, S situation);

    /** After any length of time. */
    S later(S situation);

    Known fact(S situation, String name);

    /** For a story: what is so, in a few words. */
    String words(S situation);

    /** What an action came to. */
    record Outcome<S>(How how, S situation) {}

    /** How an action ended. */
    enum How {
        DONE,
        FAILED,
        /** It waits here until it is answered, which is done or failed. */
        ASKED,
        /** There is nothing more to do, for ever. */
        OVER
    }

    /**
     * Something that happened.
     *
     * @param event what the flow hears of it, or null if nothing
     * @param helps whether it happens sooner or later if all do their work: what a flow may count on
     * @param mustBeHandled whether it would be wrong to stay as if nothing had happened
     */
    record Happening<S>(
            String words, Trigger.@Nullable Event event, boolean helps, boolean mustBeHandled, S situation) {}
}
