package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.inventory.Item;
import dev.tutti.inventory.ItemId;
import dev.tutti.network.Channel;
import dev.tutti.network.ChannelId;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeCosts;
import dev.tutti.network.NodeId;
import dev.tutti.network.NodeType;
import dev.tutti.network.WorkCalendar;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
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
import java.util.function.ObjIntConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Items, nodes and channels: read whole, written in bulk, every writing a version with its author. */
public final class MasterData {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<TreeMap<String, String>> ATTRIBUTES = new TypeReference<>() {};

    private final DataSource database;

    public MasterData(DataSource database) {
        this.database = database;
    }

    /** The newest version of all; grows whenever anything here changes. */
    public long version() {
        return number("select max(version) from configuration_version");
    }

    private long number(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** All nodes and channels, in their newest version. */
    public Network network() {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // One picture: the version says what the nodes are, no more and no less.
                statement.execute("set transaction isolation level repeatable read read only");
                return newest(connection, statement);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Network newest(Connection connection, Statement statement) throws SQLException {
        long version;
        try (ResultSet row = statement.executeQuery("select max(version) from configuration_version where network")) {
            row.next();
            version = row.getLong(1);
        }
        return new Network(version, nodes(connection, "node", version), channels(connection));
    }

    /** The network with its nodes as they were in a version, by which decisions of that time can be made again. */
    public static Network networkOf(Connection connection, long version) throws SQLException {
        return new Network(version, nodes(connection, """
                (select n.*
                 from (select distinct on (node_id) as_it_was from node_history where version <= ?
                       order by node_id, version desc) h
                 cross join lateral jsonb_populate_record(null::node, h.as_it_was) n) as node
                """, version), channels(connection));
    }

    private static List<Node> nodes(Connection connection, String from, long version) throws SQLException {
        List<Node> nodes = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select id, code, type, latitude, longitude, time_zone, workdays, holidays, cut_off, daily_capacity,
                       cost_package, cost_unit, cost_unit_mile, cost_day_late, legal_entity, ships, hands_out, active,
                       attributes
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

    private static List<Channel> channels(Connection connection) throws SQLException {
        List<Channel> channels = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "select id, code, currency, flow, brand, legal_entity from channel order by id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                channels.add(new Channel(
                        new ChannelId(row.getInt(1)),
                        row.getString(2),
                        Currency.getInstance(row.getString(3)),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)));
            }
        }
        return channels;
    }

    /** Every SKU with its number, above a number already known. */
    public void skus(int above, ObjIntConsumer<String> each) {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id, sku from item where id > ? order by id")) {
            select.setInt(1, above);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    each.accept(row.getString(2), row.getInt(1));
                }
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    public @Nullable Item item(String sku) {
        List<Item> found = items("where sku = ?", sku, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Items by SKU, after one. */
    public List<Item> items(String afterSku, int limit) {
        return items("where sku > ?", afterSku, limit);
    }

    private List<Item> items(String where, String sku, int limit) {
        List<Item> items = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select id, sku, description, attributes from item " + where + " order by sku limit ?")) {
            select.setString(1, sku);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    items.add(new Item(
                            new ItemId(row.getInt(1)),
                            row.getString(2),
                            row.getString(3),
                            attributes(row.getString(4))));
                }
            }
            return items;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Makes items known, or changes them. The SKU says which; the number given is not looked at. */
    public void putItems(List<Item> items, Audit audit) {
        Rows rows = new Rows("text text text");
        items.forEach(i -> rows.add(i.sku(), i.description(), JSON.writeValueAsString(i.attributes())));
        put(items.size() + " items", false, audit, rows, """
                insert into item (sku, description, attributes)
                select sku, description, attributes::jsonb
                from unnest(?::text[], ?::text[], ?::text[]) as new (sku, description, attributes)
                order by sku
                on conflict (sku) do update set description = excluded.description, attributes = excluded.attributes
                """, connection -> {});
    }

    /** Makes nodes known, or changes them. The code says which; the number given is not looked at. */
    public void putNodes(List<Node> nodes, Audit audit) {
        Rows rows =
                new Rows("text text text text text text text text int4 int8 int8 int8 int8 text bool bool bool text");
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
                    JSON.writeValueAsString(node.attributes()));
        }
        put(nodes.size() + " nodes", true, audit, rows, """
                insert into node (code, type, latitude, longitude, time_zone, workdays, holidays, cut_off,
                                  daily_capacity, cost_package, cost_unit, cost_unit_mile, cost_day_late,
                                  legal_entity, ships, hands_out, active, attributes)
                select code, type::node_type, latitude::float8, longitude::float8, time_zone, workdays::int4[],
                       holidays::date[], cut_off::time, daily_capacity, cost_package, cost_unit, cost_unit_mile,
                       cost_day_late, legal_entity, ships, hands_out, active, attributes::jsonb
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::int4[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::text[], ?::bool[], ?::bool[],
                            ?::bool[], ?::text[])
                     as new (code, type, latitude, longitude, time_zone, workdays, holidays, cut_off, daily_capacity,
                             cost_package, cost_unit, cost_unit_mile, cost_day_late, legal_entity, ships, hands_out,
                             active, attributes)
                order by code
                on conflict (code) do update
                set type = excluded.type, latitude = excluded.latitude, longitude = excluded.longitude,
                    time_zone = excluded.time_zone, workdays = excluded.workdays, holidays = excluded.holidays,
                    cut_off = excluded.cut_off, daily_capacity = excluded.daily_capacity,
                    cost_package = excluded.cost_package, cost_unit = excluded.cost_unit,
                    cost_unit_mile = excluded.cost_unit_mile, cost_day_late = excluded.cost_day_late,
                    legal_entity = excluded.legal_entity, ships = excluded.ships, hands_out = excluded.hands_out,
                    active = excluded.active, attributes = excluded.attributes
                """, connection -> keep(connection, nodes));
    }

    /** Keeps the nodes as they are in the version that has just been made. */
    private static void keep(Connection connection, List<Node> nodes) throws SQLException {
        Rows codes = new Rows("text");
        nodes.forEach(node -> codes.add(node.code()));
        codes.run(connection, """
                insert into node_history (node_id, version, as_it_was)
                select n.id, (select max(version) from configuration_version), to_jsonb(n)
                from node n
                where n.code = any (?::text[])
                """);
    }

    private static String array(List<String> elements) {
        return "{" + String.join(",", elements) + "}";
    }

    /** Makes channels known, or changes them. The code says which; the number given is not looked at. */
    public void putChannels(List<Channel> channels, Audit audit) {
        Rows rows = new Rows("text text text text text");
        channels.forEach(c -> rows.add(c.code(), c.currency().getCurrencyCode(), c.flow(), c.brand(), c.legalEntity()));
        put(channels.size() + " channels", true, audit, rows, """
                insert into channel (code, currency, flow, brand, legal_entity)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                order by 1
                on conflict (code) do update
                set currency = excluded.currency, flow = excluded.flow, brand = excluded.brand,
                    legal_entity = excluded.legal_entity
                """, connection -> {});
    }

    /** What else belongs to a version, once it has been made. */
    private interface Also {
        void run(Connection connection) throws SQLException;
    }

    private void put(String what, boolean network, Audit audit, Rows rows, String sql, Also also) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                // One after the other: a version that became visible after a later one would never be noticed.
                try (Statement statement = connection.createStatement()) {
                    statement.execute("lock table configuration_version in share row exclusive mode");
                }
                rows.run(connection, sql);
                Rows version = new Rows("text text text bool");
                version.add(audit.actor(), audit.origin(), what, network);
                version.run(connection, """
                        insert into configuration_version (actor, origin, change, network)
                        select * from unnest(?::text[], ?::text[], ?::text[], ?::bool[])
                        """);
                also.run(connection);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
