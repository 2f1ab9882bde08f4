package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an order has asked of services outside, and what they have answered.
 *
 * @param effects by number, from 1 without a gap
 * @param answers the newest of each name, whoever gave it
 */
public record Outside(List<Effect> effects, SortedMap<String, String> answers) {
    public static final Outside NOTHING = new Outside(List.of(), new TreeMap<>());

    public Outside {
        effects = List.copyOf(effects);
    }

    /**
     * One thing asked.
     *
     * @param step of the flow, that asked
     * @param done what was answered; null if nothing was yet
     */
    public record Effect(
            int number,
            String step,
            String destination,
            @Nullable Boolean done) {}

    public @Nullable Effect effect(int number) {
        return number >= 1 && number <= effects.size() ? effects.get(number - 1) : null;
    }

    /** What a step asked last, or null. */
    @Nullable
    Effect newestOf(String step) {
        for (Effect effect : effects.reversed()) {
            if (effect.step().equals(step)) {
                return effect;
            }
        }
        return null;
    }

    Outside asked(OrderEvent.EffectIntended event) {
        BrokenInvariant.unless(event.number() == effects.size() + 1, "effects are numbered without a gap");
        List<Effect> next = new ArrayList<>(effects);
        next.add(new Effect(event.number(), event.step(), event.destination(), null));
        return new Outside(next, answers);
    }

    Outside answered(OrderEvent.EffectAnswered event) {
        List<Effect> next = new ArrayList<>(effects);
        Effect asked = next.get(event.number() - 1);
        next.set(event.number() - 1, new Effect(asked.number(), asked.step(), asked.destination(), event.done()));
        SortedMap<String, String> all = new TreeMap<>(answers);
        all.putAll(event.answers());
        return new Outside(next, all);
    }
}
