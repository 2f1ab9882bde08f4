package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Journey;
import dev.tutti.flow.verify.Known;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.Situation.Trait;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fulfilment orders as the verifier of flows sees them, from when their nodes have been given something of them. */
final class WorkSituations extends JourneySituations {
    private static final List<Trait> LIVE = List.of(Trait.ALLOCATED, Trait.RELEASED, Trait.PICKED, Trait.PACKED);

    private static final List<Trait> UNTOUCHED = List.of(Trait.ALLOCATED, Trait.RELEASED);

    WorkSituations(Flow flow) {
        super(flow);
        LIVE.forEach(this::tell);
        tellIfAsked(OrderFact.UNITS_GONE, Trait.GONE);
    }

    @Override
    Situation stands(Situation now, Order order, Journey journey) {
        FulfilmentOrder work = order.fulfilmentOrders().get(journey.number() - 1);
        return now.with(Trait.ALLOCATED, work.in(UnitState.ALLOCATED) > 0)
                .with(Trait.RELEASED, work.in(UnitState.RELEASED) > 0)
                .with(Trait.PICKED, work.in(UnitState.PICKED) > 0)
                .with(Trait.PACKED, work.in(UnitState.PACKED) > 0)
                .with(Trait.GONE, work.in(UnitState.SHIPPED) + work.in(UnitState.COLLECTED) > 0);
    }

    @Override
    List<Situation> beginnings(Situation now) {
        Situation given = now.with(Trait.RELEASED);
        return List.of(given, given.with(Trait.ALLOCATED));
    }

    @Override
    public @Nullable String forbids(Action action, Situation now) {
        if (action == Action.CLOSE) {
            return now.isAny(LIVE) ? "a fulfilment order with units that are on their way cannot be over" : null;
        }
        boolean takes = action == Action.GIVE_BACK || action == Action.CANCEL;
        return takes && now.is(Trait.NEW)
                ? "a node that was given its work this moment has had no time for it: wait before it is taken away"
                : null;
    }

    @Override
    List<Outcome<Situation>> allOutcomes(Action action, Situation now) {
        return switch (action) {
            case WAIT, NOTIFY -> done(now);
            case CALL -> List.of(new Outcome<>(How.ASKED, now));
            case GIVE_BACK -> done(now.without(UNTOUCHED));
            case CANCEL -> done(now.without(LIVE));
            case OPEN_EXCEPTION -> done(now.with(Trait.EXCEPTION));
            case CLOSE -> List.of(new Outcome<>(How.OVER, now));
            default -> throw new IllegalArgumentException("no fulfilment order can be asked for " + action);
        };
    }

    @Override
    public List<Situation> answered(Action asked, How how, Situation now) {
        return List.of(now);
    }

    @Override
    void happenings(Action at, Situation now, List<Happening<Situation>> all) {
        changes("what was held may go on", true, now, List.of(Trait.ALLOCATED), Trait.RELEASED, all);
        changes("units are picked", true, now, List.of(Trait.RELEASED), Trait.PICKED, all);
        changes("units are packed", true, now, List.of(Trait.PICKED), Trait.PACKED, all);
        changes("units leave", true, now, List.of(Trait.PACKED), Trait.GONE, all);
        changes("units are given back", false, now, List.of(Trait.RELEASED, Trait.PICKED), null, all);
        changes("units turn out not to be there", false, now, UNTOUCHED, null, all);
        changes("units are called off", false, now, LIVE, null, all);
        if (now.is(Trait.GONE)) {
            for (Situation after : now.losingAny(List.of(Trait.GONE))) {
                all.add(new Happening<>("the customer brings units back", UNITS_CHANGED, false, false, after));
            }
        }
    }

    private static void changes(
            String words,
            boolean helps,
            Situation now,
            List<Trait> from,
            @Nullable Trait to,
            List<Happening<Situation>> all) {
        if (now.isAny(from)) {
            for (Situation less : now.losingAny(from)) {
                Situation after = to == null ? less : less.with(to);
                all.add(new Happening<>(words, UNITS_CHANGED, helps, !after.isAny(LIVE), after));
            }
        }
    }

    @Override
    Known known(Situation now, OrderFact fact) {
        return switch (fact) {
            case UNITS_LIVE -> some(now.isAny(LIVE));
            case UNITS_ALLOCATED -> some(now.is(Trait.ALLOCATED));
            case UNITS_RELEASED -> some(now.is(Trait.RELEASED));
            case UNITS_PICKED -> some(now.is(Trait.PICKED));
            case UNITS_PACKED -> some(now.is(Trait.PACKED));
            case UNITS_GONE -> some(now.is(Trait.GONE));
            case ORDER_HOLDS -> ANY_NUMBER;
            default -> Known.NOTHING;
        };
    }
}
