package dev.tutti.server.flow;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Action;
import dev.tutti.flow.Condition;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.flow.Step.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A flow as a picture: steps in rows from its beginning to its end, edges with what they are taken on. */
public final class FlowPicture {
    private static final int BOX_WIDTH = 190;
    private static final int BOX_HEIGHT = 46;
    private static final int GAP_X = 60;
    private static final int GAP_Y = 96;
    private static final int MARGIN = 24;
    private static final int LANE = 15;
    private static final int LABEL = 30;
    private static final int BESIDE = 100;
    private static final int LETTER = 6;
    private static final int ROW = 13;
    private static final int LONGEST_ROW = 38;

    private final Flow flow;
    private final Map<String, Long> waiting;
    private final SortedMap<Integer, List<String>> rows = new TreeMap<>();
    private final Map<String, Integer> rowOf = new LinkedHashMap<>();

    private FlowPicture(Flow flow, Map<String, Long> waiting) {
        this.flow = flow;
        this.waiting = waiting;
    }

    /**
     * In the language of <a href="https://mermaid.js.org">Mermaid</a>.
     *
     * @param waiting how many orders are at a step; empty if nobody has counted
     */
    public static String mermaid(Flow flow, Map<String, Long> waiting) {
        StringBuilder text = new StringBuilder("flowchart TD\n");
        for (Step step : flow.steps()) {
            text.append("  ")
                    .append(id(flow, step.name()))
                    .append(shape(flow, step, waiting))
                    .append('\n');
        }
        for (Step step : flow.steps()) {
            for (Edge edge : step.edges()) {
                String to = edge.to() == null ? step.name() : edge.to();
                text.append("  ")
                        .append(id(flow, step.name()))
                        .append(edge.to() == null ? " -.->|\"" : " -->|\"")
                        .append(escaped(label(edge)).replace("&", "#").replace("#amp;quot;", "#quot;"))
                        .append("\"| ")
                        .append(id(flow, to))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String id(Flow flow, String step) {
        return "s" + flow.steps().stream().map(Step::name).toList().indexOf(step);
    }

    private static String shape(Flow flow, Step step, Map<String, Long> waiting) {
        String words = String.join("<br/>", words(flow, step, waiting));
        return switch (step.action()) {
            case WAIT -> "([\"" + words + "\"])";
            case CLOSE, REFUSE -> "[[\"" + words + "\"]]";
            case CALL, NOTIFY, AUTHORISE, SETTLE, REFUND -> "[/\"" + words + "\"/]";
            case VALIDATE,
                    SCREEN,
                    SOURCE,
                    PARK,
                    RELEASE,
                    CANCEL_UNFILLED,
                    CANCEL,
                    GIVE_BACK,
                    HOLD,
                    RELEASE_HOLD,
                    CAPTURE,
                    INVOICE,
                    WRITE_OFF,
                    OPEN_EXCEPTION -> "[\"" + words + "\"]";
        };
    }

    private static List<String> words(Flow flow, Step step, Map<String, Long> waiting) {
        List<String> words = new ArrayList<>(List.of(step.name()));
        String action = step.action().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (step.target() == null || step.action().target() == Action.Target.REASON ? "" : " " + step.target());
        Long orders = waiting.get(step.name());
        String count = orders == null
                ? ""
                : orders + " " + Spelling.of(flow.kind()).replace('-', ' ') + (orders == 1 ? "" : "s");
        if (step.action() != Action.WAIT && !action.equals(step.name().replace('-', ' '))) {
            words.add(action + (count.isEmpty() ? "" : " · " + count));
        } else if (!count.isEmpty()) {
            words.add(count);
        }
        return words;
    }

    private static String label(Edge edge) {
        String on = Triggers.text(edge.on());
        return edge.when().equals(Condition.ALWAYS)
                ? on
                : on + " if " + edge.when().text();
    }

    /** As an image that needs nothing else. */
    public static String svg(Flow flow, Map<String, Long> waiting) {
        FlowPicture picture = new FlowPicture(flow, waiting);
        picture.layOut();
        return picture.drawn();
    }

    // Layout: each step one row below the lowest that leads down to it

    private void layOut() {
        rank(flow.start().name(), 0, new ArrayList<>());
        flow.steps().forEach(step -> rowOf.putIfAbsent(step.name(), 0));
        for (Step step : flow.steps()) {
            rows.computeIfAbsent(rowOf.getOrDefault(step.name(), 0), row -> new ArrayList<>())
                    .add(step.name());
        }
        rows.values().forEach(row -> row.sort(Comparator.comparingDouble(this::pull)));
    }

    /** Edges back to a step on the way here are left aside: they are what makes a circle. */
    private void rank(String step, int row, List<String> way) {
        if (way.contains(step) || rowOf.getOrDefault(step, -1) >= row) {
            return;
        }
        rowOf.put(step, row);
        way.add(step);
        for (Edge edge : flow.step(step).edges()) {
            if (edge.to() != null) {
                rank(edge.to(), row + 1, way);
            }
        }
        way.removeLast();
    }

    /** Where those above it stand, on average. */
    private double pull(String step) {
        return flow.steps().stream()
                .filter(from -> from.edges().stream().anyMatch(edge -> step.equals(edge.to())))
                .filter(from -> row(from.name()) < row(step))
                .mapToInt(from -> rows.getOrDefault(row(from.name()), List.of()).indexOf(from.name()))
                .average()
                .orElse(0);
    }

    private int row(String step) {
        return rowOf.getOrDefault(step, 0);
    }

    // Drawing

    private int width() {
        int widest = rows.values().stream().mapToInt(List::size).max().orElse(1);
        return 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X;
    }

    private int left(String step) {
        List<String> row = rows.getOrDefault(row(step), List.of(step));
        int wide = row.size() * BOX_WIDTH + (row.size() - 1) * GAP_X;
        return (width() - wide) / 2 + row.indexOf(step) * (BOX_WIDTH + GAP_X);
    }

    private int top(String step) {
        int above = new ArrayList<>(rows.keySet()).indexOf(row(step));
        return MARGIN + above * (BOX_HEIGHT + GAP_Y);
    }

    /** All edges from one step to another, as one line with a label of several rows. */
    private record Line(String from, String to, List<String> labels) {}

    private List<Line> lines() {
        Map<String, Line> lines = new LinkedHashMap<>();
        for (Step step : flow.steps()) {
            for (Edge edge : step.edges()) {
                String to = edge.to() == null ? step.name() : edge.to();
                lines.computeIfAbsent(step.name() + " " + to, key -> new Line(step.name(), to, new ArrayList<>()))
                        .labels()
                        .add(label(edge));
            }
        }
        return List.copyOf(lines.values());
    }

    private String drawn() {
        List<Line> lines = lines();
        List<Line> down = lines.stream().filter(this::goesDown).toList();
        List<Line> back = lines.stream().filter(line -> !goesDown(line)).toList();
        int longest = back.stream()
                .flatMap(line -> wrapped(line.labels()).stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        int width = width() + (back.isEmpty() ? 0 : BESIDE + back.size() * LANE + LETTER * longest);
        int height = 2 * MARGIN + rows.size() * (BOX_HEIGHT + GAP_Y) - GAP_Y;
        StringBuilder svg = new StringBuilder();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-label="%3$s">
                <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b6270"/></marker></defs>
                <g font-family="system-ui, sans-serif" font-size="11" fill="#5b6270">
                <rect width="100%%" height="100%%" fill="#fcfcfa"/>
                """.formatted(width, height, escaped("The flow " + flow.name() + ", version " + flow.version())));
        down.forEach(line -> straight(line, svg));
        for (int i = 0; i < back.size(); i++) {
            around(back.get(i), i, svg);
        }
        flow.steps().forEach(step -> box(step, svg));
        return svg.append("</g>\n</svg>\n").toString();
    }

    private boolean goesDown(Line line) {
        return row(line.to()) > row(line.from());
    }

    /** What passes a row bows to the left of whatever stands there; words stand above where it leads. */
    private void straight(Line line, StringBuilder svg) {
        int bow = row(line.to()) - row(line.from()) > 1 ? BOX_WIDTH * 3 / 4 : 0;
        int x1 = left(line.from()) + BOX_WIDTH / 2 - bow / 4;
        int y1 = top(line.from()) + BOX_HEIGHT;
        int x2 = left(line.to()) + BOX_WIDTH / 2 - bow / 4;
        int y2 = top(line.to()) - 2;
        path(
                "M%d %dC%d %d %d %d %d %d"
                        .formatted(x1, y1, x1 - bow, y1 + GAP_Y / 2, x2 - bow, y2 - GAP_Y / 2, x2, y2),
                svg);
        List<String> rows = wrapped(line.labels());
        int x = bow > 0 ? x2 - bow / 2 - LABEL : x2 + 6;
        labels(rows, x, y2 - 12 - ROW * (rows.size() - 1) - (bow > 0 ? ROW : 0), svg);
    }

    /** Back up, or to where it came from, below and above all boxes, in a lane of its own to the right. */
    private void around(Line line, int lane, StringBuilder svg) {
        int x1 = left(line.from()) + BOX_WIDTH * 3 / 4;
        int y1 = top(line.from()) + BOX_HEIGHT;
        int x2 = left(line.to()) + BOX_WIDTH * 3 / 4 + 2 * lane;
        int y2 = top(line.to());
        int x = width() - MARGIN + BESIDE + lane * LANE;
        path("M%d %dV%dH%dV%dH%dV%d".formatted(x1, y1, y1 + 10 + 2 * lane, x, y2 - 10 - 2 * lane, x2, y2 - 2), svg);
        labels(wrapped(line.labels()), x + 5, (y1 + y2) / 2 + 2 * ROW * lane, svg);
    }

    /** In rows that are not too long, broken where a condition has parts. */
    private static List<String> wrapped(List<String> labels) {
        List<String> rows = new ArrayList<>();
        for (String label : labels) {
            String rest = label;
            while (rest.length() > LONGEST_ROW) {
                int at = Math.max(rest.lastIndexOf(" if ", LONGEST_ROW), rest.lastIndexOf(" && ", LONGEST_ROW));
                at = Math.max(at, rest.lastIndexOf(" || ", LONGEST_ROW));
                if (at <= 0) {
                    break;
                }
                rows.add(rest.substring(0, at));
                rest = "  " + rest.substring(at + 1);
            }
            rows.add(rest);
        }
        return rows;
    }

    private static void path(String d, StringBuilder svg) {
        svg.append("<path d=\"").append(d).append("\" fill=\"none\" stroke=\"#9aa1ad\" marker-end=\"url(#tip)\"/>\n");
    }

    private static void labels(List<String> labels, int x, int y, StringBuilder svg) {
        for (int i = 0; i < labels.size(); i++) {
            svg.append(
                    "<text x=\"%d\" y=\"%d\" paint-order=\"stroke\" stroke=\"#fcfcfa\" stroke-width=\"3\">%s</text>\n"
                            .formatted(x, y + ROW * i, escaped(labels.get(i))));
        }
    }

    private void box(Step step, StringBuilder svg) {
        int x = left(step.name());
        int y = top(step.name());
        boolean waits = step.action() == Action.WAIT;
        boolean ends = step.action() == Action.CLOSE;
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\" stroke=\"%s\"/>\n"
                .formatted(
                        x,
                        y,
                        BOX_WIDTH,
                        BOX_HEIGHT,
                        waits ? BOX_HEIGHT / 2 : 4,
                        ends ? "#14171c" : waits ? "#e8eefc" : "#ffffff",
                        waits ? "#3f63d8" : "#14171c"));
        List<String> words = words(flow, step, waiting);
        for (int i = 0; i < words.size(); i++) {
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"%d\" fill=\"%s\"%s>%s</text>\n"
                    .formatted(
                            x + BOX_WIDTH / 2,
                            y + (words.size() == 1 ? 28 : 20 + 16 * i),
                            i == 0 ? 13 : 11,
                            ends ? "#ffffff" : i == 0 ? "#14171c" : "#5b6270",
                            i == 0 ? " font-weight=\"600\"" : "",
                            escaped(words.get(i))));
        }
    }

    private static String escaped(@Nullable String text) {
        return String.valueOf(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
