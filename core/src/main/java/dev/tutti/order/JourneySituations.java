package dev.tutti.order;

import dev.tutti.flow.Action;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.Journey;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Abstraction;
import dev.tutti.flow.verify.Known;
import dev.tutti.network.Network;
import dev.tutti.order.Situation.Trait;
import java.util.ArrayList;
import java.util.List;

/**
 * What travels along a flow, as the verifier sees it: of each state, whether any unit is in it; how the facts that never
 * change stand to the constants that the flow compares them with; and nothing else.
 */
abstract class JourneySituations implements Abstraction<Situation> {
    static final Trigger.Event UNITS_CHANGED = (Trigger.Event) Trigger.UNITS_CHANGED;
    static final Trigger.Event PAYMENT_CHANGED = (Trigger.Event) Trigger.PAYMENT_CHANGED;

    private final LastingFacts lasting;
    /** A bit for each trait. */
    private int told;

    JourneySituations(Flow flow) {
        this.lasting = new LastingFacts(flow);
        tell(Trait.NEW);
        tellIfAsked(OrderFact.ORDER_AGE_HOURS, Trait.OLD);
        tellIfAsked(OrderFact.ORDER_OVERDUE_HOURS, Trait.OLD);
        tellIfAsked(OrderFact.WORK_HOURS_LATE, Trait.OLD);
        tellIfAsked(OrderFact.ORDER_EXCEPTION, Trait.EXCEPTION);
    }

    static JourneySituations of(Flow flow) {
        return switch (flow.kind()) {
            case ORDER -> new OrderSituations(flow);
            case FULFILMENT_ORDER -> new WorkSituations(flow);
            case RETURN -> new ReturnSituations(flow);
        };
    }

    /** These are told apart. What no condition asks for, and no action changes, need not be. */
    final void tell(Trait... traits) {
        for (Trait trait : traits) {
            told |= trait.bit();
        }
    }

    final void tellIfAsked(OrderFact fact, Trait trait) {
        if (lasting.compare(fact)) {
            tell(trait);
        }
    }

    /** How something that waits stands. */
    final Situation of(Order order, Journey journey, Network network) {
        FlowFacts facts = OrderFact.of(order, journey, network, order.header().placedAt());
        Situation now = lasting.situation(facts).with(Trait.EXCEPTION, order.exception() != null);
        return told(stands(now, order, journey));
    }

    /** Adds what is so of an order or of a part of it. */
    abstract Situation stands(Situation now, Order order, Journey journey);

    /** Adds each way in which it may begin. */
    abstract List<Situation> beginnings(Situation now);

    abstract List<Outcome<Situation>> allOutcomes(Action action, Situation now);

    /** Adds all that may happen. */
    abstract void happenings(Action at, Situation now, List<Happening<Situation>> all);

    /** What is known of a fact that may change. */
    abstract Known known(Situation now, OrderFact fact);

    /** What is told apart of a situation. */
    Situation told(Situation now) {
        return now.only(told);
    }

    @Override
    public final List<Situation> beginnings() {
        return lasting.situations().stream()
                .flatMap(now -> beginnings(now.with(Trait.NEW)).stream())
                .map(this::told)
                .distinct()
                .toList();
    }

    @Override
    public final List<Outcome<Situation>> outcomes(Action action, Situation now) {
        return allOutcomes(action, now).stream()
                .map(outcome -> new Outcome<>(outcome.how(), told(outcome.situation())))
                .distinct()
                .toList();
    }

    @Override
    public final List<Happening<Situation>> happenings(Action at, Situation now) {
        List<Happening<Situation>> all = new ArrayList<>();
        happenings(at, now, all);
        all.add(unheard("somebody must look at it", now.with(Trait.EXCEPTION)));
        all.add(unheard("somebody has looked at it", now.without(Trait.EXCEPTION)));
        return all.stream()
                .map(one -> new Happening<>(
                        one.words(), one.event(), one.helps(), one.mustBeHandled(), told(one.situation())))
                .filter(one -> one.event() != null || !one.situation().equals(now))
                .distinct()
                .toList();
    }

    static List<Outcome<Situation>> done(Situation after) {
        return List.of(new Outcome<>(How.DONE, after));
    }

    static List<Outcome<Situation>> asked(List<Situation> all, How how) {
        return all.stream().map(after -> new Outcome<>(how, after)).toList();
    }

    /** What the flow does not hear of, and may not count on. */
    static Happening<Situation> unheard(String words, Situation after) {
        return new Happening<>(words, null, false, false, after);
    }

    @Override
    public Situation waiting(Situation now) {
        return now.without(Trait.NEW);
    }

    @Override
    public final Situation later(Situation now) {
        return told(now.with(Trait.OLD));
    }

    @Override
    public final Known fact(Situation now, String name) {
        OrderFact fact = OrderFact.named(name);
        if (fact == null) {
            return now.lasting().values().getOrDefault(name, Known.NOTHING);
        }
        return switch (fact) {
            case ORDER_EXCEPTION -> new Known.Flag(now.is(Trait.EXCEPTION));
            case ORDER_AGE_HOURS, ORDER_OVERDUE_HOURS, WORK_HOURS_LATE ->
                now.is(Trait.OLD) ? Known.number(Long.MAX_VALUE) : ANY_NUMBER;
            case ORDER_TOTAL, ORDER_FULFILMENT_ORDERS -> ANY_NUMBER;
            case PAYMENT_FAILED, ORDER_ADDRESS_PROBLEM -> Known.NOTHING;
            case ORDER_LINES,
                    ORDER_PRIORITY,
                    ORDER_UNITS,
                    ORDER_LARGEST_LINE,
                    ORDER_CHANNEL,
                    ORDER_COUNTRY,
                    ORDER_DUPLICATE,
                    ORDER_GUEST,
                    NODE_CODE,
                    NODE_TYPE,
                    WORK_METHOD,
                    RETURN_REASON -> now.lasting().values().getOrDefault(name, Known.NOTHING);
            default -> known(now, fact);
        };
    }

    static final Known ANY_NUMBER = new Known.Between(0, Long.MAX_VALUE);

    static Known some(boolean any) {
        return any ? new Known.Between(1, Long.MAX_VALUE) : Known.number(0);
    }

    @Override
    public final String words(Situation now) {
        return now.words();
    }
}
