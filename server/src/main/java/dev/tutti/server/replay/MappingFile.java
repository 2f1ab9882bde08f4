package dev.tutti.server.replay;

import dev.tutti.flow.Flows;
import dev.tutti.flow.StandardFlows;
import dev.tutti.network.Channel;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.server.api.ChannelJson;
import dev.tutti.server.api.NodeJson;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads a mapping. What is wrong with it is told with its file, line and path. */
final class MappingFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST = 10_000;
    private static final LocalTime MORNING = LocalTime.of(5, 0);
    private static final LocalTime AFTERNOON = LocalTime.of(17, 0);
    private static final Mapping.Stock STOCK = new Mapping.Stock(100, 21, 24, 1, MORNING, 2, List.of());

    private final Path path;
    private final String text;
    private String name = "";
    private List<Node> nodes = List.of();
    private List<Channel> channels = List.of();
    private Mapping.Csv csv = new Mapping.Csv(StandardCharsets.UTF_8, ',', '"', List.of(), '.', null);
    private Mapping.@Nullable Time time;
    private List<Mapping.Rule> rows = List.of();
    private Mapping.@Nullable OrderOf order;
    private Mapping.@Nullable LineOf line;
    private Mapping.@Nullable TillOf till;
    private @Nullable Node newNode;
    private Mapping.GivenBack cancellation = new Mapping.GivenBack(true, null, true);
    private Mapping.Stock stock = STOCK;
    private LocalTime handOver = AFTERNOON;

    private MappingFile(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /** @throws NotUsable if it cannot be understood */
    static Mapping read(Path path) {
        String text;
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new NotUsable(path + ": a mapping has at most " + MOST_BYTES + " bytes");
            }
            text = Files.readString(path);
        } catch (IOException e) {
            throw new NotUsable(path + ": it cannot be read as UTF-8 text (" + e.getMessage() + ")");
        }
        return new MappingFile(path, text).read();
    }

    private Mapping read() {
        try (JsonReader in = JsonReader.yaml(text.getBytes(StandardCharsets.UTF_8))) {
            try {
                in.begin();
                in.object();
                for (String field = in.nextField(); field != null; field = in.nextField()) {
                    field(in, field);
                }
                return checked(in);
            } catch (BadJson bad) {
                String where = bad.path().isEmpty() ? "" : bad.path() + ": ";
                throw new NotUsable(path + ", line " + in.line() + ": " + where + bad.detail());
            } catch (NotDone unknown) {
                Problem problem = unknown.problem();
                throw new NotUsable(path + ", line " + in.line() + ": " + problem.path() + ": " + problem.detail());
            }
        }
    }

    /** Its database's folder is called so. */
    private static String name(JsonReader in) {
        String name = in.nonEmptyText(100);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw in.invalid("it is made of letters, digits, dots, dashes and underscores");
        }
        return name;
    }

    private void field(JsonReader in, String field) {
        switch (field) {
            case "name" -> name = name(in);
            case "nodes" -> nodes = numbered(in.list(MOST, NodeJson::read));
            case "channels" -> channels = channels(in);
            case "csv" -> csv = csv(in);
            case "time" -> time = time(in);
            case "rows" -> rows = in.list(MOST, MappingFile::rule);
            case "order" -> order = order(in);
            case "line" -> line = line(in);
            case "till" -> till(in);
            case "cancellations" -> cancellation = givenBack(in);
            case "stock" -> stock = stock(in);
            case "handOver" -> handOver = localTime(in);
            default -> throw in.unknownField();
        }
    }

    private Mapping checked(JsonReader in) {
        Mapping.OrderOf orders = in.required(order, "order");
        Mapping mapping = new Mapping(
                in.required(name.isEmpty() ? null : name, "name"),
                text,
                nodes,
                channels,
                csv,
                in.required(time, "time"),
                rows,
                orders,
                in.required(line, "line"),
                till,
                newNode,
                cancellation,
                stock,
                handOver);
        boolean tills = mapping.rows().stream().anyMatch(rule -> rule.kind() == RowKind.TILL_SALE);
        refuseIf(
                tills && till == null,
                "rows are taken for till sales, and there is no till: that says where they were");
        refuseIf(
                nodes.isEmpty() && newNode == null,
                "there are no nodes: somebody must have the stock (nodes:, or till: newNode:)");
        Set<String> codes = new HashSet<>();
        for (Node node : nodes) {
            refuseIf(!codes.add(node.code()), "there are two nodes " + node.code());
        }
        for (String node : stock.nodes()) {
            refuseIf(!codes.contains(node), "stock: nodes: names " + node + ", which is none of the nodes");
        }
        String back = cancellation.node();
        refuseIf(back != null && !codes.contains(back), "cancellations: node: " + back + " is none of the nodes");
        return mapping;
    }

    private void refuseIf(boolean wrong, String problem) {
        if (wrong) {
            throw new NotUsable(path + ": " + problem);
        }
    }

    private static List<Node> numbered(List<Node> read) {
        List<Node> all = new ArrayList<>();
        for (Node node : read) {
            all.add(withId(node, node.code(), all.size() + 1));
        }
        return all;
    }

    static Node withId(Node node, String code, int id) {
        return new Node(
                new NodeId(id),
                code,
                node.type(),
                node.location(),
                node.calendar(),
                node.dailyCapacity(),
                node.costs(),
                node.legalEntity(),
                node.ships(),
                node.handsOut(),
                node.active(),
                node.attributes());
    }

    private static List<Channel> channels(JsonReader in) {
        return in.list(MOST, channel -> ChannelJson.read(channel, new Flows(StandardFlows.all())));
    }

    private static Mapping.Csv csv(JsonReader in) {
        in.object();
        Charset encoding = StandardCharsets.UTF_8;
        char delimiter = ',';
        char quote = '"';
        List<String> columns = List.of();
        char decimal = '.';
        Character thousands = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "encoding" ->
                    encoding = parsed(in, "an encoding, such as utf-8 or latin-1", 40, MappingFile::charset);
                case "delimiter" -> delimiter = one(in);
                case "quote" -> quote = one(in);
                case "decimal" -> decimal = one(in);
                case "thousands" -> thousands = one(in);
                case "columns" -> columns = in.list(MOST, column -> column.nonEmptyText(200));
                default -> throw in.unknownField();
            }
        }
        return new Mapping.Csv(encoding, delimiter, quote, columns, decimal, thousands);
    }

    private static Charset charset(String name) {
        return name.equalsIgnoreCase("latin-1") ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
    }

    private static char one(JsonReader in) {
        String text = in.text(2);
        if (text.length() != 1) {
            throw in.invalid("it is one character");
        }
        return text.charAt(0);
    }

    private static Mapping.Time time(JsonReader in) {
        in.object();
        List<String> columns = List.of();
        DateTimeFormatter format = null;
        ZoneId zone = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "column" -> columns = List.of(in.nonEmptyText(200));
                case "columns" -> columns = in.list(3, column -> column.nonEmptyText(200));
                case "format" -> format = parsed(in, "a pattern as in yyyy-MM-dd HH:mm:ss", 100, MappingFile::exactly);
                case "zone" -> zone = parsed(in, "a time zone, as in Europe/London", 60, ZoneId::of);
                default -> throw in.unknownField();
            }
        }
        in.required(columns.isEmpty() ? null : columns, "column");
        Value value = new Value(columns, null, null, Map.of(), null, "");
        return new Mapping.Time(value, in.required(format, "format"), in.required(zone, "zone"));
    }

    /** Without lenience: the 30th of February is no day. (Then years must be of an era, or be u.) */
    private static DateTimeFormatter exactly(String pattern) {
        StringBuilder years = new StringBuilder();
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            years.append(c == 'y' && !quoted ? 'u' : c);
        }
        return DateTimeFormatter.ofPattern(years.toString(), Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static Mapping.Rule rule(JsonReader in) {
        in.object();
        List<Test> when = List.of();
        RowKind kind = null;
        String reason = "";
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "when" -> when = tests(in);
                case "is" -> kind = kind(in);
                case "refuse" -> {
                    kind = RowKind.REFUSED;
                    reason = in.nonEmptyText(60);
                }
                default -> throw in.unknownField();
            }
        }
        return new Mapping.Rule(when, in.required(kind, "is"), reason);
    }

    private static RowKind kind(JsonReader in) {
        RowKind kind = in.oneOf(new RowKind[] {RowKind.ORDER, RowKind.TILL_SALE, RowKind.CANCELLATION, RowKind.RETURN});
        return kind;
    }

    private static List<Test> tests(JsonReader in) {
        in.object();
        List<Test> tests = new ArrayList<>();
        for (String column = in.nextField(); column != null; column = in.nextField()) {
            tests.add(new Test(column, question(in)));
        }
        return tests;
    }

    private static Test.Question question(JsonReader in) {
        if (in.isArray()) {
            return new Test.Question.OneOf(in.list(MOST, text -> text.scalar(500)));
        }
        if (!in.isObject()) {
            return new Test.Question.OneOf(List.of(in.scalar(500)));
        }
        in.object();
        Test.Question question = null;
        BigDecimal atLeast = null;
        BigDecimal above = null;
        BigDecimal atMost = null;
        BigDecimal below = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "matches" -> question = new Test.Question.Matches(pattern(in));
                case "empty" -> question = new Test.Question.Empty(in.bool());
                case "atLeast" -> atLeast = number(in);
                case "above" -> above = number(in);
                case "atMost" -> atMost = number(in);
                case "below" -> below = number(in);
                default -> throw in.unknownField();
            }
        }
        return question != null ? question : new Test.Question.Between(atLeast, above, atMost, below);
    }

    private static BigDecimal number(JsonReader in) {
        BigDecimal number = CsvFile.number(in.scalar(40));
        if (number == null) {
            throw in.invalid("it is no number");
        }
        return number;
    }

    private static Pattern pattern(JsonReader in) {
        String text = in.nonEmptyText(500);
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw in.invalid("it is not a regular expression: " + e.getDescription());
        }
    }

    private static Mapping.OrderOf order(JsonReader in) {
        in.object();
        Value number = null;
        Value channel = null;
        Value customer = null;
        Value country = null;
        Value postcode = null;
        Value latitude = null;
        Value longitude = null;
        Map<String, GeoPoint> places = Map.of();
        boolean splittable = true;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "number" -> number = value(in);
                case "channel" -> channel = value(in);
                case "customer" -> customer = value(in);
                case "country" -> country = value(in);
                case "postcode" -> postcode = value(in);
                case "latitude" -> latitude = value(in);
                case "longitude" -> longitude = value(in);
                case "places" -> places = places(in);
                case "splittable" -> splittable = in.bool();
                default -> throw in.unknownField();
            }
        }
        return new Mapping.OrderOf(
                in.required(number, "number"),
                in.required(channel, "channel"),
                customer,
                country,
                postcode,
                latitude,
                longitude,
                places,
                splittable);
    }

    private static Map<String, GeoPoint> places(JsonReader in) {
        in.object();
        Map<String, GeoPoint> places = new TreeMap<>();
        for (String code = in.nextField(); code != null; code = in.nextField()) {
            List<Double> point = in.list(2, degrees -> degrees.coordinate(-180, 180));
            if (point.size() != 2 || Math.abs(point.getFirst()) > 90) {
                throw in.invalid("it is [latitude, longitude]");
            }
            places.put(code, new GeoPoint(point.getFirst(), point.getLast()));
        }
        return places;
    }

    private static Mapping.LineOf line(JsonReader in) {
        in.object();
        Value sku = null;
        Value description = null;
        Value quantity = null;
        Value price = null;
        boolean priceOfLine = false;
        List<Value> discounts = List.of();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "sku" -> sku = value(in);
                case "description" -> description = value(in);
                case "quantity" -> quantity = value(in);
                case "price" -> price = value(in);
                case "priceIs" -> {
                    String of = in.nonEmptyText(10);
                    if (!List.of("unit", "line").contains(of)) {
                        throw in.invalid("it is unit or line");
                    }
                    priceOfLine = of.equals("line");
                }
                case "discounts" -> discounts = in.list(20, MappingFile::value);
                default -> throw in.unknownField();
            }
        }
        return new Mapping.LineOf(
                in.required(sku, "sku"), description, in.required(quantity, "quantity"), price, priceOfLine, discounts);
    }

    private void till(JsonReader in) {
        in.object();
        Value number = null;
        Value node = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "number" -> number = value(in);
                case "node" -> node = value(in);
                case "newNode" -> newNode = newNode(in);
                default -> throw in.unknownField();
            }
        }
        till = new Mapping.TillOf(in.required(number, "number"), in.required(node, "node"));
    }

    private static Node newNode(JsonReader in) {
        in.object();
        NodeType type = NodeType.STORE;
        ZoneId zone = null;
        LocalTime cutOff = LocalTime.of(15, 0);
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "type" -> type = in.oneOf(NodeType.values());
                case "zone" -> zone = parsed(in, "a time zone, as in America/New_York", 60, ZoneId::of);
                case "cutOff" -> cutOff = localTime(in);
                default -> throw in.unknownField();
            }
        }
        return new Node(
                new NodeId(0),
                "new",
                type,
                null,
                WorkCalendar.everyDay(in.required(zone, "zone"), cutOff),
                Node.UNLIMITED,
                NodeCosts.PUBLISHED,
                "",
                true,
                true,
                true,
                new TreeMap<>());
    }

    private static Mapping.GivenBack givenBack(JsonReader in) {
        in.object();
        boolean match = true;
        String node = null;
        boolean restock = true;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "match" -> {
                    String how = in.nonEmptyText(40);
                    if (!List.of("latest-purchase", "none").contains(how)) {
                        throw in.invalid("it is latest-purchase or none");
                    }
                    match = how.equals("latest-purchase");
                }
                case "node" -> node = in.nonEmptyText(64);
                case "restock" -> restock = in.bool();
                default -> throw in.unknownField();
            }
        }
        return new Mapping.GivenBack(match, node, restock);
    }

    private static Mapping.Stock stock(JsonReader in) {
        in.object();
        Mapping.Stock is = STOCK;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            is = switch (field) {
                case "opening" -> with(is, in.integer(0, 1_000_000), is.coverDays(), is.least());
                case "coverDays" -> with(is, is.opening(), in.integer(0, 3_650), is.least());
                case "least" -> with(is, is.opening(), is.coverDays(), in.integer(0, 1_000_000));
                case "everyDays" -> reviewed(is, in.integer(1, 365), is.at(), is.leadDays());
                case "at" -> reviewed(is, is.everyDays(), localTime(in), is.leadDays());
                case "leadDays" -> reviewed(is, is.everyDays(), is.at(), in.integer(0, 365));
                case "nodes" ->
                    new Mapping.Stock(
                            is.opening(),
                            is.coverDays(),
                            is.least(),
                            is.everyDays(),
                            is.at(),
                            is.leadDays(),
                            in.list(MOST, node -> node.nonEmptyText(64)));
                default -> throw in.unknownField();
            };
        }
        return is;
    }

    private static Mapping.Stock with(Mapping.Stock is, int opening, int coverDays, int least) {
        return new Mapping.Stock(opening, coverDays, least, is.everyDays(), is.at(), is.leadDays(), is.nodes());
    }

    private static Mapping.Stock reviewed(Mapping.Stock is, int everyDays, LocalTime at, int leadDays) {
        return new Mapping.Stock(is.opening(), is.coverDays(), is.least(), everyDays, at, leadDays, is.nodes());
    }

    /** A column's name, or an object that says more. */
    private static Value value(JsonReader in) {
        if (!in.isObject()) {
            return Value.column(in.nonEmptyText(200));
        }
        in.object();
        List<String> columns = List.of();
        String constant = null;
        Pattern extract = null;
        Map<String, String> values = new HashMap<>();
        String otherwise = null;
        String prefix = "";
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "column" -> columns = List.of(in.nonEmptyText(200));
                case "columns" -> columns = in.list(10, column -> column.nonEmptyText(200));
                case "constant" -> constant = in.scalar(200);
                case "extract" -> extract = pattern(in);
                case "values" -> {
                    in.object();
                    for (String from = in.nextField(); from != null; from = in.nextField()) {
                        values.put(from, in.scalar(200));
                    }
                }
                case "otherwise" -> otherwise = in.scalar(200);
                case "prefix" -> prefix = in.scalar(40);
                default -> throw in.unknownField();
            }
        }
        if (columns.isEmpty() == (constant == null)) {
            throw in.invalid("it names a column, or is a constant");
        }
        return new Value(columns, constant, extract, values, otherwise, prefix);
    }

    private static LocalTime localTime(JsonReader in) {
        return parsed(in, "a local time, as in 14:30", 10, LocalTime::parse);
    }

    private static <T> T parsed(JsonReader in, String wanted, int most, Function<String, T> parse) {
        String text = in.nonEmptyText(most);
        try {
            return parse.apply(text);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw in.invalid("it is not " + wanted);
        }
    }
}
