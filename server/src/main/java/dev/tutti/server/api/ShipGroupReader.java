package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.fulfilment.Method;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.network.Slot;
import dev.tutti.order.Contact;
import dev.tutti.order.DatePromise;
import dev.tutti.order.ShipGroup;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where things are to go: one address, or several groups. */
final class ShipGroupReader {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    static final int MOST_GROUPS = OrderReader.MOST_GROUPS;

    private final JsonReader in;
    private final Sight sight;
    private final boolean ofOrder;
    private @Nullable List<Group> groups;

    /** A ship group and, if it has an address, who receives it. */
    record Group(ShipGroup group, @Nullable Contact contact) {}

    /** @param ofOrder whether what is shipped must say where to, and may say what was promised */
    ShipGroupReader(JsonReader in, Sight sight, boolean ofOrder) {
        this.in = in;
        this.sight = sight;
        this.ofOrder = ofOrder;
    }

    /** The short form: one group that is shipped. */
    void one() {
        onlyOnce(List.of(shipTo()));
    }

    void several() {
        List<Group> found = new ArrayList<>();
        in.list(MOST_GROUPS, element -> found.add(group(found.size() + 1)));
        if (found.isEmpty()) {
            throw in.invalid("there must be at least one");
        }
        onlyOnce(found);
    }

    /** What was read. */
    List<Group> read() {
        return in.required(groups, "shipTo");
    }

    private void onlyOnce(List<Group> found) {
        if (groups != null) {
            throw in.invalid("there is either shipTo or shipGroups");
        }
        groups = found;
    }

    private Group shipTo() {
        Address address = new Address();
        in.object();
        GeoPoint location = null;
        String service = "";
        DatePromise promise = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            if (name.equals("location")) {
                location = in.isNull() ? null : Wire.location(in);
            } else if (name.equals("promised")) {
                promise = promised();
            } else if (name.equals("service")) {
                service = in.isNull() ? "" : service();
            } else if (!address.take(name, in)) {
                throw in.unknownField();
            }
        }
        return new Group(
                new ShipGroup(
                        1,
                        Method.SHIP,
                        location,
                        null,
                        address.country(),
                        address.postcode(),
                        null,
                        service,
                        null,
                        promise),
                address.contact(1));
    }

    private Group group(int number) {
        in.object();
        Method method = null;
        Address address = null;
        GeoPoint location = null;
        Node pickUpNode = null;
        Instant collectFrom = null;
        String service = "";
        DatePromise promise = null;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "promised" -> promise = promised();
                case "method" -> method = in.oneOf(Method.values());
                case "address" -> address = in.isNull() ? null : Address.read(in);
                case "location" -> location = in.isNull() ? null : Wire.location(in);
                case "service" -> service = in.isNull() ? "" : service();
                case "collectFrom" -> collectFrom = in.isNull() ? null : in.instant(EARLIEST, LATEST);
                case "pickUpNode" -> pickUpNode = in.isNull() ? null : node();
                default -> throw in.unknownField();
            }
        }
        in.required(method, "method");
        if (method == Method.SHIP && address == null && ofOrder) {
            throw in.missing("address");
        }
        if (method != null && method.isCollected() && pickUpNode == null) {
            throw in.missing("pickUpNode");
        }
        if (method == Method.SHIP && pickUpNode != null) {
            throw in.invalid("what is shipped to an address has no pickUpNode");
        }
        if (collectFrom != null && pickUpNode == null) {
            throw in.invalid("nobody comes to collect what is shipped: it has no collectFrom");
        }
        if (method == Method.PICK_UP && !service.isEmpty()) {
            throw in.invalid("what is collected from the shelf is sent by no service");
        }
        ShipGroup group = new ShipGroup(
                number,
                method == null ? Method.SHIP : method,
                location,
                pickUpNode == null ? null : pickUpNode.id(),
                address == null ? "" : address.country(),
                address == null ? "" : address.postcode(),
                null,
                service,
                collectFrom == null || pickUpNode == null ? null : slot(pickUpNode, collectFrom),
                promise);
        return new Group(group, address == null ? null : address.contact(number));
    }

    /** A cart has been promised nothing yet. */
    private @Nullable DatePromise promised() {
        if (!ofOrder) {
            throw in.unknownField();
        }
        return in.isNull() ? null : Wire.promise(in);
    }

    private Slot slot(Node node, Instant from) {
        Slot slot = Slot.of(node, from);
        if (slot == null) {
            throw NotDone.at(
                    in.path() + ".collectFrom",
                    RefusalCode.INVALID_FIELD,
                    node.code() + " has no slot that begins then; promises say which there are");
        }
        return slot;
    }

    private String service() {
        String code = in.nonEmptyText(64);
        if (sight.catalogue().network().service(code) == null) {
            throw NotDone.at(in.path(), RefusalCode.INVALID_FIELD, "there is no such carrier service");
        }
        return code;
    }

    /** Where a customer collects is not a matter of the caller's scope: it is theirs to choose. */
    private Node node() {
        Node node = sight.catalogue().node(in.nonEmptyText(64));
        if (node == null) {
            throw NotDone.at(in.path(), RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        return node;
    }
}
