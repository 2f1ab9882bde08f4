package dev.tutti.server.http;

import dev.tutti.server.security.Operations;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which request goes where. A route names its operation, and an operation that the table of rights does not know cannot
 * have a route: nothing is reachable that nobody has thought about.
 */
public final class Routes {
    /** Answers one kind of request. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws IOException;
    }

    /**
     * @param operation null if anybody may call it
     * @param page whether it is for people, who are shown the way in if they have not come in yet
     */
    record Route(@Nullable String operation, Handler handler, boolean page) {}

    /** @param values the segments that stand where the pattern has a name, decoded */
    record Match(String pattern, Map<String, Route> byMethod, List<String> values) {}

    /** A segment of a path; its children by their text, and one for any text. */
    private static final class Branch {
        final Map<String, Branch> children = new HashMap<>();

        @Nullable
        Branch any;

        final Map<String, Route> routes = new TreeMap<>();
        String pattern = "";
    }

    private final Operations operations;
    private final Branch root = new Branch();
    private final List<String> registered = new ArrayList<>();
    private final List<String> open = new ArrayList<>();

    public Routes(Operations operations) {
        this.operations = operations;
    }

    /**
     * @param pattern such as {@code /v1/orders/{id}}
     * @throws IllegalArgumentException if the operation is not in the table of rights
     */
    public void add(String method, String pattern, String operation, Handler handler) {
        add(method, pattern, operation, handler, false);
    }

    /** For people with a browser; otherwise as {@link #add}. */
    public void addPage(String pattern, String operation, Handler handler) {
        add("GET", pattern, operation, handler, true);
    }

    private void add(String method, String pattern, String operation, Handler handler, boolean page) {
        if (!operations.contains(operation)) {
            throw new IllegalArgumentException(
                    method + " " + pattern + " names the operation " + operation + ", which the table does not have");
        }
        put(method, pattern, new Route(operation, handler, page));
        registered.add(method + " " + pattern + " " + operation);
    }

    /** For what needs no key. */
    public void addOpen(String method, String pattern, Handler handler) {
        put(method, pattern, new Route(null, handler, false));
        open.add(method + " " + pattern);
    }

    private void put(String method, String pattern, Route route) {
        Branch at = root;
        for (String segment : pattern.substring(1).split("/")) {
            if (segment.startsWith("{")) {
                Branch next = at.any;
                if (next == null) {
                    next = new Branch();
                    at.any = next;
                }
                at = next;
            } else {
                at = at.children.computeIfAbsent(segment, s -> new Branch());
            }
        }
        at.pattern = pattern;
        if (at.routes.put(method, route) != null) {
            throw new IllegalArgumentException("two routes for " + method + " " + pattern);
        }
    }

    /** All that need a key: method, pattern and operation. */
    public List<String> registered() {
        return List.copyOf(registered);
    }

    /** All that need none: method and pattern. */
    public List<String> open() {
        return List.copyOf(open);
    }

    /** What there is at a path, as it stands in the request line, or null. */
    @Nullable
    Match match(String rawPath) {
        Branch at = root;
        List<String> values = new ArrayList<>(2);
        int from = 1;
        while (from <= rawPath.length()) {
            int slash = rawPath.indexOf('/', from);
            String segment = rawPath.substring(from, slash < 0 ? rawPath.length() : slash);
            Branch next = at.children.get(segment);
            if (next == null) {
                next = at.any;
                String value = next == null ? null : decoded(segment);
                if (next == null || value == null) {
                    return null;
                }
                values.add(value);
            }
            at = next;
            if (slash < 0) {
                break;
            }
            from = slash + 1;
        }
        return at.routes.isEmpty() ? null : new Match(at.pattern, at.routes, values);
    }

    private static @Nullable String decoded(String segment) {
        if (segment.isEmpty()) {
            return null;
        }
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            String text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
            return text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0 ? null : text;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
