package dev.tutti.server.live;

import dev.tutti.network.Node;
import dev.tutti.network.NodeType;
import dev.tutti.postgres.LiveReads.NodeLoad;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.live.Albers.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The nodes where they stand, with what they have to do.
 *
 * @param counts how many are idle, working, behind and closed
 * @param trouble why there is nothing to see; empty if there is
 */
record MapView(
        String aside,
        boolean land,
        List<Dot> dots,
        List<Label> labels,
        List<String> counts,
        List<Behind> behind,
        String trouble,
        boolean others) {
    private static final int MOST_DOTS = 1_000;
    private static final int MOST_LABELS = 16;
    private static final int MOST_BEHIND = 6;
    private static final double LETTER = 11;

    /** What a node is doing, as it is drawn: what comes later lies on top. */
    private enum State {
        CLOSED,
        IDLE,
        WORKING,
        BEHIND
    }

    /** @param shape circle, square or cross */
    record Dot(String shape, String state, double x, double y, double size, String title) {}

    record Label(String x, String y, String anchor, String text) {}

    record Behind(String node, String town, String late, String of, String width, String age) {}

    private record Drawn(Node node, State state, @Nullable NodeLoad load) {
        long units() {
            return load == null ? 0 : load.units();
        }

        boolean isStore() {
            return node.type() == NodeType.STORE;
        }

        double size() {
            return isStore()
                    ? Math.min(16, 3 + 0.62 * Math.sqrt((double) units()) + (state == State.IDLE ? 0.6 : 0))
                    : Math.min(15, 6 + 0.13 * Math.sqrt((double) units()));
        }
    }

    static MapView of(Seen seen, @Nullable List<NodeLoad> load) {
        List<Drawn> nodes = drawn(seen.nodes(), load == null ? List.of() : load);
        Plan plan = Plan.of(seen.nodes());
        List<Drawn> shown = nodes.stream()
                .filter(drawn -> plan.places().containsKey(drawn.node))
                .sorted(Comparator.comparing(Drawn::isStore)
                        .thenComparing(Comparator.comparing(Drawn::state).reversed())
                        .thenComparing(Comparator.comparingLong(Drawn::units).reversed())
                        .thenComparing(drawn -> drawn.node.code()))
                .limit(MOST_DOTS)
                .sorted(Comparator.comparing(Drawn::state)
                        .thenComparing(Comparator.comparing(Drawn::isStore).reversed())
                        .thenComparing(Comparator.comparingLong(Drawn::units).reversed())
                        .thenComparing(drawn -> drawn.node.code()))
                .toList();
        return new MapView(
                aside(nodes, shown.size()),
                plan.land(),
                shown.stream()
                        .map(drawn -> dot(drawn, point(plan, drawn), load != null))
                        .toList(),
                labels(shown, plan),
                counts(nodes),
                behind(nodes),
                trouble(nodes, plan),
                shown.stream().anyMatch(drawn -> !drawn.isStore()));
    }

    private static Point point(Plan plan, Drawn drawn) {
        return Objects.requireNonNull(plan.places().get(drawn.node));
    }

    private static List<Drawn> drawn(List<Node> nodes, List<NodeLoad> load) {
        Map<Integer, NodeLoad> byNode = new HashMap<>();
        load.forEach(some -> byNode.put(some.node(), some));
        List<Drawn> drawn = new ArrayList<>();
        for (Node node : nodes) {
            NodeLoad has = byNode.get(node.id().value());
            State state;
            if (has != null) {
                state = has.late() > 0 ? State.BEHIND : State.WORKING;
            } else {
                state = node.active() ? State.IDLE : State.CLOSED;
            }
            drawn.add(new Drawn(node, state, has));
        }
        return drawn;
    }

    private static String aside(List<Drawn> nodes, int shown) {
        List<String> kinds = new ArrayList<>();
        count(nodes, NodeType.DISTRIBUTION_CENTRE, "distribution centre", "distribution centres", kinds);
        count(nodes, NodeType.THIRD_PARTY_WAREHOUSE, "warehouse", "warehouses", kinds);
        count(nodes, NodeType.SUPPLIER, "supplier", "suppliers", kinds);
        count(nodes, NodeType.STORE, "store", "stores", kinds);
        if (shown > 0 && shown < nodes.size()) {
            kinds.add(Words.number(shown) + " on the map");
        }
        return kinds.isEmpty() ? "No node yet" : String.join(" · ", kinds);
    }

    private static void count(List<Drawn> nodes, NodeType type, String one, String several, List<String> into) {
        long count = nodes.stream().filter(drawn -> drawn.node.type() == type).count();
        if (count > 0) {
            into.add(Words.count(count, one, several));
        }
    }

    private static String trouble(List<Drawn> nodes, Plan plan) {
        if (nodes.isEmpty()) {
            return "none";
        }
        return plan.places().isEmpty() ? "nowhere" : "";
    }

    private static Dot dot(Drawn drawn, Point at, boolean known) {
        String shape = !drawn.isStore() ? "square" : drawn.state == State.CLOSED ? "cross" : "circle";
        return new Dot(shape, wire(drawn.state), at.x(), at.y(), drawn.size(), title(drawn, known));
    }

    private static String title(Drawn drawn, boolean known) {
        String town = Words.town(drawn.node);
        String name = Words.kind(drawn.node) + " " + drawn.node.code() + (town.isEmpty() ? "" : " · " + town);
        NodeLoad load = drawn.load;
        if (load != null) {
            String late = load.unitsLate() == 0 ? "" : ", " + Words.number(load.unitsLate()) + " late";
            return name + "\n" + Words.count(load.units(), "unit", "units") + " to do" + late;
        }
        return name + "\n" + (drawn.state == State.CLOSED ? "closed" : known ? "idle, nothing to do" : "");
    }

    private static String wire(State state) {
        return switch (state) {
            case CLOSED -> "closed";
            case IDLE -> "idle";
            case WORKING -> "working";
            case BEHIND -> "behind";
        };
    }

    /** The large houses by their codes, where there are few and where there is room beside them. */
    private static List<Label> labels(List<Drawn> shown, Plan plan) {
        List<Drawn> large = shown.stream().filter(drawn -> !drawn.isStore()).toList();
        List<Label> labels = new ArrayList<>();
        List<double[]> taken = new ArrayList<>();
        for (Drawn drawn : large) {
            Point at = point(plan, drawn);
            taken.add(new double[] {at.x() - 8, at.x() + 8, at.y()});
        }
        for (Drawn drawn : large.size() > MOST_LABELS ? List.<Drawn>of() : large) {
            Point at = point(plan, drawn);
            String code = drawn.node.code();
            double width = LETTER * code.length();
            double beside = drawn.size() + 6;
            double[] right = {at.x() + beside, at.x() + beside + width, at.y()};
            double[] left = {at.x() - beside - width, at.x() - beside, at.y()};
            if (right[1] < Albers.WIDTH && isFree(right, taken)) {
                labels.add(new Label(Words.length(right[0]), Words.length(at.y()), "", code));
                taken.add(right);
            } else if (left[0] > 0 && isFree(left, taken)) {
                labels.add(new Label(Words.length(left[1]), Words.length(at.y()), "end", code));
                taken.add(left);
            }
        }
        return labels;
    }

    private static boolean isFree(double[] box, List<double[]> taken) {
        return taken.stream()
                .noneMatch(other -> box[0] < other[1] && other[0] < box[1] && Math.abs(box[2] - other[2]) < 17);
    }

    private static List<String> counts(List<Drawn> nodes) {
        List<String> counts = new ArrayList<>();
        for (State state : List.of(State.IDLE, State.WORKING, State.BEHIND, State.CLOSED)) {
            counts.add(Words.number(
                    nodes.stream().filter(drawn -> drawn.state == state).count()));
        }
        return counts;
    }

    private static List<Behind> behind(List<Drawn> nodes) {
        Instant now = Engine.now();
        List<Behind> behind = new ArrayList<>();
        nodes.stream()
                .filter(drawn -> drawn.state == State.BEHIND)
                .sorted(Comparator.comparingLong(MapView::unitsLate)
                        .reversed()
                        .thenComparing(drawn -> drawn.node.code()))
                .limit(MOST_BEHIND)
                .forEach(drawn -> {
                    NodeLoad load = drawn.load;
                    if (load != null) {
                        behind.add(new Behind(
                                drawn.node.code(),
                                Words.town(drawn.node),
                                Words.number(load.unitsLate()),
                                Words.number(load.units()),
                                Words.width(load.unitsLate(), load.units()),
                                Words.age(Duration.between(load.firstDue(), now))));
                    }
                });
        return behind;
    }

    private static long unitsLate(Drawn drawn) {
        return drawn.load == null ? 0 : drawn.load.unitsLate();
    }
}
