package dev.tutti.server.api;

import dev.tutti.conveyor.StoreFailure;
import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.network.Node;
import dev.tutti.order.ExceptionCase;
import dev.tutti.order.ExceptionKind;
import dev.tutti.order.OrderStatus;
import dev.tutti.postgres.OrderSearch.After;
import dev.tutti.postgres.OrderSearch.Exceptions;
import dev.tutti.postgres.OrderSearch.Found;
import dev.tutti.postgres.OrderSearch.Open;
import dev.tutti.postgres.OrderSearch.Query;
import dev.tutti.postgres.OrderSearch.Sort;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Orders by what people remember of them. */
final class OrderSearchEndpoint {
    private static final Set<String> SORTS = Set.of("number", "placedAt", "total");

    private final Engine engine;

    OrderSearchEndpoint(Engine engine) {
        this.engine = engine;
    }

    void search(Call call) throws IOException {
        call.onlyQueries(
                "channel",
                "externalId",
                "customer",
                "sku",
                "node",
                "status",
                "placedFrom",
                "placedBefore",
                "exception",
                "held",
                "hold",
                "exceptionKind",
                "exceptionOwner",
                "unassigned",
                "overdue",
                "q",
                "sort",
                "after",
                "limit");
        Query query = query(call, new Sight(engine, call.caller().scope()));
        List<Found> found = query == null ? List.of() : found(query);
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeName("orders");
            json.writeStartArray();
            found.forEach(order -> write(json, order));
            json.writeEndArray();
            if (query != null && found.size() == query.limit()) {
                json.writeStringProperty(
                        "next", cursor(sorting(call), found.getLast().here()));
            }
            json.writeEndObject();
        });
    }

    private List<Found> found(Query query) {
        try {
            return engine.search().search(query);
        } catch (StoreFailure.Unstorable cursor) {
            if (query.after() == null) {
                throw cursor;
            }
            // Of all values only the cursor's is not checked before: it is the database's own text.
            throw NotDone.at("after", RefusalCode.INVALID_FIELD, "it is the next of a page that was sorted otherwise");
        }
    }

    /** Null if nothing can be found: what is asked for does not exist, as far as the caller can see. */
    private @Nullable Query query(Call call, Sight sight) {
        String channelCode = call.query("channel");
        String nodeCode = call.query("node");
        String sku = call.query("sku");
        String sort = call.query("sort");
        boolean descending = sort == null || sort.startsWith("-");
        String by = sort == null ? "number" : sort.replaceFirst("^-", "");
        if (!SORTS.contains(by)) {
            throw NotDone.at(
                    "sort",
                    RefusalCode.INVALID_FIELD,
                    "orders are sorted by number, placedAt or total; -total is the greatest first");
        }
        Set<OrderStatus> statuses = call.someOf("status", OrderStatus.class);
        Instant from = time(call, "placedFrom");
        Instant before = time(call, "placedBefore");
        Exceptions exceptions = exceptions(call);
        String words = call.query("q");
        After after = after(call.query("after"), sorting(call));
        int limit = call.limit();
        Channel channel = channelCode == null ? null : sight.channel(channelCode);
        Node node = nodeCode == null ? null : sight.node(nodeCode);
        int item = sku == null ? 0 : engine.catalogue().item(sku);
        if ((channelCode != null && channel == null) || (nodeCode != null && node == null) || item < 0) {
            return null;
        }
        return new Query(
                channels(sight),
                channel == null ? null : channel.id().value(),
                call.query("externalId"),
                call.query("customer"),
                sku == null ? null : item,
                node == null ? null : node.id().value(),
                statuses,
                from,
                before,
                exceptions,
                hold(call),
                words == null ? null : words.strip(),
                switch (by) {
                    case "placedAt" -> Sort.PLACED_AT;
                    case "total" -> Sort.TOTAL;
                    default -> Sort.NUMBER;
                },
                descending,
                after,
                limit);
    }

    private @Nullable Set<Integer> channels(Sight sight) {
        return sight.seesAllChannels()
                ? null
                : engine.catalogue().network().channels().stream()
                        .filter(sight::sees)
                        .map(channel -> channel.id().value())
                        .collect(Collectors.toSet());
    }

    private static @Nullable Instant time(Call call, String name) {
        String text = call.query(name);
        if (text == null) {
            return null;
        }
        try {
            Instant time = text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("2200-01-01T00:00:00Z"))) {
                throw NotDone.at(name, RefusalCode.INVALID_FIELD, "it is not between 1970 and 2200");
            }
            return time;
        } catch (DateTimeException e) {
            throw NotDone.at(
                    name, RefusalCode.INVALID_FIELD, "it is a day (of UTC) or a moment, as in 2026-05-01T09:30:00Z");
        }
    }

    private static boolean flag(Call call, String name) {
        String text = call.query(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw NotDone.at(name, RefusalCode.INVALID_FIELD, "it is true or false");
        }
        return "true".equals(text);
    }

    private static String sorting(Call call) {
        String sort = call.query("sort");
        return sort == null ? "-number" : sort;
    }

    private static String cursor(String sorting, After after) {
        byte[] bytes = (sorting + " " + after.order() + " " + after.value()).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static @Nullable After after(@Nullable String text, String sorting) {
        if (text == null) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 3);
            if (parts.length == 3
                    && parts[0].equals(sorting)
                    && parts[1].matches("[0-9]{1,18}")
                    && parts[2].matches("[-0-9:.+ ]{1,40}")) {
                return new After(parts[2], Long.parseLong(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            // as below
        }
        throw NotDone.at("after", RefusalCode.INVALID_FIELD, "it is the next of the page before, in the same sorting");
    }

    private static @Nullable Exceptions exceptions(Call call) {
        Set<ExceptionKind> kinds = call.someOf("exceptionKind", ExceptionKind.class);
        String owner = call.query("exceptionOwner");
        if (flag(call, "unassigned")) {
            owner = ExceptionCase.NOBODY;
        }
        boolean overdue = flag(call, "overdue");
        boolean any = flag(call, "exception") || !kinds.isEmpty() || owner != null || overdue;
        return any ? new Exceptions(kinds, owner, overdue) : null;
    }

    private static @Nullable String hold(Call call) {
        String type = call.query("hold");
        return type == null && flag(call, "held") ? "" : type;
    }

    private void write(JsonGenerator json, Found order) {
        json.writeStartObject();
        json.writeStringProperty("id", Long.toString(order.id()));
        json.writeStringProperty("channel", Names.channel(engine.catalogue(), order.channel()));
        json.writeStringProperty("externalId", order.externalId());
        if (!order.customer().isEmpty()) {
            json.writeStringProperty("customer", order.customer());
        }
        json.writeStringProperty("status", JsonReader.spelling(order.status()));
        json.writeStringProperty("currency", order.currency());
        json.writeNumberProperty("total", order.total());
        json.writeNumberProperty("lines", order.lines());
        json.writeStringProperty("placedAt", order.placedAt().toString());
        json.writeBooleanProperty("closed", order.closed());
        if (!order.holds().isEmpty()) {
            json.writeName("holds");
            json.writeStartArray();
            order.holds().forEach(json::writeString);
            json.writeEndArray();
        }
        Open open = order.exception();
        if (open != null) {
            json.writeName("exception");
            json.writeStartObject();
            json.writeStringProperty("kind", JsonReader.spelling(open.kind()));
            json.writeStringProperty("reason", open.reason());
            json.writeStringProperty("lookBy", open.lookBy().toString());
            json.writeStringProperty("owner", open.owner());
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
