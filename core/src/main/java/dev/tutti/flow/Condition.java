package dev.tutti.flow;

import java.util.List;
import java.util.stream.Collectors;

/** A question about facts, as a value: what the rules are compiled into. */
public sealed interface Condition {
    boolean holds(FlowFacts facts);

    /** As it is written in CEL. */
    default String text() {
        return switch (this) {
            case Number(var fact, var comparison, var constant) -> fact + " " + comparison.sign() + " " + constant;
            case OneOf(var fact, var constants) ->
                constants.size() == 1
                        ? fact + " == " + quoted(constants.getFirst())
                        : fact
                                + constants.stream()
                                        .map(Condition::quoted)
                                        .collect(Collectors.joining(", ", " in [", "]"));
            case True(var fact) -> fact;
            case Not(var part) -> "!(" + part.text() + ")";
            case All(var parts) -> parts.isEmpty() ? "true" : joined(parts, " && ");
            case Any(var parts) -> parts.isEmpty() ? "false" : joined(parts, " || ");
        };
    }

    private static String joined(List<Condition> parts, String operator) {
        return parts.stream()
                .map(part -> part.hasParts() ? "(" + part.text() + ")" : part.text())
                .collect(Collectors.joining(operator));
    }

    private boolean hasParts() {
        return switch (this) {
            case All(var parts) -> parts.size() > 1;
            case Any(var parts) -> parts.size() > 1;
            case Number n -> false;
            case OneOf o -> false;
            case True t -> false;
            case Not n -> false;
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    Condition ALWAYS = new All(List.of());

    /** A number compared with a constant. */
    record Number(String fact, Comparison comparison, long constant) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            int order = Long.compare((Long) facts.value(fact), constant);
            return switch (comparison) {
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case AT_LEAST -> order >= 0;
                case MORE -> order > 0;
            };
        }
    }

    /** A text that is one of some constants. */
    record OneOf(String fact, List<String> constants) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            return constants.contains((String) facts.value(fact));
        }
    }

    record True(String fact) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            return (Boolean) facts.value(fact);
        }
    }

    record All(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            for (Condition part : parts) {
                if (!part.holds(facts)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Any(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            for (Condition part : parts) {
                if (part.holds(facts)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(FlowFacts facts) {
            return !part.holds(facts);
        }
    }

    enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        EQUAL("=="),
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        MORE(">");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    static Condition some(String fact) {
        return new Number(fact, Comparison.MORE, 0);
    }

    static Condition none(String fact) {
        return new Number(fact, Comparison.EQUAL, 0);
    }
}
