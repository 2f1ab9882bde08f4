package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Known;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.Situation.Trait;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders as the verifier of flows sees them. */
final class OrderSituations extends JourneySituations {
    static final List<Trait> LIVE =
            List.of(Trait.OPEN, Trait.BACKORDERED, Trait.ALLOCATED, Trait.RELEASED, Trait.IN_HAND);

    private static final Trigger.Event SUPPLY_ARRIVED = new Trigger.Event("supply-arrived");
    private static final Trigger.Event HOLD_RELEASED = (Trigger.Event) Trigger.HOLD_RELEASED;

    OrderSituations(Flow flow) {
        super(flow);
        LIVE.forEach(this::tell);
        tell(Trait.HELD_BACK);
        tellIfAsked(OrderFact.UNITS_GONE, Trait.GONE);
        boolean money = flow.steps().stream()
                .map(Step::action)
                .anyMatch(action -> action == Action.AUTHORISE || action == Action.CAPTURE || action == Action.SETTLE);
        if (money) {
            MoneySituations.ALL.forEach(this::tell);
            tell(Trait.GONE, Trait.UNDECIDED);
        }
    }

    @Override
    Situation told(Situation now) {
        return super.told(now.is(Trait.ALLOCATED) ? now : now.without(Trait.HELD_BACK));
    }

    @Override
    Situation stands(Situation now, Order order, Journey journey) {
        Balance money = Balance.of(order);
        boolean undecided = order.returns().all().stream().anyMatch(one -> one.undecided() > 0);
        return now.with(Trait.OPEN, order.in(UnitState.OPEN) > 0)
                .with(Trait.BACKORDERED, order.in(UnitState.BACKORDERED) > 0)
                .with(Trait.ALLOCATED, order.in(UnitState.ALLOCATED) > 0)
                .with(Trait.RELEASED, order.in(UnitState.RELEASED) > 0)
                .with(Trait.IN_HAND, order.in(UnitState.PICKED) + order.in(UnitState.PACKED) > 0)
                .with(Trait.HELD_BACK, isHeldBack(order))
                .with(Trait.GONE, order.in(UnitState.SHIPPED) + order.in(UnitState.COLLECTED) > 0)
                .with(Trait.UNDECIDED, undecided)
                .with(Trait.HELD, money.held() > 0)
                .with(Trait.DUE, money.due() > 0)
                .with(Trait.OWED_BACK, money.owedBack() > 0)
                .with(Trait.PAYING, money.busy());
    }

    private static boolean isHeldBack(Order order) {
        return order.holds().heldBack().stream()
                .anyMatch(number -> order.fulfilmentOrders().get(number - 1).in(UnitState.ALLOCATED) > 0);
    }

    @Override
    List<Situation> beginnings(Situation now) {
        return List.of(now.with(Trait.OPEN));
    }

    @Override
    public @Nullable String forbids(Action action, Situation now) {
        if (action == Action.REFUSE) {
            return now.is(Trait.NEW) ? null : "an order that was taken cannot be refused any more";
        }
        if (action != Action.CLOSE) {
            return null;
        }
        if (now.isAny(LIVE)) {
            return "an order with units that are on their way cannot be closed";
        }
        return now.isAny(MoneySituations.ALL) ? "an order whose money is not settled cannot be closed" : null;
    }

    @Override
    List<Outcome<Situation>> allOutcomes(Action action, Situation now) {
        return switch (action) {
            case WAIT, NOTIFY, HOLD, INVOICE -> done(now);
            case VALIDATE, SCREEN -> List.of(new Outcome<>(How.DONE, now), new Outcome<>(How.FAILED, now));
            case SOURCE -> sourced(now);
            case PARK -> parked(now);
            case RELEASE -> released(now);
            case RELEASE_HOLD -> now.is(Trait.HELD_BACK) ? released(now) : done(now);
            case REFUSE -> now.is(Trait.OPEN) ? List.of(new Outcome<>(How.OVER, now)) : done(now);
            case CANCEL_UNFILLED -> done(now.without(Trait.OPEN).without(Trait.BACKORDERED));
            case CANCEL -> done(now.without(LIVE));
            case CALL -> List.of(new Outcome<>(How.ASKED, now));
            case AUTHORISE -> MoneySituations.authorising(now);
            case CAPTURE -> MoneySituations.capturing(now);
            case SETTLE -> MoneySituations.settling(now);
            case WRITE_OFF -> done(now.without(Trait.DUE).without(Trait.OWED_BACK));
            case OPEN_EXCEPTION -> done(now.with(Trait.EXCEPTION));
            case CLOSE -> List.of(new Outcome<>(How.OVER, now.without(Trait.EXCEPTION)));
            case GIVE_BACK, REFUND -> throw new IllegalArgumentException("no order can be asked for " + action);
        };
    }

    /** What may not wait is called off. */
    private static List<Outcome<Situation>> parked(Situation now) {
        Situation left = now.without(Trait.OPEN);
        return now.is(Trait.OPEN)
                ? List.of(new Outcome<>(How.DONE, left.with(Trait.BACKORDERED)), new Outcome<>(How.DONE, left))
                : done(now);
    }

