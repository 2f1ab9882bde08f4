package dev.tutti.order;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.Step;
import dev.tutti.flow.Trigger;
import dev.tutti.flow.verify.Abstraction;
import dev.tutti.flow.verify.Known;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.order.OrderSituations.Situation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Orders as the verifier of flows sees them: of each state, whether any unit is in it; how the facts that never change
 * stand to the constants that the flow compares them with; and nothing else.
 */
final class OrderSituations implements Abstraction<Situation> {
    /** More combinations of the facts that never change are not told apart. */
    private static final int MOST_COMBINATIONS = 1_000;

    /** Compared with by nobody. */
    private static final String SOMETHING_ELSE = "\u0000something else";

    private static final Trigger.Event UNITS_CHANGED = (Trigger.Event) Trigger.UNITS_CHANGED;
    private static final Trigger.Event SUPPLY_ARRIVED = new Trigger.Event("supply-arrived");
    private static final Trigger.Event HOLD_RELEASED = (Trigger.Event) Trigger.HOLD_RELEASED;
    private static final Trigger.Event PAYMENT_CHANGED = (Trigger.Event) Trigger.PAYMENT_CHANGED;

    /** What may be so. */
    enum Trait {
        OPEN,
        BACKORDERED,
        ALLOCATED,
        RELEASED,
        /** Picked or packed. */
        IN_HAND,
        /** Some that should have been given to their nodes, and are held. */
        HELD_BACK,
        /** Shipped or collected. */
        GONE,
        /** It is being placed, and can still be refused. */
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
        PAYING
    }

    private static final List<Trait> LIVE =
            List.of(Trait.OPEN, Trait.BACKORDERED, Trait.ALLOCATED, Trait.RELEASED, Trait.IN_HAND);

    private static final List<Trait> MONEY = List.of(Trait.HELD, Trait.DUE, Trait.OWED_BACK, Trait.PAYING);

    /**
     * How an order stands.
     *
     * @param traits a bit for each {@link Trait} that it has
     * @param lasting the values of the facts that never change, by name
     */
    record Situation(int traits, Map<String, Known> lasting) {
        boolean is(Trait trait) {
            return (traits & 1 << trait.ordinal()) != 0;
        }

        boolean isAny(List<Trait> some) {
            return some.stream().anyMatch(this::is);
        }

        Situation with(Trait trait, boolean has) {
            int bit = 1 << trait.ordinal();
            return new Situation(has ? traits | bit : traits & ~bit, lasting);
        }

        Situation with(Trait trait) {
            return with(trait, true);
        }

        Situation without(Trait trait) {
            return with(trait, false);
        }
    }

    private final List<Map<String, Known>> combinations;
    /** A bit for each trait that matters: what no condition asks for, and no action changes, is not told apart. */
    private final int told;

    OrderSituations(Flow flow) {
        Constants constants = Constants.of(flow);
        this.combinations = combinations(constants);
        this.told = told(flow, constants);
    }

    private static int told(Flow flow, Constants constants) {
        boolean money = flow.steps().stream()
                .map(Step::action)
                .anyMatch(action -> action == Action.AUTHORISE || action == Action.CAPTURE || action == Action.SETTLE);
        Set<Trait> told = EnumSet.allOf(Trait.class);
        if (!money) {
            told.removeAll(MONEY);
        }
        if (!money && !constants.compare(OrderFact.UNITS_GONE)) {
            told.remove(Trait.GONE);
        }
        if (!constants.compare(OrderFact.ORDER_AGE_HOURS)) {
            told.remove(Trait.OLD);
        }
        if (!constants.compare(OrderFact.ORDER_EXCEPTION)) {
            told.remove(Trait.EXCEPTION);
        }
        return told.stream().mapToInt(trait -> 1 << trait.ordinal()).sum();
    }

    /** What is told apart of a situation. */
    private Situation told(Situation situation) {
        Situation whole = situation.is(Trait.ALLOCATED) ? situation : situation.without(Trait.HELD_BACK);
        return new Situation(whole.traits() & told, whole.lasting());
    }

