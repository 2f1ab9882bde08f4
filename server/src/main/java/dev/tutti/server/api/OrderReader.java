package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads an order off the wire, straight into the draft that the core decides on. */
final class OrderReader {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    static final int MOST_LINES = 10_000;
    static final int MOST_GROUPS = 1_000;
    static final long MOST_AMOUNT = 1_000_000_000_000L;

    private final JsonReader in;
    private final Sight sight;
    private final Instant now;

    private @Nullable String channel;
    private @Nullable String externalId;
    private String customer = "";
    private @Nullable String currency;
    private @Nullable Instant placedAt;
    private int priority;
    private final ShipGroupReader groups;
    private @Nullable List<OrderDraft.Line> lines;
    private long discount;
    private long shipping;
    private @Nullable Long total;
    private long reservation;
    private SortedMap<String, String> attributes = new TreeMap<>();

    /** An order as it was asked for, and what tells it from another. */
    record Asked(OrderDraft draft, Channel channel, long fingerprint) {}

    private OrderReader(JsonReader in, Sight sight, Instant now) {
        this.in = in;
        this.sight = sight;
        this.now = now;
        this.groups = new ShipGroupReader(in, sight, true);
    }

    /** Reads one whole document. */
    static Asked read(JsonReader in, Sight sight, long id, Instant now) {
        in.begin();
        OrderReader reader = new OrderReader(in, sight, now);
        reader.fields();
        Asked asked = reader.asked(id);
        in.end();
        return asked;
    }

    private void fields() {
        in.object();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "channel" -> channel = in.nonEmptyText(64);
                case "externalId" -> externalId = in.nonEmptyText(200);
                case "currency" -> currency = in.nonEmptyText(3);
                case "lines" -> lines = in.list(MOST_LINES, element -> line());
                case "shipTo" -> groups.one();
                case "shipGroups" -> groups.several();
                case "customer" -> customer = in.isNull() ? "" : in.text(200);
                case "placedAt" -> placedAt = in.isNull() ? null : in.instant(EARLIEST, now.plus(Duration.ofDays(1)));
                case "priority" -> priority = in.integer(-1_000, 1_000);
                case "discount" -> discount = amount();
                case "shipping" -> shipping = amount();
                case "total" -> total = in.isNull() ? null : Long.valueOf(amount());
                case "reservation" -> reservation = in.isNull() ? 0 : reservation();
                case "attributes" -> attributes = in.attributes();
                default -> throw in.unknownField();
            }
        }
    }

    private long amount() {
        return in.integer(0, MOST_AMOUNT);
    }

    private long reservation() {
        String id = in.nonEmptyText(18);
        if (!id.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw NotDone.at("reservation", RefusalCode.UNKNOWN_RESERVATION, "there is no such reservation");
        }
        return Long.parseLong(id);
    }

    private OrderDraft.Line line() {
        in.object();
        int item = 0;
        Integer quantity = null;
        Long unitPrice = null;
        long off = 0;
        long tax = 0;
        int group = 1;
        boolean splittable = true;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> item = sight.item(in);
                case "quantity" -> quantity = in.integer(1, OrderDraft.MOST_UNITS);
                case "unitPrice" -> unitPrice = amount();
                case "discount" -> off = amount();
                case "tax" -> tax = amount();
                case "shipGroup" -> group = in.integer(1, MOST_GROUPS);
                case "splittable" -> splittable = in.bool();
                default -> throw in.unknownField();
            }
        }
        if (item == 0) {
            throw in.missing("sku");
        }
        return new OrderDraft.Line(
                item,
                in.required(quantity, "quantity"),
                group,
                splittable,
                in.required(unitPrice, "unitPrice"),
                off,
                tax);
    }

    private Asked asked(long id) {
        String channelCode = in.required(channel, "channel");
        String external = in.required(externalId, "externalId");
        String stated = in.required(currency, "currency");
        List<OrderDraft.Line> ordered = in.required(lines, "lines");
        List<ShipGroupReader.Group> to = groups.read();
        Channel known = sight.channel(channelCode);
        if (known == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        List<ShipGroup> shipGroups =
                to.stream().map(ShipGroupReader.Group::group).toList();
        List<Contact> contacts = to.stream()
                .map(ShipGroupReader.Group::contact)
                .filter(java.util.Objects::nonNull)
                .toList();
        OrderDraft draft = new OrderDraft(
                new OrderId(id),
                known.id(),
                external,
                customer,
                stated,
                placedAt == null ? now : placedAt,
                priority,
                shipGroups,
                ordered,
                discount,
                shipping,
                total,
                contacts,
                attributes,
                reservation);
        return new Asked(draft, known, fingerprint(draft));
    }

    /** Over all that was said: not the order's number, nor the time at which one that said none was read. */
    private long fingerprint(OrderDraft draft) {
        Fingerprint print = new Fingerprint()
                .add(draft.channel().value())
                .add(draft.externalId())
                .add(draft.customer())
                .add(draft.currency())
                .add(placedAt)
                .add(draft.priority())
                .add(draft.discount())
                .add(draft.shipping())
                .add(draft.statedTotal())
                .add(draft.attributes())
                .add(draft.reservation());
        for (OrderDraft.Line line : draft.lines()) {
            print.add(line.item())
                    .add(line.quantity())
                    .add(line.shipGroup())
                    .add(line.splittable() ? 1 : 0)
                    .add(line.unitPrice())
                    .add(line.discount())
                    .add(line.tax());
        }
        draft.shipGroups().forEach(print::add);
        draft.contacts().forEach(print::add);
        return print.value();
    }
}