    /** All of it, or all but what is held. */
    private static List<Outcome<Situation>> released(Situation now) {
        if (!now.is(Trait.ALLOCATED)) {
            return done(now);
        }
        Situation held = now.with(Trait.HELD_BACK);
        return List.of(
                new Outcome<>(How.DONE, freed(now)),
                new Outcome<>(How.DONE, held),
                new Outcome<>(How.DONE, held.with(Trait.RELEASED)));
    }

    private static Situation freed(Situation now) {
        return now.without(Trait.ALLOCATED).without(Trait.HELD_BACK).with(Trait.RELEASED);
    }

    private static List<Outcome<Situation>> sourced(Situation now) {
        boolean open = now.is(Trait.OPEN);
        boolean backordered = now.is(Trait.BACKORDERED);
        if (!open && !backordered) {
            return done(now);
        }
        List<Outcome<Situation>> outcomes = new ArrayList<>(
                done(now.without(Trait.OPEN).without(Trait.BACKORDERED).with(Trait.ALLOCATED)));
        outcomes.add(new Outcome<>(How.FAILED, now));
        Situation some = now.with(Trait.ALLOCATED);
        outcomes.add(new Outcome<>(How.FAILED, some));
        if (open && backordered) {
            outcomes.add(new Outcome<>(How.FAILED, some.without(Trait.OPEN)));
            outcomes.add(new Outcome<>(How.FAILED, some.without(Trait.BACKORDERED)));
        }
        return outcomes;
    }

    @Override
    public List<Situation> answered(Action asked, How how, Situation now) {
        return MoneySituations.answered(asked, how, now);
    }

    @Override
    void happenings(Action at, Situation now, List<Happening<Situation>> all) {
        if (now.is(Trait.BACKORDERED)) {
            all.add(new Happening<>("stock arrives", SUPPLY_ARRIVED, true, true, now));
        }
        if (now.is(Trait.HELD_BACK)) {
            all.add(new Happening<>("what was held may go on", HOLD_RELEASED, true, false, freed(now)));
            Situation less = now.with(Trait.RELEASED);
            all.add(new Happening<>("some of what was held may go on", HOLD_RELEASED, false, false, less));
        }
        for (Situation after : losing(now, List.of(Trait.RELEASED))) {
            all.add(changed(now, "units are picked", true, after.with(Trait.IN_HAND)));
        }
        for (Situation after : losing(now, List.of(Trait.IN_HAND))) {
            all.add(changed(now, "units are worked on", true, after.with(Trait.IN_HAND)));
            Situation gone = after.with(Trait.GONE);
            all.add(changed(now, "units leave", true, gone));
            all.add(changed(now, "units leave, to be paid for", true, gone.with(Trait.DUE)));
        }
        for (Situation after : losing(now, List.of(Trait.RELEASED, Trait.IN_HAND))) {
            all.add(changed(now, "units are rejected", false, after.with(Trait.OPEN)));
        }
        for (Situation after : losing(now, List.of(Trait.ALLOCATED, Trait.RELEASED))) {
            all.add(changed(now, "units turn out not to be there", false, after.with(Trait.OPEN)));
        }
        for (Situation after : losing(now, LIVE)) {
            all.add(changed(now, "units are called off", false, after));
        }
        MoneySituations.happenings(at, now, all);
    }

    /** Nothing if there is none of them. */
    private static List<Situation> losing(Situation now, List<Trait> some) {
        return now.isAny(some) ? now.losingAny(some) : List.of();
    }

    /** Units that nobody looks after any more, or none that are left, are what a flow must not overlook. */
    private static Happening<Situation> changed(Situation before, String words, boolean helps, Situation after) {
        boolean givenBack = after.is(Trait.OPEN) && !before.is(Trait.OPEN);
        return new Happening<>(words, UNITS_CHANGED, helps, givenBack || !after.isAny(LIVE), after);
    }

    @Override
    Known known(Situation now, OrderFact fact) {
        return switch (fact) {
            case UNITS_LIVE -> some(now.isAny(LIVE));
            case UNITS_OPEN -> some(now.is(Trait.OPEN));
            case UNITS_BACKORDERED -> some(now.is(Trait.BACKORDERED));
            case UNITS_ALLOCATED -> some(now.is(Trait.ALLOCATED));
            case UNITS_RELEASED -> some(now.is(Trait.RELEASED));
            case UNITS_GONE -> some(now.is(Trait.GONE));
            case ORDER_HOLDS -> new Known.Between(now.is(Trait.HELD_BACK) ? 1 : 0, Long.MAX_VALUE);
            case PAYMENT_HELD -> some(now.is(Trait.HELD));
            case PAYMENT_DUE -> some(now.is(Trait.DUE));
            case PAYMENT_OWED_BACK -> some(now.is(Trait.OWED_BACK));
            case PAYMENT_BUSY -> new Known.Flag(now.is(Trait.PAYING));
            default -> Known.NOTHING;
        };
    }
}
