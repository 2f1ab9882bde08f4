package dev.tutti.server.json;

import dev.tutti.decision.Spelling;
import dev.tutti.server.json.BadJson.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.JacksonYAMLParseException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one document, value by value, in the order in which it stands: nothing is kept that is not wanted, and the
 * place of a problem is the place where reading stopped.
 */
public final class JsonReader implements AutoCloseable {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxNumberLength(40)
            .maxNameLength(200)
            .maxStringLength(20_000)
            .build();

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final int MOST_YAML_CHARACTERS = 64 << 20;

    /** Files that people write are YAML, and are read by the code that reads JSON. */
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .loadSettings(LoadSettings.builder()
                    .setCodePointLimit(MOST_YAML_CHARACTERS)
                    .build())
            .streamReadConstraints(LIMITS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    public static final int MOST_ATTRIBUTES = 100;

    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final JsonParser parser;
    private final int firstLine;
    private final String root;
    private int malformedLine;

    /** @param firstLine the number of the document's first line in what the caller sent */
    public JsonReader(byte[] bytes, int from, int length, int firstLine) {
        this(FACTORY, bytes, from, length, firstLine);
    }

    private JsonReader(TokenStreamFactory factory, byte[] bytes, int from, int length, int firstLine) {
        this(parser(factory, bytes, from, length), firstLine, "");
    }

    private JsonReader(JsonParser parser, int firstLine, String root) {
        this.parser = parser;
        this.firstLine = firstLine;
        this.root = root;
    }

    private static JsonParser parser(TokenStreamFactory factory, byte[] bytes, int from, int length) {
        if (!looksLikeUtf8(bytes, from, length)) {
            throw new BadJson(Kind.MALFORMED_JSON, "", "this is not UTF-8");
        }
        return factory.createParser(ObjectReadContext.empty(), bytes, from, length);
    }

    /** A document that is too large to be held whole. */
    public static JsonReader of(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(4);
        byte[] first = buffered.readNBytes(4);
        buffered.reset();
        if (!looksLikeUtf8(first, 0, first.length)) {
            throw new BadJson(Kind.MALFORMED_JSON, "", "this is not UTF-8");
        }
        return new JsonReader(FACTORY.createParser(ObjectReadContext.empty(), buffered), 1, "");
    }

    /**
     * A part of a document, read before by {@link #tree}.
     *
     * @param path where in the document it stands
     */
    public static JsonReader of(JsonNode tree, String path) {
        return new JsonReader(tree.traverse(ObjectReadContext.empty()), 1, path);
    }

    /** A file of YAML (JSON is YAML too). */
    public static JsonReader yaml(byte[] bytes) {
        return new JsonReader(YAML, bytes, 0, bytes.length, 1);
    }

    /** Where reading is, or where the document proved to be malformed; counted from 1. */
    public int line() {
        return malformedLine > 0 ? malformedLine : parser.currentTokenLocation().getLineNr() + firstLine - 1;
    }

    /** JSON of any other encoding has a zero or a byte order mark among its first bytes. */
    private static boolean looksLikeUtf8(byte[] bytes, int from, int length) {
        int most = Math.min(4, length);
        for (int i = 0; i < most; i++) {
            int b = bytes[from + i];
            if (b == 0 || b == (byte) 0xFE || b == (byte) 0xFF) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        parser.close();
    }

    // Structure

    /** Goes to the document's value. */
    public void begin() {
        if (next() == null) {
            throw new BadJson(Kind.MALFORMED_JSON, "", "there is nothing here; a JSON value is wanted");
        }
    }

    /** Makes sure that nothing follows the document. */
    public void end() {
        if (next() != null) {
            throw malformed("something follows the end of the document");
        }
    }

    public void object() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wanted("an object");
        }
    }

    /** The next field of the object, its value at hand; null when there is none left. */
    public @Nullable String nextField() {
        if (next() != JsonToken.PROPERTY_NAME) {
            return null;
        }
        String name = parser.currentName();
        next();
        return name;
    }

    public BadJson unknownField() {
        return new BadJson(
                Kind.UNKNOWN_FIELD, path(), "there is no field named " + quoted(String.valueOf(parser.currentName())));
    }

