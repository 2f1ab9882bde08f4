package dev.tutti.server.replay;

import dev.tutti.network.Channel;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import java.nio.charset.Charset;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a history mean, and the world it is replayed in. Written as a file; see
 * docs/how-to/replay-your-orders.md.
 *
 * @param text the file as it is, by which two mappings are told apart
 * @param newNode what a till's node is like that {@code nodes} does not name; null if such rows are refused
 * @param rows the first whose tests all hold says what a row is
 */
record Mapping(
        String name,
        String text,
        List<Node> nodes,
        List<Channel> channels,
        Csv csv,
        Time time,
        List<Rule> rows,
        OrderOf order,
        LineOf line,
        @Nullable TillOf till,
        @Nullable Node newNode,
        GivenBack cancellation,
        Stock stock,
        LocalTime handOver) {
    /**
     * How the file is written.
     *
     * @param columns in their order, if the file's first row does not name them
     * @param decimal what stands between a number's whole part and its fraction
     * @param thousands what may stand between digits, or null
     */
    record Csv(
            Charset encoding,
            char delimiter,
            Character quote,
            List<String> columns,
            char decimal,
            @Nullable Character thousands) {}

    record Time(Value value, DateTimeFormatter format, ZoneId zone) {}

    /** @param reason why such rows are refused; only looked at if they are */
    record Rule(List<Test> when, RowKind kind, String reason) {}

    record OrderOf(
            Value number,
            Value channel,
            @Nullable Value customer,
            @Nullable Value country,
            @Nullable Value postcode,
            @Nullable Value latitude,
            @Nullable Value longitude,
            Map<String, GeoPoint> places,
            boolean splittable) {}

    /** @param priceOfLine whether the price is the whole line's rather than a unit's */
    record LineOf(
            Value sku,
            @Nullable Value description,
            Value quantity,
            @Nullable Value price,
            boolean priceOfLine,
            List<Value> discounts) {}

    record TillOf(Value number, Value node) {}

    /**
     * What becomes of units that come back.
     *
     * @param match whether the customer's latest earlier purchase with enough left is looked for
     * @param node where they come back to; null means the first node
     */
    record GivenBack(boolean match, @Nullable String node, boolean restock) {}

    /**
     * How stock is given, which histories seldom tell.
     *
     * @param opening units a node has of an item when it is asked for it for the first time
     * @param coverDays a node orders up to so many days of the demand it has had so far
     * @param least and never up to less
     * @param everyDays how often stock is reviewed
     * @param at local time of the review
     * @param leadDays until a supplier delivers
     * @param nodes which are supplied for orders; a till's node always is
     */
    record Stock(
            int opening, int coverDays, int least, int everyDays, LocalTime at, int leadDays, List<String> nodes) {}

    /** Every column that is named anywhere. */
    TreeSet<String> columns() {
        TreeSet<String> all = new TreeSet<>();
        add(all, time.value());
        for (Rule rule : rows) {
            rule.when().forEach(test -> all.add(test.column()));
        }
        add(all, order.number());
        add(all, order.channel());
        add(all, order.customer());
        add(all, order.country());
        add(all, order.postcode());
        add(all, order.latitude());
        add(all, order.longitude());
        add(all, line.sku());
        add(all, line.description());
        add(all, line.quantity());
        add(all, line.price());
        line.discounts().forEach(value -> add(all, value));
        if (till != null) {
            add(all, till.number());
            add(all, till.node());
        }
        return all;
    }

    private static void add(TreeSet<String> all, @Nullable Value value) {
        if (value != null) {
            all.addAll(value.columns());
        }
    }
}
