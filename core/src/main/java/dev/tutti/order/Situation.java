package dev.tutti.order;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.verify.Known;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How something that travels along a flow stands, as far as the verifier of flows is told.
 *
 * @param traits a bit for each {@link Trait} that it has
 * @param lasting the values of the facts that never change
 */
record Situation(int traits, Combination lasting) {
    /** Values of all facts that never change; each combination there is only once, so that two are soon told apart. */
    static final class Combination {
        private final Map<String, Known> values;

        Combination(Map<String, Known> values) {
            this.values = values;
        }

        Map<String, Known> values() {
            return values;
        }
    }

    /** What may be so; of units, whether there is any. */
    enum Trait {
        OPEN,
        BACKORDERED,
        ALLOCATED,
        RELEASED,
        /** Picked or packed: what an order tells apart no further. */
        IN_HAND,
        PICKED,
        PACKED,
        /** Some that should have been given to their nodes, and are held. */
        HELD_BACK,
        /** Shipped or collected. */
        GONE,
        /** Announced, and not come back yet. */
        EXPECTED,
        RECEIVED,
        /** Received, and nobody has decided about the price. */
        UNDECIDED,
        /** It is only beginning, in the same decision. */
        NEW,
        EXCEPTION,
        /** So much time has passed that no age is too great for it. */
        OLD,
        /** A payment provider holds money that nobody has asked to take or let go. */
        HELD,
        /** The customer has what nobody has asked to be paid for. */
        DUE,
        /** Paid for, and the customer does not have it any more, and nobody has asked to give the money back. */
        OWED_BACK,
        /** A payment provider has yet to answer. */
        PAYING;

        int bit() {
            return 1 << ordinal();
        }
    }

    boolean is(Trait trait) {
        return (traits & trait.bit()) != 0;
    }

    boolean isAny(List<Trait> some) {
        return some.stream().anyMatch(this::is);
    }

    Situation with(Trait trait, boolean has) {
        return new Situation(has ? traits | trait.bit() : traits & ~trait.bit(), lasting);
    }

    Situation with(Trait trait) {
        return with(trait, true);
    }

    Situation without(Trait trait) {
        return with(trait, false);
    }

    Situation without(List<Trait> some) {
        Situation after = this;
        for (Trait trait : some) {
            after = after.without(trait);
        }
        return after;
    }

    /** With no other traits than these, a bit for each. */
    Situation only(int told) {
        return new Situation(traits & told, lasting);
    }

    /** Each way in which some of the traits may be lost, and with all of them kept. */
    List<Situation> losingAny(List<Trait> some) {
        List<Trait> there = some.stream().filter(this::is).toList();
        List<Situation> all = new ArrayList<>();
        for (int lost = 0; lost < 1 << there.size(); lost++) {
            Situation after = this;
            for (int i = 0; i < there.size(); i++) {
                if ((lost & 1 << i) != 0) {
                    after = after.without(there.get(i));
                }
            }
            all.add(after);
        }
        return all;
    }

    /** For a story: what is so, in a few words. */
    String words() {
        Set<String> words = new TreeSet<>();
        for (Trait trait : EnumSet.complementOf(EnumSet.of(Trait.NEW))) {
            if (is(trait)) {
                words.add(Spelling.of(trait));
            }
        }
        lasting.values().forEach((fact, value) -> words.add(fact + " = " + value.words()));
        return words.isEmpty() ? "nothing is left" : String.join(", ", words);
    }
}