    public <T> List<T> list(int most, Function<JsonReader, T> element) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wanted("an array");
        }
        List<T> all = new ArrayList<>();
        while (next() != JsonToken.END_ARRAY) {
            if (all.size() == most) {
                throw invalid("there are more than " + most + " of them");
            }
            all.add(element.apply(this));
        }
        return all;
    }

    public boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    /** Whether the field is null, which is the same as not being there. */
    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Passes over the value at hand, whatever it is and however large. */
    public void skip() {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                for (String name = nextField(); name != null; name = nextField()) {
                    skip();
                }
            }
            case START_ARRAY -> {
                while (next() != JsonToken.END_ARRAY) {
                    skip();
                }
            }
            default -> tree();
        }
    }

    /** The value at hand, whatever it is. */
    public JsonNode tree() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = nodes.objectNode();
                for (String name = nextField(); name != null; name = nextField()) {
                    object.set(name, tree());
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = nodes.arrayNode();
                while (next() != JsonToken.END_ARRAY) {
                    array.add(tree());
                }
                yield array;
            }
            case VALUE_STRING -> nodes.stringNode(string());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(nodes);
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT -> throw wanted("a value");
        };
    }

    private JsonNode number(JsonNodeFactory nodes) {
        try {
            return switch (parser.getNumberValue()) {
                case Integer small -> nodes.numberNode(small);
                case Long large -> nodes.numberNode(large);
                case BigInteger huge -> nodes.numberNode(huge);
                case Number fraction -> nodes.numberNode(fraction.doubleValue());
            };
        } catch (JacksonException e) {
            throw problem(e);
        }
    }

    /** Reads on and says on which line each of some places stands; what is not there, or not readable, is left out. */
    public SortedMap<String, Integer> linesOf(Set<String> paths) {
        SortedMap<String, Integer> lines = new TreeMap<>();
        try {
            while (lines.size() < paths.size() && next() != null) {
                String path = path();
                if (paths.contains(path)) {
                    lines.putIfAbsent(path, line());
                }
            }
        } catch (BadJson e) {
            // Where it ends makes no difference to what stands before.
        }
        return lines;
    }

    // Values

    public String text(int most) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wanted("a string");
        }
        return checked(string(), most);
    }

    /** A text, or a number or a truth as it is written: in files that people write, quotes are easily left out. */
    public String scalar(int most) {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw wanted("a text");
        }
        return checked(string(), most);
    }

    public String nonEmptyText(int most) {
        String text = text(most);
        if (text.isBlank()) {
            throw invalid("it is empty");
        }
        return text;
    }

    public boolean bool() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wanted("true or false");
        };
    }

    public long integer(long least, long most) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw wanted("a whole number");
        }
        long value;
        try {
            value = parser.getLongValue();
        } catch (JacksonException e) {
            throw outOfRange(least, most);
        }
        if (value < least || value > most) {
            throw outOfRange(least, most);
        }
        return value;
    }

    public int integer(int least, int most) {
        return (int) integer((long) least, (long) most);
    }

    /** For coordinates alone: neither money nor quantities are ever fractions. */
    public double coordinate(double least, double most) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw wanted("a number");
        }
        double value;
        try {
            value = parser.getDoubleValue();
        } catch (JacksonException e) {
            throw problem(e);
        }
        if (!(value >= least && value <= most)) {
            throw invalid("it is not between " + least + " and " + most);
        }
        return value;
    }

    /** One of an enum's constants, spelt as on the wire: {@code pick-up} for {@code PICK_UP}. */
    public <E extends Enum<E>> E oneOf(E[] constants) {
        String text = text(100);
        List<String> spellings = new ArrayList<>(constants.length);
        for (E constant : constants) {
            String spelling = spelling(constant);
            if (spelling.equals(text)) {
                return constant;
            }
            spellings.add(spelling);
        }
        throw invalid("it is " + quoted(text) + ", which is none of " + String.join(", ", spellings));
    }

    public static String spelling(Enum<?> constant) {
        return Spelling.of(constant);
    }

    /** A moment with its offset, as in {@code 2026-05-01T09:30:00Z}. */
    public Instant instant(Instant least, Instant most) {
        String text = text(40);
        Instant instant;
        try {
            instant = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid("it is " + quoted(text) + "; a moment is written like 2026-05-01T09:30:00Z");
        }
        if (instant.isBefore(least) || instant.isAfter(most)) {
            throw invalid("it is " + quoted(text) + ", which is not between " + least + " and " + most);
        }
        return instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    /** Names and texts of the caller's own choice. */
    public SortedMap<String, String> attributes() {
        object();
        SortedMap<String, String> all = new TreeMap<>();
        for (String name = nextField(); name != null; name = nextField()) {
            if (all.size() == MOST_ATTRIBUTES) {
                throw invalid("there are more than " + MOST_ATTRIBUTES + " attributes");
            }
            if (name.isBlank()) {
                throw invalid("an attribute needs a name");
            }
            all.put(checked(name, 100), text(2_000));
        }
        return all;
    }

    private String checked(String text, int most) {
        int length = text.length();
        if (length > most) {
            throw invalid("it has " + length + " characters; at most " + most + " are allowed");
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw invalid("it has the character U+0000, which no text may have");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw invalid("it has half a character (a lone surrogate, U+%04X)".formatted((int) c));
                }
                i++;
            }
        }
        return text;
    }

    // Problems

    /** The value at hand is not acceptable. */
    public BadJson invalid(String reason) {
        return new BadJson(Kind.INVALID_FIELD, path(), reason);
    }

    /** The object that was just read lacks a field. */
    public BadJson missing(String name) {
        String here = path();
        return new BadJson(Kind.MISSING_FIELD, here.isEmpty() ? name : here + "." + name, quoted(name) + " is missing");
    }

    public <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private BadJson wanted(String what) {
        return invalid("it is " + whatItIs() + "; " + what + " is wanted");
    }

    private BadJson outOfRange(long least, long most) {
        return invalid("it is " + string() + ", which is not between " + least + " and " + most);
    }

    private String whatItIs() {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "the fraction " + string();
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }

    private static String quoted(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return '"' + printable(shown) + '"';
    }

    /** What the caller sent, made fit to be sent back and logged. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(c < ' ' || c == 0x7F || Character.isSurrogate(c) ? '\uFFFD' : c);
        }
        return safe.toString();
    }

    private String string() {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw problem(e);
        }
    }

    private @Nullable JsonToken next() {
        try {
            JsonToken token = parser.nextToken();
            if (parser instanceof YAMLParser yaml && token != null) {
                onlyWhatJsonCanSay(yaml);
            }
            return token;
        } catch (JacksonException e) {
            throw problem(e);
        }
    }

    /** A reader of the file must not have to look elsewhere in it for what stands here. */
    private void onlyWhatJsonCanSay(YAMLParser yaml) {
        if (yaml.isCurrentAlias() || yaml.getObjectId() != null) {
            throw malformed("anchors and aliases (& and *) are not read here; write it out");
        }
        if (yaml.getTypeId() != null) {
            throw malformed("tags (!) are not read here");
        }
    }

    private BadJson problem(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith("Duplicate Object property")) {
            return new BadJson(Kind.DUPLICATE_FIELD, path(), "this field is there twice");
        }
        if (e instanceof StreamConstraintsException) {
            return malformed(
                    message.contains("nesting depth")
                            ? "it is nested too deep"
                            : "a name, a number or a text in it is too long");
        }
        if (e instanceof JacksonYAMLParseException) {
            return malformedYaml(message);
        }
        return malformed(inOurWords(message));
    }

    /** The last place that is named is the one where reading could not go on. */
    private BadJson malformedYaml(String message) {
        TokenStreamLocation here = parser.currentLocation();
        int line = here.getLineNr();
        int column = here.getColumnNr();
        for (Matcher place = PLACE.matcher(message); place.find(); ) {
            line = Integer.parseInt(place.group(1));
            column = Integer.parseInt(place.group(2));
        }
        return malformed(line, column, inOurWords(message));
    }

    /** The parser's own words speak of its settings, and change with its version. */
    private static String inOurWords(String message) {
        if (message.startsWith("Unexpected end-of-input")) {
            return "it ends in the middle";
        }
        if (message.startsWith("Unrecognized token") || message.startsWith("Non-standard token")) {
            return "this word is not JSON; a value is an object, an array, a text in quotes, a number, true, false or"
                    + " null";
        }
        if (message.startsWith("Invalid numeric value")) {
            return "this is not a number as JSON writes it";
        }
        if (message.startsWith("Illegal unquoted character")) {
            return "a control character in a text must be escaped";
        }
        if (message.contains("Invalid UTF-8")) {
            return "this is not UTF-8";
        }
        if (message.contains("(TAB)")) {
            return "YAML is indented with spaces, never with tabs";
        }
        if (message.contains("end of stream") || message.contains("<stream end>")) {
            return "it ends in the middle";
        }
        if (message.contains("cannot start any token")) {
            return "a text that begins with a sign such as @ or % must stand in quotes";
        }
        if (message.contains("mapping values are not allowed")) {
            return "there is a colon too many; a text with a colon and a space in it must stand in quotes";
        }
        if (message.contains("expected <block end>")) {
            return "it is indented otherwise than what it belongs to";
        }
        if (message.contains("special characters are not allowed")) {
            return "there is a control character in it";
        }
        if (message.contains("code points")) {
            return "it is larger than " + (MOST_YAML_CHARACTERS >> 20) + " million characters";
        }
        return "something else is wanted here than what stands here";
    }

    private BadJson malformed(String reason) {
        TokenStreamLocation at = parser.currentLocation();
        return malformed(at.getLineNr(), at.getColumnNr(), reason);
    }

    private BadJson malformed(int lineOfDocument, int column, String reason) {
        malformedLine = lineOfDocument + firstLine - 1;
        return new BadJson(Kind.MALFORMED_JSON, path(), "line " + malformedLine + ", column " + column + ": " + reason);
    }

    public String path() {
        StringBuilder path = new StringBuilder(root);
        append(parser.streamReadContext(), path);
        return path.toString();
    }

    private static void append(@Nullable TokenStreamContext context, StringBuilder path) {
        if (context == null) {
            return;
        }
        append(context.getParent(), path);
        String name = context.inObject() ? context.currentName() : null;
        if (name != null) {
            path.append(path.isEmpty() ? "" : ".").append(printable(name));
        } else if (context.inArray() && context.hasCurrentIndex()) {
            path.append('[').append(context.getCurrentIndex()).append(']');
        }
    }
}
