package dev.tutti.server.live;

import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.server.live.Albers.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes stand in the drawing.
 *
 * @param land whether the outlines of the United States belong under it
 */
record Plan(boolean land, Map<Node, Point> places) {
    private static final double MARGIN = 40;
    private static final double LEAST_DEGREES = 0.5;

    static Plan of(List<Node> nodes) {
        Plan states = inTheStates(nodes);
        return states == null ? fitted(nodes) : states;
    }

    /** Null if one of the nodes is somewhere else. */
    private static @Nullable Plan inTheStates(List<Node> nodes) {
        Map<Node, Point> places = new LinkedHashMap<>();
        for (Node node : nodes) {
            GeoPoint at = node.location();
            if (at != null) {
                Point place = isNear(at) ? Albers.project(at.latitude(), at.longitude()) : null;
                if (place == null) {
                    return null;
                }
                places.put(node, place);
            }
        }
        return new Plan(true, places);
    }

    /** The windows of the picture reach into Mexico and Canada, and round the globe. */
    private static boolean isNear(GeoPoint at) {
        boolean contiguous =
                at.latitude() >= 24.3 && at.latitude() <= 49.5 && at.longitude() >= -125 && at.longitude() <= -66.5;
        boolean alaska =
                at.latitude() >= 51 && at.latitude() <= 71.6 && (at.longitude() <= -129.5 || at.longitude() >= 172);
        boolean hawaii =
                at.latitude() >= 18.5 && at.latitude() <= 22.6 && at.longitude() >= -161 && at.longitude() <= -154;
        return contiguous || alaska || hawaii;
    }

    /** Degrees as they are, narrowed by the latitude of the middle, as large as the drawing can hold them. */
    private static Plan fitted(List<Node> nodes) {
        List<GeoPoint> points =
                nodes.stream().map(Node::location).filter(Objects::nonNull).toList();
        double south = points.stream().mapToDouble(GeoPoint::latitude).min().orElse(0);
        double north = points.stream().mapToDouble(GeoPoint::latitude).max().orElse(0);
        double west = points.stream().mapToDouble(GeoPoint::longitude).min().orElse(0);
        double east = points.stream().mapToDouble(GeoPoint::longitude).max().orElse(0);
        double narrow = Math.max(0.1, Math.cos(Math.toRadians((south + north) / 2)));
        double scale = Math.min(
                (Albers.WIDTH - 2 * MARGIN) / Math.max(LEAST_DEGREES, (east - west) * narrow),
                (Albers.HEIGHT - 2 * MARGIN) / Math.max(LEAST_DEGREES, north - south));
        Map<Node, Point> places = new LinkedHashMap<>();
        for (Node node : nodes) {
            GeoPoint at = node.location();
            if (at != null) {
                places.put(
                        node,
                        new Point(
                                Albers.WIDTH / 2.0 + (at.longitude() - (west + east) / 2) * narrow * scale,
                                Albers.HEIGHT / 2.0 - (at.latitude() - (south + north) / 2) * scale));
            }
        }
        return new Plan(false, places);
    }
}
