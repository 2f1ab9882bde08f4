package dev.tutti.server.http;

import dev.tutti.conveyor.Audit;
import dev.tutti.decision.RefusalCode;
import dev.tutti.decision.Spelling;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import dev.tutti.server.security.Caller;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One request on its way to its answer. */
public final class Call implements AutoCloseable {
    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String EVENTS = "text/event-stream";
    static final String SESSION = "tutti";
    private static final String FORM = "application/x-www-form-urlencoded";
    public static final int MOST_BYTES_OF_A_LARGE_DOCUMENT = 64 << 20;
    /** Of a body that does not say how long it is. */
    private static final int FIRST_BYTES = 16 << 10;

    private static final int MOST_BYTES_OF_A_FORM = 4 << 10;
    public static final int MOST_BYTES = 4 << 20;
    public static final int MOST_OF_A_LIST = 1000;
    public static final int USUAL_OF_A_LIST = 100;
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Caller caller;
    private final BooleanSupplier still;
    private final List<String> values;
    /** Bytes of its body in memory. */
    private long held;

    Call(
            HttpServletRequest request,
            HttpServletResponse response,
            Caller caller,
            BooleanSupplier still,
            List<String> values) {
        this.request = request;
        this.response = response;
        this.caller = caller;
        this.still = still;
        this.values = values;
    }

    public Caller caller() {
        return caller;
    }

    /** Whether the caller may still call, for answers that take long: a key may be revoked meanwhile. */
    public boolean callerIsStillIn() {
        return still.getAsBoolean();
    }

    /** What stands in the path where the route's pattern has its n-th name. */
    public String value(int n) {
        return values.get(n);
    }

    /** As {@link #value}, where it is a positive number; anything else is as unknown as a number that nobody has. */
    public long number(int n, RefusalCode unknown) {
        String text = value(n);
        if (text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw NotDone.unknown(unknown);
        }
        return Long.parseLong(text);
    }

    /** As {@link #number}, of things that are counted by the order. */
    public int smallNumber(int n, RefusalCode unknown) {
        long number = number(n, unknown);
        if (number > Integer.MAX_VALUE) {
            throw NotDone.unknown(unknown);
        }
        return (int) number;
    }

    // Queries

    /** Refuses a query with any other parameter than these, or with one of them twice. */
    public void onlyQueries(String... names) {
        parameters().forEach((name, found) -> {
            if (!List.of(names).contains(name)) {
                throw new NotDone(new Problem(400, "unknown-field", "there is no such query parameter", safe(name)));
            }
            if (found.length > 1) {
                throw new NotDone(new Problem(400, "duplicate-field", "it is there twice", name));
            }
        });
    }

    private Map<String, String[]> parameters() {
        try {
            return request.getParameterMap();
        } catch (InvalidParameterException e) {
            throw new NotDone(new Problem(
                    400,
                    "bad-request",
                    "the query is not well-formed: a percent sign without two digits, or no UTF-8",
                    ""));
        }
    }

    public @Nullable Instant instantQuery(String name, Instant least, Instant most) {
        String text = query(name);
        if (text == null) {
            return null;
        }
        Instant at;
        try {
            at = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw NotDone.at(name, RefusalCode.INVALID_FIELD, "a moment is written like 2026-05-01T09:30:00Z");
        }
        if (at.isBefore(least) || at.isAfter(most)) {
            throw NotDone.at(name, RefusalCode.INVALID_FIELD, "it is not between " + least + " and " + most);
        }
        return at.truncatedTo(ChronoUnit.MICROS);
    }

