package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Abstraction.Happening;
import dev.tutti.flow.verify.Abstraction.How;
import dev.tutti.flow.verify.Abstraction.Outcome;
import dev.tutti.order.Situation.Trait;
import java.util.ArrayList;
import java.util.List;

/** What may become of an order's money. */
final class MoneySituations {
    static final List<Trait> ALL = List.of(Trait.HELD, Trait.DUE, Trait.OWED_BACK, Trait.PAYING);

    private MoneySituations() {}

    static List<Outcome<Situation>> authorising(Situation now) {
        return List.of(new Outcome<>(How.ASKED, now.with(Trait.PAYING)), new Outcome<>(How.DONE, now));
    }

    static List<Outcome<Situation>> capturing(Situation now) {
        return canCapture(now) ? JourneySituations.asked(captured(now), How.DONE) : JourneySituations.done(now);
    }

    private static boolean canCapture(Situation now) {
        return now.is(Trait.DUE) && now.is(Trait.HELD);
    }

    /** All of it, or as much as is held. */
    private static List<Situation> captured(Situation now) {
        return now.with(Trait.PAYING).losingAny(List.of(Trait.DUE, Trait.HELD));
    }

    static List<Outcome<Situation>> settling(Situation now) {
        if (now.is(Trait.PAYING)) {
            return JourneySituations.asked(List.of(now), How.ASKED);
        }
        if (canCapture(now)) {
            return JourneySituations.asked(captured(now), How.ASKED);
        }
        if (now.is(Trait.OWED_BACK)) {
            return JourneySituations.asked(List.of(refunding(now)), How.ASKED);
        }
        if (now.is(Trait.DUE)) {
            return JourneySituations.asked(List.of(now), How.FAILED);
        }
        return now.is(Trait.HELD) && !now.isAny(OrderSituations.LIVE)
                ? JourneySituations.asked(List.of(lettingGo(now)), How.ASKED)
                : JourneySituations.done(now);
    }

    private static Situation refunding(Situation now) {
        return now.with(Trait.PAYING).without(Trait.OWED_BACK);
    }

    private static Situation lettingGo(Situation now) {
        return now.with(Trait.PAYING).without(Trait.HELD);
    }

    static List<Situation> answered(Action asked, How how, Situation now) {
        return switch (asked) {
            case AUTHORISE -> {
                Situation after = how == How.DONE ? now.with(Trait.HELD) : now;
                yield List.of(after.without(Trait.PAYING), after);
            }
            case SETTLE -> how == How.DONE ? settled(now) : refused(now.without(Trait.PAYING));
            default -> List.of(now);
        };
    }

    /** What is held for units that are still to go stays so. */
    private static List<Situation> settled(Situation now) {
        Situation after = now.without(ALL);
        return now.isAny(OrderSituations.LIVE) ? List.of(after, after.with(Trait.HELD)) : List.of(after);
    }

    /** What may be due, if the customer has anything, or what came back is not decided. */
    private static Situation owing(Situation now) {
        return now.with(Trait.DUE, now.is(Trait.DUE) || now.is(Trait.GONE) || now.is(Trait.UNDECIDED));
    }

    /** Whatever a provider may have refused. */
    private static List<Situation> refused(Situation now) {
        return owing(now.with(Trait.HELD).with(Trait.OWED_BACK))
                .losingAny(List.of(Trait.HELD, Trait.DUE, Trait.OWED_BACK));
    }

    static void happenings(Action at, Situation now, List<Happening<Situation>> all) {
        Trigger.Event event = at == Action.SETTLE ? null : JourneySituations.PAYMENT_CHANGED;
        if (now.is(Trait.PAYING)) {
            List<Situation> answers = new ArrayList<>(refused(now));
            answers.add(now);
            for (Situation after : answers) {
                all.add(new Happening<>("a payment provider answers", event, true, false, after));
                if (at != Action.SETTLE) {
                    Situation last = after.without(Trait.PAYING);
                    all.add(new Happening<>("a payment provider answers all", event, true, false, last));
                }
            }
        }
        if (now.is(Trait.DUE) || now.is(Trait.OWED_BACK)) {
            Situation after = now.without(Trait.DUE).without(Trait.OWED_BACK);
            all.add(new Happening<>("what is owed is written off", event, false, false, after));
        }
        List<Situation> again = new ArrayList<>();
        if (canCapture(now)) {
            again.addAll(captured(now));
        }
        if (now.is(Trait.OWED_BACK)) {
            again.add(refunding(now));
        }
        if (now.is(Trait.HELD) && !now.isAny(OrderSituations.LIVE)) {
            again.add(lettingGo(now));
        }
        again.forEach(after -> all.add(JourneySituations.unheard("somebody asks for the money", after)));
        returns(now, all);
    }

    private static void returns(Situation now, List<Happening<Situation>> all) {
        if (now.is(Trait.GONE)) {
            comeBack("the customer brings units back", now.with(Trait.UNDECIDED), all);
        }
        if (now.is(Trait.UNDECIDED)) {
            comeBack("it is decided about the price of what came back", now, all);
        }
    }

    private static void comeBack(String words, Situation now, List<Happening<Situation>> all) {
        List<Trait> some = List.of(Trait.GONE, Trait.UNDECIDED, Trait.DUE, Trait.OWED_BACK);
        for (Situation after : now.with(Trait.OWED_BACK).losingAny(some)) {
            boolean paidFor = after.is(Trait.GONE) || after.is(Trait.UNDECIDED);
            all.add(JourneySituations.unheard(words, paidFor ? after : after.without(Trait.DUE)));
        }
    }
}
