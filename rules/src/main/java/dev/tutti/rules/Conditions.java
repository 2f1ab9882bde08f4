package dev.tutti.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.tutti.flow.Condition;
import dev.tutti.flow.FactType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles conditions.
 *
 * <p>Of <a href="https://github.com/google/cel-spec">CEL</a> it takes what can be decided on finitely many facts:
 * {@code && || ! == != < <= > >= in}, a fact on one side and constants on the other. There is nothing that repeats,
 * computes or calls.
 */
public final class Conditions {
    private static final int MOST_CHARACTERS = 2_000;
    private static final int DEEPEST = 40;

    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'");
    private static final Pattern DOTTED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    private final CelCompiler compiler;
    private final String known;

    /**
     * @param facts the type of each, by its name as in {@code units.open}
     * @param texts names of groups of facts that are all texts, as {@code attributes} in {@code attributes.gift}
     */
    public Conditions(Map<String, FactType> facts, Iterable<String> texts) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros()
                .setOptions(CelOptions.current().maxParseRecursionDepth(DEEPEST).build())
                .setResultType(SimpleType.BOOL);
        facts.forEach((name, type) -> builder.addVar(name, type(type)));
        texts.forEach(group -> builder.addVar(group, MapType.create(SimpleType.STRING, SimpleType.STRING)));
        this.compiler = builder.build();
        List<String> names = new ArrayList<>(facts.keySet());
        texts.forEach(group -> names.add(group + ".…"));
        this.known = String.join(", ", names);
    }

    private static CelType type(FactType type) {
        return switch (type) {
            case NUMBER -> SimpleType.INT;
            case TEXT -> SimpleType.STRING;
            case TRUTH -> SimpleType.BOOL;
        };
    }

    /** @throws NotACondition if it is none, or asks for more than a flow can be verified with */
    public Condition compile(String text) throws NotACondition {
        if (text.length() > MOST_CHARACTERS) {
            throw new NotACondition(1, "a condition has at most " + MOST_CHARACTERS + " characters");
        }
        CelValidationResult result = compiler.compile(text);
        if (result.hasError()) {
            CelIssue first = result.getErrors().stream()
                    .min(Comparator.comparing(CelIssue::getSourceLocation))
                    .orElseThrow();
            int column = Math.max(1, first.getSourceLocation().getColumn() + 1);
            throw new NotACondition(column, said(first.getMessage(), text, column));
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            return new Lowering(tree).condition(tree.getExpr());
        } catch (CelValidationException e) {
            throw new IllegalStateException("what was checked is valid", e);
        }
    }

    private String said(String message, String text, int column) {
        Matcher unknown = UNDECLARED.matcher(message);
        if (!unknown.find()) {
            return message.replaceAll("\\s+", " ").strip();
        }
        Matcher fact = DOTTED.matcher(text);
        return fact.find(column - 1) && fact.start() == column - 1
                ? "there is no fact " + fact.group() + "; there are " + known
                : "there is no " + unknown.group(1) + " in a condition";
    }
}
