package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Journey;
import dev.tutti.payment.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an order has asked of services outside, and what they have answered.
 *
 * @param effects by number, from 1 without a gap
 * @param answers of each name that of the newest effect that gave one, whenever it came
 */
public record Outside(List<Effect> effects, SortedMap<String, Said> answers) {
    public static final Outside NOTHING = new Outside(List.of(), new TreeMap<>());

    public Outside {
        effects = List.copyOf(effects);
    }

    /**
     * One thing asked.
     *
     * @param step of the journey's flow, that asked; empty if none did
     * @param money what a payment provider is to do; null if the service is another
     * @param done what was answered; null if nothing was yet
     */
    public record Effect(
            int number,
            Journey journey,
            String step,
            String destination,
            @Nullable Transaction money,
            @Nullable Boolean done) {}

    /** A text that was answered to an effect. */
    public record Said(String text, int effect) {}

    /** What was answered under a name; empty if nothing was. */
    String answer(String name) {
        Said said = answers.get(name);
        return said == null ? "" : said.text();
    }

    public @Nullable Effect effect(int number) {
        return number >= 1 && number <= effects.size() ? effects.get(number - 1) : null;
    }

    /** Whether an answer is still to come. */
    boolean isAwaited() {
        return effects.stream().anyMatch(effect -> effect.done() == null);
    }

    /** What a step of a journey asked last, or null. */
    @Nullable
    Effect newestOf(Journey journey, String step) {
        for (Effect effect : effects.reversed()) {
            if (effect.journey().equals(journey) && effect.step().equals(step)) {
                return effect;
            }
        }
        return null;
    }

    Outside asked(OrderEvent.EffectIntended event) {
        BrokenInvariant.unless(event.number() == effects.size() + 1, "effects are numbered without a gap");
        List<Effect> next = new ArrayList<>(effects);
        next.add(new Effect(event.number(), event.journey(), event.step(), event.destination(), event.money(), null));
        return new Outside(next, answers);
    }

    Outside answered(OrderEvent.EffectAnswered event) {
        List<Effect> next = new ArrayList<>(effects);
        Effect asked = next.get(event.number() - 1);
        next.set(
                event.number() - 1,
                new Effect(
                        asked.number(),
                        asked.journey(),
                        asked.step(),
                        asked.destination(),
                        asked.money(),
                        event.done()));
        SortedMap<String, Said> all = new TreeMap<>(answers);
        event.answers().forEach((name, text) -> {
            Said before = all.get(name);
            if (before == null || before.effect() < event.number()) {
                all.put(name, new Said(text, event.number()));
            }
        });
        return new Outside(next, all);
    }
}
