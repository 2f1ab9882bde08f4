package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.Channel;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.ShipGroup;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private @Nullable List<Group> groups;
    private @Nullable List<OrderDraft.Line> lines;
    private long discount;
    private long shipping;
    private @Nullable Long total;
    private SortedMap<String, String> attributes = new TreeMap<>();

    /** A ship group and, if it has an address, who receives it. */
    private record Group(ShipGroup group, @Nullable Contact contact) {}

    /** An order as it was asked for, and what tells it from another. */
    record Asked(OrderDraft draft, Channel channel, long fingerprint) {}

    private OrderReader(JsonReader in, Sight sight, Instant now) {
        this.in = in;
        this.sight = sight;
        this.now = now;
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
                case "shipTo" -> onlyOnce(List.of(shipTo()));
                case "shipGroups" -> shipGroups();
                case "customer" -> customer = in.isNull() ? "" : in.text(200);
                case "placedAt" -> placedAt = in.isNull() ? null : in.instant(EARLIEST, now.plus(Duration.ofDays(1)));
                case "priority" -> priority = in.integer(-1_000, 1_000);
                case "discount" -> discount = amount();
                case "shipping" -> shipping = amount();
                case "total" -> total = in.isNull() ? null : Long.valueOf(amount());
                case "attributes" -> attributes = in.attributes();
                default -> throw in.unknownField();
            }
        }
    }

    private long amount() {
        return in.integer(0, MOST_AMOUNT);
    }

    private void onlyOnce(List<Group> found) {
        if (groups != null) {
            throw in.invalid("an order has either shipTo or shipGroups");
        }
        groups = found;
    }

    private void shipGroups() {
        List<Group> found = new ArrayList<>();
        in.list(MOST_GROUPS, element -> found.add(group(found.size() + 1)));
        if (found.isEmpty()) {
            throw in.invalid("there must be at least one");
        }
        onlyOnce(found);
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
                case "sku" -> item = item();
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

    private int item() {
        String sku = in.nonEmptyText(100);
        int item = sight.catalogue().item(sku);
        if (item < 0) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_ITEM, "there is no such item");
        }
        return item;
    }

    /** The short form: one group that is shipped. */
    private Group shipTo() {
        Address address = new Address();
        in.object();
        GeoPoint location = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            if (name.equals("location")) {
                location = in.isNull() ? null : location();
            } else if (!address.take(name, in)) {
                throw in.unknownField();
            }
        }
        return new Group(
                new ShipGroup(1, Method.SHIP, location, null, address.country(), address.postcode()),
                address.contact(1));
    }

    private Group group(int number) {
        in.object();
        Method method = null;
        Address address = null;
        GeoPoint location = null;
        Node pickUpNode = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "method" -> method = in.oneOf(Method.values());
                case "address" -> address = in.isNull() ? null : Address.read(in);
                case "location" -> location = in.isNull() ? null : location();
                case "pickUpNode" -> pickUpNode = in.isNull() ? null : node();
                default -> throw in.unknownField();
            }
        }
        in.required(method, "method");
        if (method == Method.SHIP && address == null) {
            throw in.missing("address");
        }
        if (method == Method.PICK_UP && pickUpNode == null) {
            throw in.missing("pickUpNode");
        }
        if (method == Method.SHIP && pickUpNode != null) {
            throw in.invalid("what is shipped has no pickUpNode");
        }
        ShipGroup group = new ShipGroup(
                number,
                method == null ? Method.SHIP : method,
                location,
                pickUpNode == null ? null : pickUpNode.id(),
                address == null ? "" : address.country(),
                address == null ? "" : address.postcode());
        return new Group(group, address == null ? null : address.contact(number));
    }

    /** Where a customer collects is not a matter of the caller's scope: it is theirs to choose. */
    private Node node() {
        Node node = sight.catalogue().node(in.nonEmptyText(64));
        if (node == null) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        return node;
    }

    private GeoPoint location() {
        return Wire.location(in);
    }

    private Asked asked(long id) {
        String channelCode = in.required(channel, "channel");
        String external = in.required(externalId, "externalId");
        String stated = in.required(currency, "currency");
        List<OrderDraft.Line> ordered = in.required(lines, "lines");
        List<Group> to = in.required(groups, "shipTo");
        Channel known = sight.channel(channelCode);
        if (known == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        List<ShipGroup> shipGroups = to.stream().map(Group::group).toList();
        List<Contact> contacts = to.stream()
                .map(Group::contact)
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
                attributes);
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
                .add(draft.attributes());
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
