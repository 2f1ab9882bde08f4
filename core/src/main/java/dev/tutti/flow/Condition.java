package dev.tutti.flow;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A question about facts, as a value: what the rules are compiled into. */
public sealed interface Condition {
    boolean holds(FlowFacts facts);

    /** As it is written in CEL. */
    default String text() {
        return switch (this) {
            case Number(var fact, var comparison, var constant) ->
                name(fact) + " " + comparison.sign() + " " + constant;
            case OneOf(var fact, var constants) ->
                constants.size() == 1
                        ? name(fact) + " == " + quoted(constants.getFirst())
                        : name(fact)
                                + constants.stream()
                                        .map(Condition::quoted)
                                        .collect(Collectors.joining(", ", " in [", "]"));
            case True(var fact) -> name(fact);
            case Not(var part) -> "!(" + part.text() + ")";
            case All(var parts) -> parts.isEmpty() ? "true" : joined(parts, " && ");
            case Any(var parts) -> parts.isEmpty() ? "false" : joined(parts, " || ");
        };
    }

    /** The names of all facts that it asks for. */
    default SortedSet<String> facts() {
        return switch (this) {
            case Number(var fact, var comparison, var constant) -> new TreeSet<>(List.of(fact));
            case OneOf(var fact, var constants) -> new TreeSet<>(List.of(fact));
            case True(var fact) -> new TreeSet<>(List.of(fact));
            case Not(var part) -> part.facts();
            case All(var parts) -> facts(parts);
            case Any(var parts) -> facts(parts);
        };
    }

    private static SortedSet<String> facts(List<Condition> parts) {
        return parts.stream().flatMap(part -> part.facts().stream()).collect(Collectors.toCollection(TreeSet::new));
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

    /** What comes after the group may be any text, as in {@code attributes["gift-wrap"]}. */
    private static String name(String fact) {
        int dot = fact.indexOf('.');
        String rest = fact.substring(dot + 1);
        boolean plain = rest.matches("[A-Za-z_][A-Za-z0-9_]*") && !RESERVED.contains(rest);
        return dot < 0 || plain ? fact : fact.substring(0, dot) + "[" + quoted(rest) + "]";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || letter == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    /** Words that are no names in CEL. */
    List<String> RESERVED = List.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while");

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
