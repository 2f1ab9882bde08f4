package dev.tutti.server.flow;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.FactType;
import dev.tutti.flow.Flow;
import dev.tutti.flow.FlowKind;
import dev.tutti.flow.Step;
import dev.tutti.flow.Step.Edge;
import dev.tutti.flow.Step.Rule;
import dev.tutti.flow.Trigger;
import dev.tutti.order.OrderFact;
import dev.tutti.order.OrderFlow;
import dev.tutti.postgres.MasterData.StoredFlow;
import dev.tutti.rules.Conditions;
import dev.tutti.rules.NotACondition;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Codes;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** A flow on the wire, in files and in the database. */
public final class FlowJson {
    private static final int MOST_STEPS = 60;
    private static final int MOST_EDGES = 40;
    private static final int MOST_RULES = 40;

    private FlowJson() {}

    /** Expensive to make, and often not needed: made when it is first asked for. */
    private static final class Compiler {
        static final Conditions CONDITIONS = conditions();

        private Compiler() {}
    }

    private static Conditions conditions() {
        Map<String, FactType> facts = new TreeMap<>();
        for (OrderFact fact : OrderFact.values()) {
            facts.put(fact.factName(), fact.type());
        }
        return new Conditions(
                facts, List.of(OrderFact.ANSWERS.replace(".", ""), OrderFact.ATTRIBUTES.replace(".", "")));
    }

    /** A way out as it was read, and where it says so. */
    private record Way(Edge edge, String path) {}

