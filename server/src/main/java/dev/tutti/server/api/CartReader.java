package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Slot;
import dev.tutti.order.ShipGroup;
import dev.tutti.reservation.Reservation;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.json.JsonReader;
import dev.tutti.sourcing.Offered;
import dev.tutti.sourcing.SourcingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What somebody would like to have, before there is an order: items, and where they are to go. */
final class CartReader {
    static final int MOST_LINES = 1_000;

    private final JsonReader in;
    private final Sight sight;
    private final ShipGroupReader groups;
    private @Nullable String channel;
    private String customerGroup = "";
    private @Nullable List<SourcingRequest.Demand> lines;

    CartReader(JsonReader in, Sight sight) {
        this.in = in;
        this.sight = sight;
        this.groups = new ShipGroupReader(in, sight, false);
    }

    /**
     * A cart that is whole.
     *
     * @param slots in which the customer would come, by the number of the group
     * @param country where its first group goes, as is the postcode
     */
    record Cart(
            Channel channel,
            String customerGroup,
            List<SourcingRequest.Group> groups,
            List<SourcingRequest.Demand> demands,
            SortedMap<Integer, Slot> slots,
            String country,
            String postcode) {}

    /** @return whether this is a field of a cart */
    boolean take(String name) {
        switch (name) {
            case "channel" -> channel = in.nonEmptyText(64);
            case "customerGroup" -> customerGroup = in.isNull() ? "" : in.text(100);
            case "shipTo" -> groups.one();
            case "shipGroups" -> groups.several();
            case "lines" -> {
                List<SourcingRequest.Demand> read = new ArrayList<>();
                in.list(MOST_LINES, element -> read.add(line(read.size() + 1)));
                if (read.isEmpty()) {
                    throw in.invalid("there must be at least one");
                }
                lines = read;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    Cart cart() {
        String code = in.required(channel, "channel");
        List<SourcingRequest.Demand> demands = in.required(lines, "lines");
        List<SourcingRequest.Group> to = new ArrayList<>();
        SortedMap<Integer, Slot> slots = new TreeMap<>();
        for (ShipGroupReader.Group group : groups.read()) {
            to.add(group.group().asSourced(sight.catalogue().network()));
            if (group.group().slot() != null) {
                slots.put(group.group().number(), group.group().slot());
            }
        }
        Channel known = sight.channel(code);
        if (known == null) {
            throw NotDone.at("channel", RefusalCode.UNKNOWN_CHANNEL, "there is no such channel");
        }
        for (SourcingRequest.Demand demand : demands) {
            if (demand.group() > to.size()) {
                throw NotDone.at(
                        "lines[" + (demand.line() - 1) + "].shipGroup",
                        RefusalCode.INVALID_FIELD,
                        "there is no ship group " + demand.group());
            }
        }
        checkSold(known, demands);
        long units = Offered.of(sight.catalogue().network(), demands).demands().stream()
                .mapToLong(SourcingRequest.Demand::quantity)
                .sum();
        if (units > Reservation.MOST_UNITS) {
            throw NotDone.at(
                    "lines",
                    RefusalCode.INVALID_FIELD,
                    "at most " + Reservation.MOST_UNITS + " units are held together, not " + units);
        }
        ShipGroup first = groups.read().getFirst().group();
        return new Cart(known, customerGroup, to, demands, slots, first.country(), first.postcode());
    }

    private void checkSold(Channel of, List<SourcingRequest.Demand> demands) {
        Network network = sight.catalogue().network();
        for (SourcingRequest.Demand demand : demands) {
            String why = Offered.notSold(network, demand.item(), of.code());
            if (why != null) {
                throw NotDone.at("lines[" + (demand.line() - 1) + "].sku", RefusalCode.ITEM_NOT_OFFERED, why);
            }
        }
    }

    private SourcingRequest.Demand line(int number) {
        in.object();
        int item = 0;
        Integer quantity = null;
        int group = 1;
        boolean splittable = true;
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            switch (name) {
                case "sku" -> item = sight.item(in);
                case "quantity" -> quantity = in.integer(1, Reservation.MOST_UNITS);
                case "shipGroup" -> group = in.integer(1, ShipGroupReader.MOST_GROUPS);
                case "splittable" -> splittable = in.bool();
                default -> throw in.unknownField();
            }
        }
        if (item == 0) {
            throw in.missing("sku");
        }
        return new SourcingRequest.Demand(
                number, item, in.required(quantity, "quantity"), group, splittable, List.of());
    }
}
