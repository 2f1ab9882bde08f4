package dev.tutti.order;

import dev.tutti.decision.BrokenInvariant;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowFacts;
import dev.tutti.flow.Step;
import dev.tutti.flow.verify.Known;
import dev.tutti.order.Situation.Combination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The facts that never change while something travels, as the verifier of flows tells them apart: by how each stands to
 * the constants that the flow compares it with.
 */
final class LastingFacts {
    /** More combinations are not told apart. */
    private static final int MOST_COMBINATIONS = 1_000;

    private static final List<OrderFact> NUMBERS = List.of(
            OrderFact.ORDER_LINES, OrderFact.ORDER_PRIORITY, OrderFact.ORDER_UNITS, OrderFact.ORDER_LARGEST_LINE);

    private static final List<OrderFact> TRUTHS = List.of(OrderFact.ORDER_DUPLICATE, OrderFact.ORDER_GUEST);

    private final TreeMap<String, TreeSet<Long>> numbers = new TreeMap<>();
    private final TreeMap<String, TreeSet<String>> texts = new TreeMap<>();
    private final TreeSet<String> truths = new TreeSet<>();
    private final List<Combination> combinations;

    LastingFacts(Flow flow) {
        for (Step step : flow.steps()) {
            step.edges().forEach(edge -> collect(edge.when()));
        }
        combinations = combinations().stream().map(Combination::new).toList();
    }

    /** Whether a condition of the flow asks for it, lasting or not. */
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

    /** A situation for each combination, in which nothing else is so. */
    List<Situation> situations() {
        return combinations.stream().map(lasting -> new Situation(0, lasting)).toList();
    }

    /** One value for each way in which a fact that never changes can stand to its constants; all of them, combined. */
    private List<Map<String, Known>> combinations() {
        List<Map<String, Known>> all = List.of(new TreeMap<>());
        for (var fact : numbers.entrySet()) {
            if (NUMBERS.stream().anyMatch(lasting -> lasting.factName().equals(fact.getKey()))) {
                TreeSet<Long> values = new TreeSet<>();
                fact.getValue().forEach(constant -> values.addAll(List.of(constant - 1, constant, constant + 1)));
                all = combined(
                        all, fact.getKey(), values.stream().map(Known::number).toList());
            }
        }
        for (var fact : texts.entrySet()) {
            if (fact.getKey().startsWith(OrderFact.ANSWERS)
                    || fact.getKey().equals(OrderFact.ORDER_ADDRESS_PROBLEM.factName())) {
                continue; // they come and change on the way
            }
            List<Known> values = new ArrayList<>();
            fact.getValue().forEach(text -> values.add(new Known.Text(text)));
            values.add(new Known.Text(Known.SOMETHING_ELSE));
            all = combined(all, fact.getKey(), values);
        }
        for (String fact : truths) {
            if (TRUTHS.stream().anyMatch(lasting -> lasting.factName().equals(fact))) {
                all = combined(all, fact, List.of(new Known.Flag(true), new Known.Flag(false)));
            }
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

    /** The combination that stands to all constants as these facts do, with nothing else so. */
    Situation situation(FlowFacts facts) {
        Map<String, Known> own = new TreeMap<>();
        for (String fact : combinations.getFirst().values().keySet()) {
            Object value = facts.value(fact);
            own.put(
                    fact,
                    switch (value) {
                        case Long number -> nearest(fact, number);
                        case Boolean holds -> new Known.Flag(holds);
                        default -> text(fact, (String) value);
                    });
        }
        return combinations.stream()
                .filter(combination -> combination.values().equals(own))
                .findFirst()
                .map(combination -> new Situation(0, combination))
                .orElseThrow(() -> new BrokenInvariant("no combination of lasting facts is like " + own));
    }

    private Known nearest(String fact, long number) {
        long nearest = Long.MAX_VALUE;
        boolean found = false;
        for (Combination one : combinations) {
            if (one.values().get(fact) instanceof Known.Between(var value, var same)
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
        boolean compared =
                combinations.stream().anyMatch(one -> known.equals(one.values().get(fact)));
        return compared ? known : new Known.Text(Known.SOMETHING_ELSE);
    }
}
