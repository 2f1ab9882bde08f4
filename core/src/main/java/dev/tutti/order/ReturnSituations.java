package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Known;
import dev.tutti.order.Situation.Trait;
import dev.tutti.returns.Return;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Returns as the verifier of flows sees them, announced or come unannounced. */
final class ReturnSituations extends JourneySituations {
    private static final List<Trait> MONEY = List.of(Trait.OWED_BACK, Trait.PAYING);

    ReturnSituations(Flow flow) {
        super(flow);
        tell(Trait.EXPECTED, Trait.UNDECIDED, Trait.OWED_BACK, Trait.PAYING);
        tellIfAsked(OrderFact.UNITS_RECEIVED, Trait.RECEIVED);
    }

    @Override
    Situation stands(Situation now, Order order, Journey journey) {
        Return one = order.returns().all().get(journey.number() - 1);
        return now.with(Trait.EXPECTED, one.expected() > 0)
                .with(Trait.RECEIVED, one.received() > 0)
                .with(Trait.UNDECIDED, one.undecided() > 0)
                .with(Trait.OWED_BACK, Balance.of(order).owedBack() > 0)
                .with(Trait.PAYING, order.payments().busy());
    }

    @Override
    List<Situation> beginnings(Situation now) {
        Situation announced = now.with(Trait.EXPECTED).with(Trait.OWED_BACK).with(Trait.PAYING);
        Situation here = announced.without(Trait.EXPECTED).with(Trait.RECEIVED).with(Trait.UNDECIDED);
        return List.of(announced, here).stream()
                .flatMap(begun -> begun.losingAny(MONEY).stream())
                .toList();
    }

    @Override
    public @Nullable String forbids(Action action, Situation now) {
        if (action != Action.CLOSE) {
            return null;
        }
        if (now.is(Trait.EXPECTED)) {
            return "a return that is still expected cannot be over";
        }
        return now.is(Trait.UNDECIDED) || now.is(Trait.OWED_BACK)
                ? "a return cannot be over before the price of what came back is given back, or written off"
                : null;
    }

    @Override
    List<Outcome<Situation>> allOutcomes(Action action, Situation now) {
        return switch (action) {
            case WAIT, NOTIFY, INVOICE -> done(now);
            case CALL -> List.of(new Outcome<>(How.ASKED, now));
            case CANCEL -> done(now.without(Trait.EXPECTED));
            case REFUND -> refunding(now);
            case WRITE_OFF -> done(now.without(Trait.UNDECIDED).without(Trait.OWED_BACK));
            case OPEN_EXCEPTION -> done(now.with(Trait.EXCEPTION));
            case CLOSE -> List.of(new Outcome<>(How.OVER, now));
            default -> throw new IllegalArgumentException("no return can be asked for " + action);
        };
    }

    /** Nothing was paid for it, a provider is asked for all or for a part, or none can give it back. */
    private static List<Outcome<Situation>> refunding(Situation now) {
        Situation decided = now.without(Trait.UNDECIDED).without(Trait.OWED_BACK);
        Situation owed = decided.with(Trait.OWED_BACK);
        List<Outcome<Situation>> nothingOwed =
                List.of(new Outcome<>(How.DONE, decided), new Outcome<>(How.ASKED, decided));
        if (!now.is(Trait.UNDECIDED) && !now.is(Trait.OWED_BACK)) {
            return now.is(Trait.PAYING) ? nothingOwed : done(decided);
        }
        return List.of(
                new Outcome<>(How.DONE, decided),
                new Outcome<>(How.ASKED, decided.with(Trait.PAYING)),
                new Outcome<>(How.ASKED, owed.with(Trait.PAYING)),
                new Outcome<>(How.FAILED, owed));
    }

    @Override
    public List<Situation> answered(Action asked, How how, Situation now) {
        if (asked != Action.REFUND) {
            return List.of(now);
        }
        return how == How.DONE
                ? now.without(Trait.UNDECIDED).without(Trait.OWED_BACK).losingAny(MONEY)
                : now.with(Trait.OWED_BACK).losingAny(MONEY);
    }

    @Override
    void happenings(Action at, Situation now, List<Happening<Situation>> all) {
        if (now.is(Trait.EXPECTED)) {
            for (Situation less : now.losingAny(List.of(Trait.EXPECTED))) {
                boolean allHere = !less.is(Trait.EXPECTED);
                Situation come = less.with(Trait.RECEIVED).with(Trait.UNDECIDED);
                all.add(new Happening<>("units come", UNITS_CHANGED, false, allHere, come));
                all.add(new Happening<>("units are not expected any more", UNITS_CHANGED, false, allHere, less));
            }
        }
        all.add(unheard("other units of the order come back", now.with(Trait.OWED_BACK)));
        all.add(unheard("a payment provider is asked", now.with(Trait.PAYING)));
        all.add(unheard(
                "others are given back their money", now.with(Trait.PAYING).without(Trait.OWED_BACK)));
        Trigger.Event event = at == Action.REFUND ? null : PAYMENT_CHANGED;
        if (now.is(Trait.PAYING)) {
            for (Situation after : now.with(Trait.OWED_BACK).losingAny(MONEY)) {
                all.add(new Happening<>("a payment provider answers", event, true, false, after));
            }
        }
        if (now.is(Trait.OWED_BACK)) {
            Situation after = now.without(Trait.OWED_BACK);
            all.add(new Happening<>("what is owed is written off", event, false, false, after));
        }
    }

    @Override
    Known known(Situation now, OrderFact fact) {
        return switch (fact) {
            case UNITS_EXPECTED -> some(now.is(Trait.EXPECTED));
            case UNITS_RECEIVED -> some(now.is(Trait.RECEIVED));
            case UNITS_UNDECIDED -> some(now.is(Trait.UNDECIDED));
            case ORDER_HOLDS -> ANY_NUMBER;
            case PAYMENT_OWED_BACK -> some(now.is(Trait.OWED_BACK));
            case PAYMENT_BUSY -> new Known.Flag(now.is(Trait.PAYING));
            default -> Known.NOTHING;
        };
    }
}