    /** The constants that facts are compared with. */
    private record Constants(
            TreeMap<String, TreeSet<Long>> numbers, TreeMap<String, TreeSet<String>> texts, TreeSet<String> truths) {
        static Constants of(Flow flow) {
            Constants constants = new Constants(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
            for (Step step : flow.steps()) {
                step.edges().forEach(edge -> constants.collect(edge.when()));
            }
            return constants;
        }

        boolean compare(OrderFact fact) {
            return numbers.containsKey(fact.factName()) || truths.contains(fact.factName());
        }

        private void collect(Condition condition) {
            switch (condition) {
                case Condition.Number(var fact, var comparison, var constant) ->
                    numbers.computeIfAbsent(fact, f -> new TreeSet<>()).add(constant);
                case Condition.OneOf(var fact, var some) ->
                    texts.computeIfAbsent(fact, f -> new TreeSet<>()).addAll(some);
                case Condition.True(var fact) -> truths.add(fact);
                case Condition.Not(var part) -> collect(part);
                case Condition.All(var parts) -> parts.forEach(this::collect);
                case Condition.Any(var parts) -> parts.forEach(this::collect);
            }
        }
    }

    /** One value for each way in which a fact that never changes can stand to its constants; all of them, combined. */
    private static List<Map<String, Known>> combinations(Constants constants) {
        List<Map<String, Known>> all = List.of(new TreeMap<>());
        for (var fact : constants.numbers().entrySet()) {
            if (fact.getKey().equals(OrderFact.ORDER_LINES.factName())
                    || fact.getKey().equals(OrderFact.ORDER_PRIORITY.factName())) {
                TreeSet<Long> values = new TreeSet<>();
                fact.getValue().forEach(constant -> values.addAll(List.of(constant - 1, constant, constant + 1)));
                all = combined(
                        all, fact.getKey(), values.stream().map(Known::number).toList());
            }
        }
        for (var fact : constants.texts().entrySet()) {
            if (fact.getKey().startsWith(OrderFact.ANSWERS)) {
                continue; // they come and change on the way
            }
            List<Known> values = new ArrayList<>();
            fact.getValue().forEach(text -> values.add(new Known.Text(text)));
            values.add(new Known.Text(SOMETHING_ELSE));
            all = combined(all, fact.getKey(), values);
        }
        return all;
    }

    private static List<Map<String, Known>> combined(List<Map<String, Known>> all, String fact, List<Known> values) {
        if (all.size() * values.size() > MOST_COMBINATIONS) {
            return all;
        }
        List<Map<String, Known>> more = new ArrayList<>(all.size() * values.size());
        for (Map<String, Known> one : all) {
            for (Known value : values) {
                Map<String, Known> with = new TreeMap<>(one);
                with.put(fact, value);
                more.add(with);
            }
        }
        return more;
    }

    /** How an order that waits stands. */
    Situation of(Order order) {
        Situation now = new Situation(0, lasting(order))
                .with(Trait.OPEN, order.in(UnitState.OPEN) > 0)
                .with(Trait.BACKORDERED, order.in(UnitState.BACKORDERED) > 0)
                .with(Trait.ALLOCATED, order.in(UnitState.ALLOCATED) > 0)
                .with(Trait.RELEASED, order.in(UnitState.RELEASED) > 0)
                .with(Trait.IN_HAND, order.in(UnitState.PICKED) + order.in(UnitState.PACKED) > 0)
                .with(Trait.HELD_BACK, isHeldBack(order))
                .with(Trait.GONE, order.in(UnitState.SHIPPED) + order.in(UnitState.COLLECTED) > 0);
        Balance money = Balance.of(order);
        return told(now.with(Trait.EXCEPTION, order.exception() != null)
                .with(Trait.HELD, money.held() > 0)
                .with(Trait.DUE, money.due() > 0)
                .with(Trait.OWED_BACK, money.owedBack() > 0)
                .with(Trait.PAYING, money.busy()));
    }

    private static boolean isHeldBack(Order order) {
        return order.holds().heldBack().stream()
                .anyMatch(number -> order.fulfilmentOrders().get(number - 1).in(UnitState.ALLOCATED) > 0);
    }

    /** The combination that stands to all constants as the order's own facts do. */
    private Map<String, Known> lasting(Order order) {
        FlowFacts facts = OrderFact.of(order, order.header().placedAt());
        Map<String, Known> own = new TreeMap<>();
        for (String fact : combinations.getFirst().keySet()) {
            Object value = facts.value(fact);
            own.put(fact, value instanceof Long number ? nearest(fact, number) : text(fact, (String) value));
        }
        return own;
    }

    private Known nearest(String fact, long number) {
        long nearest = Long.MAX_VALUE;
        boolean found = false;
        for (Map<String, Known> one : combinations) {
            if (one.get(fact) instanceof Known.Between(var value, var same)
                    && (!found || distance(value, number) < distance(nearest, number))) {
                nearest = value;
                found = true;
            }
        }
        return Known.number(nearest);
    }

    private static long distance(long one, long other) {
        return Math.abs(one - other);
    }

    private Known text(String fact, String text) {
        Known known = new Known.Text(text);
        boolean compared = combinations.stream().anyMatch(one -> known.equals(one.get(fact)));
        return compared ? known : new Known.Text(SOMETHING_ELSE);
    }

    @Override
    public List<Situation> beginnings() {
        return combinations.stream()
                .map(lasting -> new Situation(0, lasting).with(Trait.OPEN).with(Trait.NEW))
                .toList();
    }

    @Override
    public @Nullable String forbids(Action action, Situation now) {
        return switch (action) {
            case REFUSE -> now.is(Trait.NEW) ? null : "an order that was taken cannot be refused any more";
            case CLOSE -> {
                if (now.isAny(LIVE)) {
                    yield "an order with units that are on their way cannot be closed";
                }
                yield now.isAny(MONEY) ? "an order whose money is not settled cannot be closed" : null;
            }
            case WAIT,
                    SOURCE,
                    PARK,
                    RELEASE,
                    CANCEL_UNFILLED,
                    CANCEL,
                    CALL,
                    AUTHORISE,
                    CAPTURE,
                    SETTLE,
                    WRITE_OFF,
                    OPEN_EXCEPTION -> null;
        };
    }

    @Override
    public List<Outcome<Situation>> outcomes(Action action, Situation now) {
        return allOutcomes(action, now).stream()
                .map(outcome -> new Outcome<>(outcome.how(), told(outcome.situation())))
                .distinct()
                .toList();
    }

    private static List<Outcome<Situation>> allOutcomes(Action action, Situation now) {
        return switch (action) {
            case WAIT -> done(now);
            case SOURCE -> sourced(now);
            case PARK -> done(now.is(Trait.OPEN) ? now.without(Trait.OPEN).with(Trait.BACKORDERED) : now);
            case RELEASE -> released(now);
            case REFUSE -> now.is(Trait.OPEN) ? List.of(new Outcome<>(How.OVER, now)) : done(now);
            case CANCEL_UNFILLED -> done(now.without(Trait.OPEN).without(Trait.BACKORDERED));
            case CANCEL -> done(without(now, LIVE));
            case CALL -> List.of(new Outcome<>(How.ASKED, now));
            case AUTHORISE -> List.of(new Outcome<>(How.ASKED, now.with(Trait.PAYING)), new Outcome<>(How.DONE, now));
            case CAPTURE -> canCapture(now) ? asked(capturing(now), How.DONE) : done(now);
            case SETTLE -> settled(now);
            case WRITE_OFF -> done(now.without(Trait.DUE).without(Trait.OWED_BACK));
            case OPEN_EXCEPTION -> done(now.with(Trait.EXCEPTION));
            case CLOSE -> List.of(new Outcome<>(How.OVER, now.without(Trait.EXCEPTION)));
        };
    }

    private static List<Outcome<Situation>> done(Situation after) {
        return List.of(new Outcome<>(How.DONE, after));
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

    private static List<Outcome<Situation>> asked(List<Situation> all, How how) {
        return all.stream().map(after -> new Outcome<>(how, after)).toList();
    }

    private static boolean canCapture(Situation now) {
        return now.is(Trait.DUE) && now.is(Trait.HELD);
    }

    /** All of it, or as much as is held. */
    private static List<Situation> capturing(Situation now) {
        List<Situation> all = new ArrayList<>();
        each(now.with(Trait.PAYING), List.of(Trait.DUE, Trait.HELD), all::add);
        return all;
    }

    private static List<Outcome<Situation>> settled(Situation now) {
        if (now.is(Trait.PAYING)) {
            return asked(List.of(now), How.ASKED);
        }
        if (canCapture(now)) {
            return asked(capturing(now), How.ASKED);
        }
        if (now.is(Trait.OWED_BACK)) {
            return asked(List.of(now.with(Trait.PAYING).without(Trait.OWED_BACK)), How.ASKED);
        }
        if (now.is(Trait.DUE)) {
            return asked(List.of(now), How.FAILED);
        }
        return now.is(Trait.HELD) && !now.isAny(LIVE)
                ? asked(List.of(now.with(Trait.PAYING).without(Trait.HELD)), How.ASKED)
                : done(now);
    }

    @Override
    public List<Situation> answered(Action asked, How how, Situation now) {
        return switch (asked) {
            case AUTHORISE -> {
                Situation after = how == How.DONE ? now.with(Trait.HELD) : now;
                yield List.of(after.without(Trait.PAYING), after);
            }
            case SETTLE -> how == How.DONE ? settledAll(now) : anyMoney(now.without(Trait.PAYING));
            default -> List.of(now);
        };
    }

    /** What is held for units that are still to go stays so. */
    private static List<Situation> settledAll(Situation now) {
        Situation after = without(now, MONEY);
        return now.isAny(LIVE) ? List.of(after, after.with(Trait.HELD)) : List.of(after);
    }

    /** What may be due, if the customer has anything. */
    private static Situation owing(Situation now) {
        return now.with(Trait.DUE, now.is(Trait.DUE) || now.is(Trait.GONE));
    }

    /** Whatever a provider may have refused. */
    private static List<Situation> anyMoney(Situation now) {
        List<Situation> all = new ArrayList<>();
        List<Trait> some = List.of(Trait.HELD, Trait.DUE, Trait.OWED_BACK);
        each(owing(now.with(Trait.HELD).with(Trait.OWED_BACK)), some, all::add);
        return all;
    }

    private static Situation without(Situation now, List<Trait> traits) {
        Situation after = now;
        for (Trait trait : traits) {
            after = after.without(trait);
        }
        return after;
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
    public Situation waiting(Situation now) {
        return now.without(Trait.NEW);
    }

    @Override
    public List<Happening<Situation>> happenings(Action at, Situation now) {
        List<Happening<Situation>> all = new ArrayList<>(happeningsOfUnits(now));
        happeningsOfMoney(at, now, all);
        return all.stream()
                .map(one -> new Happening<>(
                        one.words(), one.event(), one.helps(), one.mustBeHandled(), told(one.situation())))
                .filter(one -> one.event() != null || !one.situation().equals(now))
                .distinct()
                .toList();
    }

    private static List<Happening<Situation>> happeningsOfUnits(Situation now) {
        List<Happening<Situation>> all = new ArrayList<>();
        if (now.is(Trait.BACKORDERED)) {
            all.add(new Happening<>("stock arrives", SUPPLY_ARRIVED, true, true, now));
        }
        if (now.is(Trait.HELD_BACK)) {
            all.add(new Happening<>("what was held may go on", HOLD_RELEASED, true, false, freed(now)));
            Situation less = now.with(Trait.RELEASED);
            all.add(new Happening<>("some of what was held may go on", HOLD_RELEASED, false, false, less));
        }
        if (now.is(Trait.RELEASED)) {
            each(
                    now,
                    List.of(Trait.RELEASED),
                    after -> all.add(changed(now, "units are picked", true, after.with(Trait.IN_HAND))));
        }
        if (now.is(Trait.IN_HAND)) {
            each(now, List.of(Trait.IN_HAND), after -> {
                all.add(changed(now, "units are worked on", true, after.with(Trait.IN_HAND)));
                all.add(changed(now, "units leave", true, after.with(Trait.GONE)));
                all.add(changed(
                        now,
                        "units leave, to be paid for",
                        true,
                        after.with(Trait.GONE).with(Trait.DUE)));
            });
        }
        givenBack("units are rejected", now, List.of(Trait.RELEASED, Trait.IN_HAND), all);
        givenBack("units turn out not to be there", now, List.of(Trait.ALLOCATED, Trait.RELEASED), all);
        if (now.isAny(LIVE)) {
            each(now, LIVE, after -> all.add(changed(now, "units are called off", false, after)));
        }
        all.add(new Happening<>("somebody must look at it", null, false, false, now.with(Trait.EXCEPTION)));
        all.add(new Happening<>("somebody has looked at it", null, false, false, now.without(Trait.EXCEPTION)));
        if (now.is(Trait.GONE)) {
            each(
                    now.with(Trait.OWED_BACK),
                    List.of(Trait.GONE, Trait.DUE, Trait.OWED_BACK),
                    after -> all.add(new Happening<>(
                            "the customer brings units back",
                            null,
                            false,
                            false,
                            after.is(Trait.GONE) ? after : after.without(Trait.DUE))));
        }
        return all;
    }

    private static void happeningsOfMoney(Action at, Situation now, List<Happening<Situation>> all) {
        Trigger.Event event = at == Action.SETTLE ? null : PAYMENT_CHANGED;
        if (now.is(Trait.PAYING)) {
            for (Situation after : List.of(
                    now,
                    now.with(Trait.HELD),
                    owing(now.with(Trait.HELD)),
                    now.with(Trait.OWED_BACK),
                    now.without(Trait.OWED_BACK))) {
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
            again.addAll(capturing(now));
        }
        if (now.is(Trait.OWED_BACK)) {
            again.add(now.with(Trait.PAYING).without(Trait.OWED_BACK));
        }
        if (now.is(Trait.HELD) && !now.isAny(LIVE)) {
            again.add(now.with(Trait.PAYING).without(Trait.HELD));
        }
        again.forEach(after -> all.add(new Happening<>("somebody asks for the money", null, false, false, after)));
    }

    private static void givenBack(String words, Situation now, List<Trait> from, List<Happening<Situation>> all) {
        if (now.isAny(from)) {
            each(now, from, after -> all.add(changed(now, words, false, after.with(Trait.OPEN))));
        }
    }

    /** With each way in which some of the traits may be lost, and with all of them kept. */
    private static void each(Situation now, List<Trait> some, Consumer<Situation> then) {
        List<Trait> there = some.stream().filter(now::is).toList();
        for (int lost = 0; lost < 1 << there.size(); lost++) {
            Situation after = now;
            for (int i = 0; i < there.size(); i++) {
                if ((lost & 1 << i) != 0) {
                    after = after.without(there.get(i));
                }
            }
            then.accept(after);
        }
    }

    /** Units that nobody looks after any more, or none that are left, are what a flow must not overlook. */
    private static Happening<Situation> changed(Situation before, String words, boolean helps, Situation after) {
        boolean givenBack = after.is(Trait.OPEN) && !before.is(Trait.OPEN);
        return new Happening<>(words, UNITS_CHANGED, helps, givenBack || !after.isAny(LIVE), after);
    }

    @Override
    public Situation later(Situation now) {
        return told(now.with(Trait.OLD));
    }

    @Override
    public Known fact(Situation now, String name) {
        OrderFact fact = OrderFact.named(name);
        if (fact == null) {
            return now.lasting().getOrDefault(name, Known.NOTHING);
        }
        return switch (fact) {
            case UNITS_LIVE -> some(now.isAny(LIVE));
            case UNITS_OPEN -> some(now.is(Trait.OPEN));
            case UNITS_BACKORDERED -> some(now.is(Trait.BACKORDERED));
            case UNITS_ALLOCATED -> some(now.is(Trait.ALLOCATED));
            case UNITS_RELEASED -> some(now.is(Trait.RELEASED));
            case UNITS_GONE -> some(now.is(Trait.GONE));
            case ORDER_HOLDS -> new Known.Between(now.is(Trait.HELD_BACK) ? 1 : 0, Long.MAX_VALUE);
            case ORDER_EXCEPTION -> new Known.Flag(now.is(Trait.EXCEPTION));
            case ORDER_AGE_HOURS ->
                now.is(Trait.OLD) ? Known.number(Long.MAX_VALUE) : new Known.Between(0, Long.MAX_VALUE);
            case ORDER_TOTAL, ORDER_FULFILMENT_ORDERS -> new Known.Between(0, Long.MAX_VALUE);
            case PAYMENT_HELD -> some(now.is(Trait.HELD));
            case PAYMENT_DUE -> some(now.is(Trait.DUE));
            case PAYMENT_OWED_BACK -> some(now.is(Trait.OWED_BACK));
            case PAYMENT_BUSY -> new Known.Flag(now.is(Trait.PAYING));
            case PAYMENT_FAILED -> Known.NOTHING;
            case ORDER_LINES, ORDER_PRIORITY, ORDER_COUNTRY -> now.lasting().getOrDefault(name, Known.NOTHING);
        };
    }

    private static Known some(boolean any) {
        return any ? new Known.Between(1, Long.MAX_VALUE) : Known.number(0);
    }

    @Override
    public String words(Situation now) {
        Set<String> words = new TreeSet<>();
        for (Trait trait : EnumSet.complementOf(EnumSet.of(Trait.NEW))) {
            if (now.is(trait)) {
                words.add(Spelling.of(trait));
            }
        }
        now.lasting().forEach((fact, value) -> words.add(fact + " = " + value));
        return words.isEmpty() ? "nothing is left" : String.join(", ", words);
    }
}