    /**
     * Reads a flow; whether it is sound is another question.
     *
     * @param version the flow has, once it is read
     */
    public static Flow read(JsonReader in, int version) {
        in.object();
        String where = in.path();
        String code = null;
        FlowKind kind = FlowKind.ORDER;
        List<Step> steps = null;
        List<Way> ways = new ArrayList<>();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> code = Codes.read(in);
                case "for" -> kind = in.oneOf(FlowKind.values());
                case "steps" -> {
                    TreeSet<String> names = new TreeSet<>();
                    steps = in.list(MOST_STEPS, step -> step(in, names, ways));
                    if (steps.isEmpty()) {
                        throw in.invalid("a flow has at least one step");
                    }
                    for (Way way : ways) {
                        if (way.edge().to() != null
                                && !names.contains(way.edge().to())) {
                            throw BadJson.invalidAt(
                                    way.path() + ".to",
                                    "there is no step " + way.edge().to());
                        }
                    }
                }
                default -> throw in.unknownField();
            }
        }
        List<Step> all = in.required(steps, "steps");
        checkKind(kind, all, ways, where);
        return new Flow(in.required(code, "code"), version, kind, all);
    }

    /** What travels along it has all facts that it asks for, and can be asked for all that it does. */
    private static void checkKind(FlowKind kind, List<Step> steps, List<Way> ways, String where) {
        String what =
                kind == FlowKind.ORDER ? "an order" : "a " + Spelling.of(kind).replace('-', ' ');
        String prefix = where.isEmpty() ? "" : where + ".";
        for (int i = 0; i < steps.size(); i++) {
            Action action = steps.get(i).action();
            if (!action.isFor(kind)) {
                throw BadJson.invalidAt(
                        prefix + "steps[" + i + "].do",
                        Spelling.of(action) + " is nothing that " + what + " can be asked for");
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            List<Rule> rules = steps.get(i).rules();
            for (int j = 0; j < rules.size(); j++) {
                checkFacts(kind, rules.get(j).when(), prefix + "steps[" + i + "].rules[" + j + "]", what);
            }
        }
        for (Way way : ways) {
            checkFacts(kind, way.edge().when(), way.path(), what);
        }
    }

    private static void checkFacts(FlowKind kind, Condition when, String path, String what) {
        for (String fact : when.facts()) {
            if (OrderFlow.typeOf(kind, fact) == null) {
                throw BadJson.invalidAt(path + ".when", what + " has no fact " + fact);
            }
        }
    }

    private static Step step(JsonReader in, TreeSet<String> names, List<Way> ways) {
        String where = in.path();
        in.object();
        String code = null;
        Action action = null;
        String target = null;
        boolean reasoned = false;
        List<Edge> edges = List.of();
        List<Rule> rules = List.of();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "code" -> {
                    code = Codes.read(in);
                    if (!names.add(code)) {
                        throw in.invalid("there are two steps " + code);
                    }
                }
                case "do" -> action = in.oneOf(Action.values());
                case "call" -> {
                    target = Codes.read(in);
                    action = action == null ? Action.CALL : action;
                }
                case "at", "hold" -> target = Codes.read(in);
                case "reason" -> {
                    target = in.nonEmptyText(500);
                    reasoned = true;
                }
                case "rules" -> rules = in.list(MOST_RULES, FlowJson::rule);
                case "edges" -> edges = in.list(MOST_EDGES, edge -> edge(in, ways));
                default -> throw in.unknownField();
            }
        }
        String name = in.required(code, "code");
        Action does = action == null ? Action.WAIT : action;
        boolean named = does.target() != Action.Target.NONE && does.target() != Action.Target.REASON;
        if (reasoned && does.target() != Action.Target.REASON) {
            throw BadJson.invalidAt(where + ".reason", Spelling.of(does) + " gives no reason; open-exception does");
        }
        if (named && target == null) {
            throw in.missing(targetField(does));
        }
        if (!named && target != null && !reasoned) {
            throw BadJson.invalidAt(in.path() + ".do", Spelling.of(does) + " is about no destination and no hold");
        }
        if (does == Action.SCREEN && rules.isEmpty()) {
            throw in.missing("rules");
        }
        if (does != Action.SCREEN && !rules.isEmpty()) {
            throw BadJson.invalidAt(where + ".rules", Spelling.of(does) + " goes by no rules; screen does");
        }
        return new Step(name, does, target, rules, edges);
    }

    private static Rule rule(JsonReader in) {
        in.object();
        Condition when = null;
        String hold = null;
        String reason = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "when" -> when = condition(in);
                case "hold" -> hold = Codes.read(in);
                case "reason" -> reason = in.nonEmptyText(500);
                default -> throw in.unknownField();
            }
        }
        return new Rule(in.required(when, "when"), in.required(hold, "hold"), in.required(reason, "reason"));
    }

    /** Where a step says what its action is about. */
    public static String targetField(Action action) {
        return switch (action.target()) {
            case HOLD -> "hold";
            case REASON -> "reason";
            case NONE, DESTINATION -> action == Action.CALL ? "call" : "at";
        };
    }

    private static Edge edge(JsonReader in, List<Way> ways) {
        String path = in.path();
        in.object();
        Trigger on = null;
        Condition when = Condition.ALWAYS;
        String to = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "on", "after" -> {
                    if (on != null) {
                        throw in.invalid("an edge is taken on something or after some time, not both");
                    }
                    on = name.equals("on") ? Triggers.named(in) : Triggers.after(in);
                }
                case "when" -> when = condition(in);
                case "to" -> to = Codes.read(in);
                default -> throw in.unknownField();
            }
        }
        Edge edge = new Edge(in.required(on, "on"), when, to);
        if (edge.on() instanceof Trigger.After && to == null) {
            throw in.missing("to");
        }
        ways.add(new Way(edge, path));
        return edge;
    }

    private static Condition condition(JsonReader in) {
        String text = in.nonEmptyText(2_000);
        try {
            return Compiler.CONDITIONS.compile(text);
        } catch (NotACondition e) {
            throw in.invalid("column " + e.column() + ": " + e.getMessage());
        }
    }

    /** A flow as it was stored. */
    public static Flow stored(StoredFlow flow) {
        byte[] bytes = flow.definition().getBytes(StandardCharsets.UTF_8);
        try (JsonReader in = new JsonReader(bytes, 0, bytes.length, 1)) {
            in.begin();
            Flow read = read(in, flow.version());
            in.end();
            return read;
        }
    }

    /** As it is stored. */
    public static StoredFlow toStore(Flow flow) {
        return new StoredFlow(
                flow.name(), flow.version(), new String(Json.bytes(json -> write(json, flow)), StandardCharsets.UTF_8));
    }

    /** Writes a flow as it is read again; its version is not part of it. */
    public static void write(JsonGenerator json, Flow flow) {
        json.writeStartObject();
        writeFields(json, flow);
        json.writeEndObject();
    }

    public static void writeFields(JsonGenerator json, Flow flow) {
        json.writeStringProperty("code", flow.name());
        json.writeStringProperty("for", Spelling.of(flow.kind()));
        json.writeName("steps");
        json.writeStartArray();
        for (Step step : flow.steps()) {
            json.writeStartObject();
            json.writeStringProperty("code", step.name());
            json.writeStringProperty("do", Spelling.of(step.action()));
            if (step.target() != null) {
                json.writeStringProperty(targetField(step.action()), step.target());
            }
            if (!step.rules().isEmpty()) {
                json.writeName("rules");
                json.writeStartArray();
                step.rules().forEach(rule -> write(json, rule));
                json.writeEndArray();
            }
            json.writeName("edges");
            json.writeStartArray();
            step.edges().forEach(edge -> write(json, edge));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Rule rule) {
        json.writeStartObject();
        json.writeStringProperty("when", rule.when().text());
        json.writeStringProperty("hold", rule.hold());
        json.writeStringProperty("reason", rule.reason());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Edge edge) {
        json.writeStartObject();
        json.writeStringProperty(edge.on() instanceof Trigger.After ? "after" : "on", Triggers.text(edge.on()));
        if (!edge.when().equals(Condition.ALWAYS)) {
            json.writeStringProperty("when", edge.when().text());
        }
        if (edge.to() != null) {
            json.writeStringProperty("to", edge.to());
        }
        json.writeEndObject();
    }
}
