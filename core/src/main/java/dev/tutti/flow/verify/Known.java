package dev.tutti.flow.verify;

import dev.tutti.flow.Condition;
import java.util.function.Function;

/** What is known of a fact. */
public sealed interface Known {
    /** A number from one to another, both possible. */
    record Between(long least, long most) implements Known {}

    record Text(String text) implements Known {}

    record Flag(boolean holds) implements Known {}

    /** It may be anything. */
    record Nothing() implements Known {}

    Known NOTHING = new Nothing();

    /** A text that no condition can name. */
    String SOMETHING_ELSE = "\u0000";

    static Known number(long number) {
        return new Between(number, number);
    }

    /** For a story. */
    default String words() {
        return switch (this) {
            case Between(var least, var most) -> least == most ? String.valueOf(least) : least + " to " + most;
            case Text(var text) -> text.startsWith(SOMETHING_ELSE) ? "something else" : '"' + text + '"';
            case Flag(var holds) -> String.valueOf(holds);
            case Nothing() -> "anything";
        };
    }

    /** Whether a condition holds, when this is what is known of each fact. */
    static Truth truth(Condition condition, Function<String, Known> facts) {
        return switch (condition) {
            case Condition.Number(var fact, var comparison, var constant) ->
                facts.apply(fact) instanceof Between(var least, var most)
                        ? compared(least, most, comparison, constant)
                        : Truth.MAYBE;
            case Condition.OneOf(var fact, var constants) ->
                facts.apply(fact) instanceof Text(var text) ? Truth.of(constants.contains(text)) : Truth.MAYBE;
            case Condition.True(var fact) ->
                facts.apply(fact) instanceof Flag(var holds) ? Truth.of(holds) : Truth.MAYBE;
            case Condition.Not(var part) -> truth(part, facts).not();
            case Condition.All(var parts) ->
                parts.stream().map(part -> truth(part, facts)).reduce(Truth.YES, Truth::and);
            case Condition.Any(var parts) ->
                parts.stream().map(part -> truth(part, facts)).reduce(Truth.NO, Truth::or);
        };
    }

    private static Truth compared(long least, long most, Condition.Comparison comparison, long constant) {
        return switch (comparison) {
            case LESS -> less(least, most, constant);
            case AT_LEAST -> less(least, most, constant).not();
            case MORE -> less(-most, -least, -constant);
            case AT_MOST -> less(-most, -least, -constant).not();
            case EQUAL -> equal(least, most, constant);
            case NOT_EQUAL -> equal(least, most, constant).not();
        };
    }

    private static Truth less(long least, long most, long constant) {
        return most < constant ? Truth.YES : least < constant ? Truth.MAYBE : Truth.NO;
    }

    private static Truth equal(long least, long most, long constant) {
        if (least == constant && most == constant) {
            return Truth.YES;
        }
        return least <= constant && constant <= most ? Truth.MAYBE : Truth.NO;
    }
}
