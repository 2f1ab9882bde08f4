package dev.tutti.postgres;

import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelFlows;
import dev.tutti.network.ChannelId;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Handling;
import dev.tutti.network.ItemTerms;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import dev.tutti.postgres.MasterData.StoredFlow;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Flows, destinations, subscriptions, nodes, channels and items as rows: how they are read and how they are written, and that is all. */
final class MasterRows {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<TreeMap<String, String>> ATTRIBUTES = new TypeReference<>() {};

    private MasterRows() {}

    static List<Node> nodes(Connection connection, String from, long version) throws SQLException {
        List<Node> nodes = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select id, code, type, latitude, longitude, time_zone, workdays, holidays, cut_off, daily_capacity,
                       cost_package, cost_unit, cost_unit_mile, cost_day_late, legal_entity, ships, hands_out, active,
                       attributes, handling
                from %s
                order by id
                """.formatted(from))) {
            if (from.contains("?")) {
                select.setLong(1, version);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    nodes.add(node(row));
                }
            }
        }
        return nodes;
    }

    private static Node node(ResultSet row) throws SQLException {
        double latitude = row.getDouble(4);
        GeoPoint location = row.wasNull() ? null : new GeoPoint(latitude, row.getDouble(5));
        EnumSet<DayOfWeek> workdays = EnumSet.noneOf(DayOfWeek.class);
        for (Integer day : (Integer[]) row.getArray(7).getArray()) {
            workdays.add(DayOfWeek.of(day));
        }
        TreeSet<LocalDate> holidays = new TreeSet<>();
        for (Date day : (Date[]) row.getArray(8).getArray()) {
            holidays.add(day.toLocalDate());
        }
        int capacity = row.getInt(10);
        boolean unlimited = row.wasNull();
        return new Node(
                new NodeId(row.getInt(1)),
                row.getString(2),
                NodeType.valueOf(row.getString(3)),
                location,
                new WorkCalendar(ZoneId.of(row.getString(6)), workdays, holidays, row.getObject(9, LocalTime.class)),
                JSON.readValue(row.getString(20), Handling.class),
                unlimited ? Node.UNLIMITED : capacity,
                new NodeCosts(row.getLong(11), row.getLong(12), row.getLong(13), row.getLong(14)),
                row.getString(15),
                row.getBoolean(16),
                row.getBoolean(17),
                row.getBoolean(18),
                attributes(row.getString(19)));
    }

    private static SortedMap<String, String> attributes(String json) {
        return JSON.readValue(json, ATTRIBUTES);
    }

    static List<Channel> channels(Connection connection) throws SQLException {
        List<Channel> channels = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                        select id, code, currency, flow, fulfilment_flow, return_flow, brand, legal_entity,
                               duplicates_within, threshold
                        from channel
                        order by id
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                channels.add(new Channel(
                        new ChannelId(row.getInt(1)),
                        row.getString(2),
                        Currency.getInstance(row.getString(3)),
                        new ChannelFlows(row.getString(4), row.getString(5), row.getString(6)),
                        row.getString(7),
                        row.getString(8),
                        Duration.ofSeconds(row.getLong(9)),
                        row.getInt(10)));
            }
        }
        return channels;
    }

    /** Writes those that differ, and answers how many they are. */
    static int writeNodes(Connection connection, List<Node> nodes) throws SQLException {
        Rows rows = new Rows(
                "text text text text text text text text int4 int8 int8 int8 int8 text bool bool bool text text");
        for (Node node : nodes) {
            WorkCalendar calendar = node.calendar();
            rows.add(
                    node.code(),
                    node.type().name(),
                    node.location() == null
                            ? null
                            : Double.toString(node.location().latitude()),
                    node.location() == null
                            ? null
                            : Double.toString(node.location().longitude()),
                    calendar.zone().getId(),
                    array(calendar.workdays().stream()
                            .map(d -> Integer.toString(d.getValue()))
                            .toList()),
                    array(calendar.holidays().stream().map(LocalDate::toString).toList()),
                    calendar.cutOff().toString(),
                    node.dailyCapacity() == Node.UNLIMITED ? null : node.dailyCapacity(),
                    node.costs().perPackage(),
                    node.costs().perUnit(),
                    node.costs().perUnitMile(),
                    node.costs().perDayLate(),
                    node.legalEntity(),
                    node.ships(),
                    node.handsOut(),
                    node.active(),
                    JSON.writeValueAsString(node.attributes()),
                    JSON.writeValueAsString(node.handling()));
        }
        return rows.run(connection, """
                insert into node (code, type, latitude, longitude, time_zone, workdays, holidays, cut_off,
                                  daily_capacity, cost_package, cost_unit, cost_unit_mile, cost_day_late,
                                  legal_entity, ships, hands_out, active, attributes, handling)
                select code, type::node_type, latitude::float8, longitude::float8, time_zone, workdays::int4[],
                       holidays::date[], cut_off::time, daily_capacity, cost_package, cost_unit, cost_unit_mile,
                       cost_day_late, legal_entity, ships, hands_out, active, attributes::jsonb, handling::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::int4[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::text[], ?::bool[], ?::bool[],
                            ?::bool[], ?::text[], ?::text[])
                     as new (code, type, latitude, longitude, time_zone, workdays, holidays, cut_off, daily_capacity,
                             cost_package, cost_unit, cost_unit_mile, cost_day_late, legal_entity, ships, hands_out,
                             active, attributes, handling)
                order by code
                on conflict (code) do update
                set type = excluded.type, latitude = excluded.latitude, longitude = excluded.longitude,
                    time_zone = excluded.time_zone, workdays = excluded.workdays, holidays = excluded.holidays,
                    cut_off = excluded.cut_off, daily_capacity = excluded.daily_capacity,
                    cost_package = excluded.cost_package, cost_unit = excluded.cost_unit,
                    cost_unit_mile = excluded.cost_unit_mile, cost_day_late = excluded.cost_day_late,
                    legal_entity = excluded.legal_entity, ships = excluded.ships, hands_out = excluded.hands_out,
                    active = excluded.active, attributes = excluded.attributes,
                    handling = excluded.handling
                where (node.type, node.latitude, node.longitude, node.time_zone, node.workdays, node.holidays,
                       node.cut_off, node.daily_capacity, node.cost_package, node.cost_unit, node.cost_unit_mile,
                       node.cost_day_late, node.legal_entity, node.ships, node.hands_out, node.active,
                       node.attributes, node.handling)
                      is distinct from
                      (excluded.type, excluded.latitude, excluded.longitude, excluded.time_zone, excluded.workdays,
                       excluded.holidays, excluded.cut_off, excluded.daily_capacity, excluded.cost_package,
                       excluded.cost_unit, excluded.cost_unit_mile, excluded.cost_day_late, excluded.legal_entity,
                       excluded.ships, excluded.hands_out, excluded.active, excluded.attributes, excluded.handling)
                """);
    }

    /** Keeps those of the nodes that differ from how they were kept last, in the version that has just been made. */
    static void keep(Connection connection, List<Node> nodes) throws SQLException {
        Rows codes = new Rows("text");
        nodes.forEach(node -> codes.add(node.code()));
        codes.run(connection, """
                insert into node_history (node_id, version, as_it_was)
                select n.id, (select max(version) from configuration_version), to_jsonb(n)
                from node n
                where n.code = any (?::text[])
                      and to_jsonb(n) is distinct from
                          (select h.as_it_was from node_history h where h.node_id = n.id
                           order by h.version desc limit 1)
                """);
    }

    static int writeChannels(Connection connection, List<Channel> channels) throws SQLException {
        Rows rows = new Rows("text text text text text text text int8 int4");
        channels.forEach(c -> rows.add(
                c.code(),
                c.currency().getCurrencyCode(),
                c.flows().order(),
                c.flows().fulfilmentOrder(),
                c.flows().returns(),
                c.brand(),
                c.legalEntity(),
                c.duplicatesWithin().toSeconds(),
                c.threshold()));
        return rows.run(connection, """
                insert into channel (code, currency, flow, fulfilment_flow, return_flow, brand, legal_entity,
                                     duplicates_within, threshold)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                     ?::int8[], ?::int4[])
                order by 1
                on conflict (code) do update
                set currency = excluded.currency, flow = excluded.flow, fulfilment_flow = excluded.fulfilment_flow,
                    return_flow = excluded.return_flow, brand = excluded.brand, legal_entity = excluded.legal_entity,
                    duplicates_within = excluded.duplicates_within, threshold = excluded.threshold
                where (channel.currency, channel.flow, channel.fulfilment_flow, channel.return_flow, channel.brand,
                       channel.legal_entity, channel.duplicates_within, channel.threshold)
                      is distinct from
                      (excluded.currency, excluded.flow, excluded.fulfilment_flow, excluded.return_flow,
                       excluded.brand, excluded.legal_entity, excluded.duplicates_within, excluded.threshold)
                """);
    }

    static List<StoredFlow> flows(Statement statement) throws SQLException {
        List<StoredFlow> flows = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery("select name, version, definition from flow order by name, version")) {
            while (row.next()) {
                flows.add(new StoredFlow(row.getString(1), row.getInt(2), row.getString(3)));
            }
        }
        return flows;
    }

    /** They are new versions: nothing that is there is changed. */
    static void writeFlows(Connection connection, List<StoredFlow> flows) throws SQLException {
        Rows rows = new Rows("text int4 text");
        flows.forEach(flow -> rows.add(flow.name(), flow.version(), flow.definition()));
        rows.run(connection, """
                insert into flow (name, version, definition)
                select name, version, definition::jsonb
                from unnest(?::text[], ?::int4[], ?::text[]) as new (name, version, definition)
                """);
    }

    static List<Destination> destinations(Statement statement) throws SQLException {
        List<Destination> destinations = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "select code, url, ability, timeout_seconds, at_once, most_attempts, inside, contacts from destination order by code")) {
            while (row.next()) {
                destinations.add(new Destination(
                        row.getString(1),
                        row.getString(2),
                        Destination.Ability.valueOf(row.getString(3)),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getBoolean(7),
                        row.getBoolean(8)));
            }
        }
        return destinations;
    }

    static int writeDestinations(Connection connection, List<Destination> destinations) throws SQLException {
        Rows rows = new Rows("text text text int4 int4 int4 bool bool");
        destinations.forEach(d -> rows.add(
                d.code(),
                d.url(),
                d.ability().name(),
                d.timeoutSeconds(),
                d.atOnce(),
                d.mostAttempts(),
                d.inside(),
                d.contacts()));
        return rows.run(connection, """
                insert into destination (code, url, ability, timeout_seconds, at_once, most_attempts, inside, contacts)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::bool[], ?::bool[])
                order by 1
                on conflict (code) do update
                set url = excluded.url, ability = excluded.ability, timeout_seconds = excluded.timeout_seconds,
                    at_once = excluded.at_once, most_attempts = excluded.most_attempts, inside = excluded.inside,
                    contacts = excluded.contacts
                where destination is distinct from excluded
                """);
    }

    static List<Subscription> subscriptions(Statement statement) throws SQLException {
        List<Subscription> subscriptions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("""
                select code, url, events, channels, timeout_seconds, at_once, most_attempts, inside
                from subscription
                order by code
                """)) {
            while (row.next()) {
                subscriptions.add(new Subscription(
                        row.getString(1),
                        row.getString(2),
                        List.of((String[]) row.getArray(3).getArray()),
                        List.of((String[]) row.getArray(4).getArray()),
                        row.getInt(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getBoolean(8)));
            }
        }
        return subscriptions;
    }

    /** A new one is told of what happens from now on. */
    static int writeSubscriptions(Connection connection, List<Subscription> subscriptions) throws SQLException {
        Rows rows = new Rows("text text text text int4 int4 int4 bool");
        subscriptions.forEach(s -> rows.add(
                s.code(),
                s.url(),
                array(s.events()),
                array(s.channels()),
                s.timeoutSeconds(),
                s.atOnce(),
                s.mostAttempts(),
                s.inside()));
        return rows.run(connection, """
                with new as (
                    select code, url, events::text[], channels::text[], timeout_seconds, at_once, most_attempts, inside
                    from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int4[], ?::int4[], ?::int4[], ?::bool[])
                         as new (code, url, events, channels, timeout_seconds, at_once, most_attempts, inside)
                ), begun as (
                    insert into subscription_progress (subscription, transaction_id, order_id, version)
                    select code, pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, %1$d, %2$d
                    from new
                    on conflict do nothing
                )
                insert into subscription
                select * from new
                order by code
                on conflict (code) do update
                set url = excluded.url, events = excluded.events, channels = excluded.channels,
                    timeout_seconds = excluded.timeout_seconds, at_once = excluded.at_once,
                    most_attempts = excluded.most_attempts, inside = excluded.inside
                where subscription is distinct from excluded
                """.formatted(Long.MAX_VALUE, Integer.MAX_VALUE));
    }

    static boolean removeSubscription(Connection connection, String code) throws SQLException {
        boolean was = false;
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from signing_secret where receiver = 'subscription' and code = ?")) {
            delete.setString(1, code);
            delete.executeUpdate();
        }
        for (String table : List.of("delivery", "subscription_progress", "subscription")) {
            String column = table.equals("subscription") ? "code" : "subscription";
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from " + table + " where " + column + " = ?")) {
                delete.setString(1, code);
                was = delete.executeUpdate() > 0;
            }
        }
        return was;
    }

    static Item item(ResultSet row) throws SQLException {
        return new Item(
                new ItemId(row.getInt(1)),
                row.getString(2),
                row.getString(3),
                attributes(row.getString(4)),
                TermsRows.read(row.getString(5)));
    }

    /** Whether any of them would be had in another way than it is. */
    static boolean changeTerms(Connection connection, List<Item> items) throws SQLException {
        List<Item> said = items.stream()
                .filter(item -> !item.terms().equals(ItemTerms.USUAL))
                .toList();
        try (PreparedStatement select = connection.prepareStatement("""
                select exists (select from unnest(?::text[], ?::text[]) as new (sku, terms)
                               left join item on item.sku = new.sku
                               where item.terms is distinct from new.terms::jsonb)
                       or exists (select from item where sku = any (?::text[]) and terms <> '{}')
                """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", said.stream().map(Item::sku).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            said.stream()
                                    .map(item -> TermsRows.written(item.terms()))
                                    .toArray()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            items.stream()
                                    .filter(item -> item.terms().equals(ItemTerms.USUAL))
                                    .map(Item::sku)
                                    .toArray()));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    static int writeItems(Connection connection, List<Item> items) throws SQLException {
        Rows rows = new Rows("text text text text");
        items.forEach(i -> rows.add(
                i.sku(), i.description(), JSON.writeValueAsString(i.attributes()), TermsRows.written(i.terms())));
        return rows.run(connection, """
                insert into item (sku, description, attributes, terms)
                select sku, description, attributes::jsonb, terms::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as new (sku, description, attributes, terms)
                order by sku
                on conflict (sku) do update set description = excluded.description, attributes = excluded.attributes,
                                                terms = excluded.terms
                where (item.description, item.attributes, item.terms)
                      is distinct from (excluded.description, excluded.attributes, excluded.terms)
                """);
    }

    private static String array(List<String> elements) {
        return "{" + String.join(",", elements) + "}";
    }
}