    public @Nullable String query(String name) {
        String[] found = parameters().get(name);
        String text = found == null ? "" : found[0];
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > 500 || text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
            throw NotDone.at(
                    name,
                    RefusalCode.INVALID_FIELD,
                    "it is longer than 500 characters, or has a character that no text may have");
        }
        return text;
    }

    public String requiredQuery(String name) {
        String text = query(name);
        if (text == null) {
            throw new NotDone(new Problem(422, "missing-field", "the query parameter " + name + " is missing", name));
        }
        return text;
    }

    /** How many of a list the caller wants at most. */
    public int limit() {
        return number("limit", 1, MOST_OF_A_LIST, USUAL_OF_A_LIST);
    }

    /** A whole number among the queries. */
    public int number(String name, int least, int most, int otherwise) {
        String text = query(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw NotDone.at(name, RefusalCode.INVALID_FIELD, "it is a number between " + least + " and " + most);
        }
        return Integer.parseInt(text);
    }

    /** Some of an enum's constants, spelt as on the wire and separated by commas; none if the query is not there. */
    public <E extends Enum<E>> Set<E> someOf(String name, Class<E> type) {
        Set<E> some = EnumSet.noneOf(type);
        String text = query(name);
        if (text != null) {
            for (String word : text.split(",", -1)) {
                some.add(Arrays.stream(type.getEnumConstants())
                        .filter(constant -> Spelling.of(constant).equals(word))
                        .findFirst()
                        .orElseThrow(() -> NotDone.at(
                                name,
                                RefusalCode.INVALID_FIELD,
                                "there is no such " + name + "; several go with commas")));
            }
        }
        return some;
    }

    // Headers

    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /** The session a browser says it has, or null. */
    public @Nullable String session() {
        return cookie(request, SESSION);
    }

    static @Nullable String cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    /** The caller's key for this request, or null. */
    public @Nullable String idempotencyKey() {
        String key = request.getHeader("Idempotency-Key");
        if (key != null && (key.isBlank() || key.length() > 200 || !key.chars().allMatch(c -> c > ' ' && c < 0x7F))) {
            throw NotDone.at(
                    "Idempotency-Key",
                    RefusalCode.INVALID_FIELD,
                    "a key has 1 to 200 printable ASCII characters and no space");
        }
        return key;
    }

    /** The version of the order the caller has seen, or null. */
    public @Nullable Integer ifMatch() {
        String text = request.getHeader("If-Match");
        if (text == null) {
            return null;
        }
        String number = text.replace("\"", "").strip();
        if (!number.matches("[0-9]{1,9}")) {
            throw NotDone.at("If-Match", RefusalCode.INVALID_FIELD, "it is an order's version, as in \"3\"");
        }
        return Integer.valueOf(number);
    }

    public Audit audit(String reason) {
        return new Audit(caller.name(), request.getRemoteAddr(), Engine.now(), reason);
    }

    // Bodies

    public boolean isNdjson() {
        return NDJSON.equals(contentType());
    }

    private String contentType() {
        String type = request.getContentType();
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        if (end < 0) {
            return type.strip().toLowerCase(Locale.ROOT);
        }
        String parameters = type.substring(end + 1).replace(" ", "").replace("\"", "");
        if (parameters.toLowerCase(Locale.ROOT).startsWith("charset=")
                && !parameters.equalsIgnoreCase("charset=utf-8")) {
            throw unsupported("the body must be UTF-8");
        }
        return type.substring(0, end).strip().toLowerCase(Locale.ROOT);
    }

    private static NotDone unsupported(String detail) {
        return new NotDone(Problem.of(415, "unsupported-media-type", detail));
    }

    private void mustBe(String type) {
        if (request.getHeader("Content-Encoding") != null) {
            throw unsupported("a body must not be compressed");
        }
        if (!contentType().equals(type)) {
            throw unsupported("the body must be " + type + ", and say so in Content-Type");
        }
    }

    /** As {@link #json()}, where no body at all says as much as an object without fields. */
    public JsonReader jsonOrEmpty() throws IOException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        return body ? json() : new JsonReader(EMPTY_OBJECT, 0, EMPTY_OBJECT.length, 1);
    }

    /** The body, to be read as JSON. */
    public JsonReader json() throws IOException {
        mustBe(JSON);
        byte[] body = body();
        return new JsonReader(body, 0, body.length, 1);
    }

    /** A field of a form, or null if it is not in there. */
    public @Nullable String formField(String name) throws IOException {
        mustBe(FORM);
        if (request.getContentLengthLong() > MOST_BYTES_OF_A_FORM || request.getContentLengthLong() < 0) {
            throw tooLarge(MOST_BYTES_OF_A_FORM);
        }
        for (String field : new String(body(), StandardCharsets.UTF_8).split("&", -1)) {
            if (field.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(field.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw new NotDone(new Problem(400, "bad-request", "a percent sign without two digits", name));
                }
            }
        }
        return null;
    }

    /** As {@link #json()}, for the few documents that may be large: read as they come, never held whole. */
    public JsonReader largeJson() throws IOException {
        mustBe(JSON);
        if (request.getContentLengthLong() > MOST_BYTES_OF_A_LARGE_DOCUMENT) {
            throw tooLarge(MOST_BYTES_OF_A_LARGE_DOCUMENT);
        }
        return JsonReader.of(new LimitedInput(request.getInputStream()));
    }

    /** Refuses a body that did not say how large it is and proves to be too large. */
    private static final class LimitedInput extends FilterInputStream {
        private final long deadline = Bodies.deadline();
        private long read;

        LimitedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            Bodies.mustNotBeOver(deadline);
            read += Math.max(0, count);
            if (read > MOST_BYTES_OF_A_LARGE_DOCUMENT) {
                throw tooLarge(MOST_BYTES_OF_A_LARGE_DOCUMENT);
            }
            return count;
        }
    }

    private byte[] body() throws IOException {
        long length = request.getContentLengthLong();
        if (length > MOST_BYTES) {
            throw tooLarge(MOST_BYTES);
        }
        InputStream in = request.getInputStream();
        long deadline = Bodies.deadline();
        byte[] body = new byte[length >= 0 ? hold((int) length) : hold(FIRST_BYTES)];
        int size = Bodies.read(in, body, 0, deadline);
        if (size < length) {
            throw new NotDone(Problem.of(400, "malformed-json", "the body ends before its Content-Length"));
        }
        while (length < 0 && size == body.length) {
            if (size > MOST_BYTES) {
                throw tooLarge(MOST_BYTES);
            }
            hold(Math.min(body.length, MOST_BYTES + 1 - body.length));
            body = Arrays.copyOf(body, Math.min(2 * body.length, MOST_BYTES + 1));
            size = Bodies.read(in, body, size, deadline);
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }

    private int hold(int bytes) {
        Bodies.OF_THIS_PROCESS.hold(caller.key(), bytes);
        held += bytes;
        return bytes;
    }

    /** It is answered: its body is no longer held. */
    @Override
    public void close() {
        Bodies.OF_THIS_PROCESS.letGo(caller.key(), held);
        held = 0;
    }

    private static NotDone tooLarge(int most) {
        return new NotDone(Problem.of(
                413, "content-too-large", "a body has at most " + most + " bytes; more goes as NDJSON, line by line"));
    }

    /** The body's lines, however many there are. */
    public NdjsonLines lines() throws IOException {
        mustBe(NDJSON);
        return new NdjsonLines(request.getInputStream());
    }

    // Answers

    public void header(String name, String value) {
        response.setHeader(name, value);
    }

    public void reply(int status, Consumer<JsonGenerator> content) throws IOException {
        reply(status, JSON, Json.bytes(content));
    }

    public void reply(int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    public void reply(Problem problem) throws IOException {
        if (problem.status() == 503) {
            response.setHeader("Retry-After", "1");
        }
        reply(problem.status(), "application/problem+json", problem.bytes());
    }

    public void replyNothing() {
        response.setStatus(204);
    }

    /** Whether a browser sends this on behalf of another site's page. */
    public boolean fromAnotherSite() {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean foreign = origin != null && !origin.endsWith("://" + request.getHeader("Host"));
        return site == null ? foreign : !site.equals("same-origin") && !site.equals("none");
    }

    /** Sends a browser elsewhere, where it is to look with GET. */
    public void redirect(String path) {
        response.setStatus(303);
        response.setHeader("Location", path);
        response.setHeader("Cache-Control", "no-store");
    }

    /** Has a browser keep a session, or, with an empty one, forget it. */
    public void keepSession(String session) {
        Cookie cookie = new Cookie(SESSION, session);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        // A proxy that ends TLS says so; who claims it falsely only makes the cookie stricter.
        cookie.setSecure(request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")));
        cookie.setAttribute("SameSite", "Strict");
        if (session.isEmpty()) {
            cookie.setMaxAge(0);
        }
        response.addCookie(cookie);
    }

    /** Whether the caller would rather have lines than one document. */
    public boolean wantsLines() {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains(NDJSON);
    }

    /** An answer that goes on for as long as the caller listens. */
    OutputStream replyStream(String contentType) throws IOException {
        response.setStatus(200);
        response.setContentType(contentType);
        response.setHeader("Cache-Control", "no-store");
        return response.getOutputStream();
    }

    /** An answer that is written line by line. */
    public OutputStream replyLines() throws IOException {
        response.setStatus(200);
        response.setContentType(NDJSON);
        return response.getOutputStream();
    }

    /** What a caller sent, made fit to be sent back. */
    public static String safe(String name) {
        return (name.length() > 60 ? name.substring(0, 60) : name).replaceAll("[^ -~]", "?");
    }
}
