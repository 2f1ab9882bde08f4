package dev.tutti.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Condition.Comparison;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the core's condition of a checked expression. */
final class Lowering {
    private static final String A_FACT_AND_CONSTANTS =
            "a fact can be compared with a constant, as in units.open > 0, and with nothing else";

    private final CelAbstractSyntaxTree tree;

    Lowering(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    Condition condition(CelExpr expression) throws NotACondition {
        return switch (expression.getKind()) {
            case CONSTANT -> expression.constant().booleanValue() ? Condition.ALWAYS : new Condition.Any(List.of());
            case IDENT, SELECT -> new Condition.True(fact(expression));
            case CALL ->
                call(expression, expression.call().function(), expression.call().args());
            case LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> throw not(expression, A_FACT_AND_CONSTANTS);
        };
    }

    private Condition call(CelExpr expression, String function, List<CelExpr> arguments) throws NotACondition {
        return switch (function) {
            case "_&&_" -> new Condition.All(conditions(arguments));
            case "_||_" -> new Condition.Any(conditions(arguments));
            case "!_" -> new Condition.Not(condition(arguments.getFirst()));
            case "_<_" -> compared(expression, arguments, Comparison.LESS, Comparison.MORE);
            case "_<=_" -> compared(expression, arguments, Comparison.AT_MOST, Comparison.AT_LEAST);
            case "_>_" -> compared(expression, arguments, Comparison.MORE, Comparison.LESS);
            case "_>=_" -> compared(expression, arguments, Comparison.AT_LEAST, Comparison.AT_MOST);
            case "_==_" -> compared(expression, arguments, Comparison.EQUAL, Comparison.EQUAL);
            case "_!=_" -> compared(expression, arguments, Comparison.NOT_EQUAL, Comparison.NOT_EQUAL);
            case "@in", "_in_", "in" -> oneOf(arguments.get(0), arguments.get(1));
            case "_[_]" -> new Condition.True(fact(expression));
            default -> throw not(expression, "there is no " + function.replace("_", "") + " in a condition");
        };
    }

    private List<Condition> conditions(List<CelExpr> parts) throws NotACondition {
        List<Condition> conditions = new ArrayList<>();
        for (CelExpr part : parts) {
            conditions.add(condition(part));
        }
        return conditions;
    }

    /** @param turned what the comparison is if the constant stands on the left */
    private Condition compared(CelExpr expression, List<CelExpr> sides, Comparison comparison, Comparison turned)
            throws NotACondition {
        CelConstant right = constant(sides.get(1));
        if (right != null) {
            return compared(expression, fact(sides.get(0)), comparison, right);
        }
        CelConstant left = constant(sides.get(0));
        if (left != null) {
            return compared(expression, fact(sides.get(1)), turned, left);
        }
        throw not(expression, A_FACT_AND_CONSTANTS);
    }

    private Condition compared(CelExpr expression, String fact, Comparison comparison, CelConstant constant)
            throws NotACondition {
        boolean equal = comparison == Comparison.EQUAL;
        if (!equal && comparison != Comparison.NOT_EQUAL && constant.getKind() != CelConstant.Kind.INT64_VALUE) {
            throw not(expression, "only numbers are more or less than others");
        }
        return switch (constant.getKind()) {
            case INT64_VALUE -> new Condition.Number(fact, comparison, bounded(expression, constant.int64Value()));
            case STRING_VALUE -> {
                Condition is = new Condition.OneOf(fact, List.of(constant.stringValue()));
                yield equal ? is : new Condition.Not(is);
            }
            case BOOLEAN_VALUE -> {
                Condition is = new Condition.True(fact);
                yield constant.booleanValue() == equal ? is : new Condition.Not(is);
            }
            default -> throw not(expression, A_FACT_AND_CONSTANTS);
        };
    }

    private Condition oneOf(CelExpr fact, CelExpr list) throws NotACondition {
        if (list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            throw not(list, "what it may be one of is a list, as in [\"DE\", \"FR\"]");
        }
        List<String> texts = new ArrayList<>();
        List<Condition> numbers = new ArrayList<>();
        for (CelExpr element : list.list().elements()) {
            CelConstant constant = constant(element);
            if (constant != null && constant.getKind() == CelConstant.Kind.STRING_VALUE) {
                texts.add(constant.stringValue());
            } else if (constant != null && constant.getKind() == CelConstant.Kind.INT64_VALUE) {
                numbers.add(
                        new Condition.Number(fact(fact), Comparison.EQUAL, bounded(element, constant.int64Value())));
            } else {
                throw not(element, "the list has texts or whole numbers");
            }
        }
        if (numbers.isEmpty() == texts.isEmpty()) {
            throw not(list, "the list has either texts or whole numbers, and at least one");
        }
        return numbers.isEmpty() ? new Condition.OneOf(fact(fact), texts) : new Condition.Any(numbers);
    }

    private static @Nullable CelConstant constant(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT ? expression.constant() : null;
    }

    /** Far from overflow, and beyond any count or amount. */
    private long bounded(CelExpr expression, long number) throws NotACondition {
        if (Math.abs(number) > 1_000_000_000_000_000L || number == Long.MIN_VALUE) {
            throw not(expression, "a number is at most 1000000000000000");
        }
        return number;
    }

    /** The name of a fact, as it is written. */
    private String fact(CelExpr expression) throws NotACondition {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name();
            case SELECT ->
                fact(expression.select().operand()) + "." + expression.select().field();
            case CALL -> {
                CelConstant key = expression.call().function().equals("_[_]")
                        ? constant(expression.call().args().get(1))
                        : null;
                if (key == null || key.getKind() != CelConstant.Kind.STRING_VALUE) {
                    throw not(expression, A_FACT_AND_CONSTANTS);
                }
                yield fact(expression.call().args().get(0)) + "." + key.stringValue();
            }
            case CONSTANT, LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> throw not(expression, A_FACT_AND_CONSTANTS);
        };
    }

    private NotACondition not(CelExpr expression, String message) {
        int offset = tree.getSource().getPositionsMap().getOrDefault(expression.id(), 0);
        return new NotACondition(offset + 1, message);
    }
}
