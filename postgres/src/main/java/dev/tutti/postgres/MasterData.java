package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.fulfilment.Method;
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
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
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
                Statement statement = connection.createStatement()) {
            return number(statement, sql);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** All nodes and channels, in their newest version. */
    public Network network() {
        return inOnePicture(MasterData::newest);
    }

    /** Something that is read. */
    private interface Reading<T> {
        T from(Connection connection, Statement statement) throws SQLException;
    }

    /** One picture: the version says what the nodes are, no more and no less. */
    private <T> T inOnePicture(Reading<T> reading) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read read only");
                return reading.from(connection, statement);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * All that is configured, at one moment.
     *
     * @param version the newest of all
     * @param items those that were asked for
     * @param otherItems how many there are besides
     * @param someOthers the first of their SKUs
     */
    public record Snapshot(long version, Network network, List<Item> items, long otherItems, List<String> someOthers) {}

    /** @param some how many SKUs of other items are wanted */
    public Snapshot snapshot(Collection<String> skus, int some) {
        return inOnePicture((connection, statement) -> {
            Array wanted = connection.createArrayOf("text", skus.toArray());
            List<Item> items = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    select i.id, i.sku, i.description, i.attributes
                    from unnest(?::text[]) as wanted (sku)
                    join item i on i.sku = wanted.sku
                    """)) {
                select.setArray(1, wanted);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        items.add(item(row));
                    }
                }
            }
            List<String> others = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    select sku
                    from item i
                    where not exists (select from unnest(?::text[]) as wanted (sku) where wanted.sku = i.sku)
                    order by sku
                    limit ?
                    """)) {
                select.setArray(1, wanted);
                select.setInt(2, some);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        others.add(row.getString(1));
                    }
                }
            }
            return new Snapshot(
                    number(statement, "select max(version) from configuration_version"),
                    newest(connection, statement),
                    items,
                    number(statement, "select count(*) from item") - items.size(),
                    others);
        });
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Fulfilment orders at a node that are not finished. */
    public record OpenWork(NodeId node, Method method, long count) {}

    public List<OpenWork> openWork(Collection<Node> nodes) {
        List<OpenWork> work = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select node_id, method, count(*)
                        from fulfilment_order
                        where node_id = any (?::int4[]) and status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY')
                        group by node_id, method
                        order by node_id, method
                        """)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "int4",
                            nodes.stream().map(node -> node.id().value()).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    work.add(new OpenWork(new NodeId(row.getInt(1)), Method.valueOf(row.getString(2)), row.getLong(3)));
                }
            }
            return work;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Network newest(Connection connection, Statement statement) throws SQLException {
        long version = number(statement, "select max(version) from configuration_version where network");
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
                    items.add(item(row));
                }
            }
            return items;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Item item(ResultSet row) throws SQLException {
        return new Item(new ItemId(row.getInt(1)), row.getString(2), row.getString(3), attributes(row.getString(4)));
    }

    /**
     * What a version is to change. SKU and code say which item, node or channel is meant; the numbers given are not
     * looked at. What already stands in the database as it stands here is left alone.
     *
     * @param ifVersion only if this is the newest version; 0 for any
     * @param author who wants it, as they say themselves; the audit says whose key it was
     * @param details what differs, a line each; may be empty
     */
    public record Change(
            List<Node> nodes,
            List<Channel> channels,
            List<Item> items,
            long ifVersion,
            String author,
            String details) {}

    /** What became of a change. */
    public sealed interface Outcome {
        /** @param version the new one */
        record Made(long version) implements Outcome {}

        /** Nothing differs, so there is no new version. */
        record Nothing(long version) implements Outcome {}

        /** Another version than the one it was meant for is the newest; nothing was written. */
        record Stale(long version) implements Outcome {}
    }

    /** Makes items known, or changes them. The SKU says which; the number given is not looked at. */
    public void putItems(List<Item> items, Audit audit) {
        apply(new Change(List.of(), List.of(), items, 0, audit.actor(), ""), audit);
    }

    private static int writeItems(Connection connection, List<Item> items) throws SQLException {
        Rows rows = new Rows("text text text");
        items.forEach(i -> rows.add(i.sku(), i.description(), JSON.writeValueAsString(i.attributes())));
        return rows.run(connection, """
                insert into item (sku, description, attributes)
                select sku, description, attributes::jsonb
                from unnest(?::text[], ?::text[], ?::text[]) as new (sku, description, attributes)
                order by sku
                on conflict (sku) do update set description = excluded.description, attributes = excluded.attributes
                where (item.description, item.attributes) is distinct from (excluded.description, excluded.attributes)
                """);
    }

    /** Makes nodes known, or changes them. The code says which; the number given is not looked at. */
    public void putNodes(List<Node> nodes, Audit audit) {
        apply(new Change(nodes, List.of(), List.of(), 0, audit.actor(), ""), audit);
    }

    private static int writeNodes(Connection connection, List<Node> nodes) throws SQLException {
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
        return rows.run(connection, """
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
                where (node.type, node.latitude, node.longitude, node.time_zone, node.workdays, node.holidays,
                       node.cut_off, node.daily_capacity, node.cost_package, node.cost_unit, node.cost_unit_mile,
                       node.cost_day_late, node.legal_entity, node.ships, node.hands_out, node.active,
                       node.attributes)
                      is distinct from
                      (excluded.type, excluded.latitude, excluded.longitude, excluded.time_zone, excluded.workdays,
                       excluded.holidays, excluded.cut_off, excluded.daily_capacity, excluded.cost_package,
                       excluded.cost_unit, excluded.cost_unit_mile, excluded.cost_day_late, excluded.legal_entity,
                       excluded.ships, excluded.hands_out, excluded.active, excluded.attributes)
                """);
    }

    /** Keeps those of the nodes that differ from how they were kept last, in the version that has just been made. */
    private static void keep(Connection connection, List<Node> nodes) throws SQLException {
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

    private static String array(List<String> elements) {
        return "{" + String.join(",", elements) + "}";
    }

    /** Makes channels known, or changes them. The code says which; the number given is not looked at. */
    public void putChannels(List<Channel> channels, Audit audit) {
        apply(new Change(List.of(), channels, List.of(), 0, audit.actor(), ""), audit);
    }

    private static int writeChannels(Connection connection, List<Channel> channels) throws SQLException {
        Rows rows = new Rows("text text text text text");
        channels.forEach(c -> rows.add(c.code(), c.currency().getCurrencyCode(), c.flow(), c.brand(), c.legalEntity()));
        return rows.run(connection, """
                insert into channel (code, currency, flow, brand, legal_entity)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                order by 1
                on conflict (code) do update
                set currency = excluded.currency, flow = excluded.flow, brand = excluded.brand,
                    legal_entity = excluded.legal_entity
                where (channel.currency, channel.flow, channel.brand, channel.legal_entity)
                      is distinct from
                      (excluded.currency, excluded.flow, excluded.brand, excluded.legal_entity)
                """);
    }

    /** Writes what differs and makes one version of it, or does nothing at all. */
    public Outcome apply(Change change, Audit audit) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                Outcome outcome = applied(connection, statement, change, audit);
                if (outcome instanceof Outcome.Made) {
                    connection.commit();
                }
                return outcome;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static Outcome applied(Connection connection, Statement statement, Change change, Audit audit)
            throws SQLException {
        // One after the other: a version that became visible after a later one would never be noticed.
        statement.execute("lock table configuration_version in share row exclusive mode");
        long newest = number(statement, "select max(version) from configuration_version");
        if (change.ifVersion() != 0 && change.ifVersion() != newest) {
            return new Outcome.Stale(newest);
        }
        int nodes = writeNodes(connection, change.nodes());
        int channels = writeChannels(connection, change.channels());
        int items = writeItems(connection, change.items());
        if (nodes + channels + items == 0) {
            return new Outcome.Nothing(newest);
        }
        Rows version = new Rows("text text text text text text bool");
        version.add(
                audit.actor(),
                audit.origin(),
                change.author(),
                audit.reason(),
                counted(nodes, channels, items),
                change.details(),
                nodes + channels > 0);
        version.run(connection, """
                insert into configuration_version (actor, origin, author, reason, change, details, network)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[])
                """);
        keep(connection, change.nodes());
        return new Outcome.Made(number(statement, "select max(version) from configuration_version"));
    }

    private static String counted(int nodes, int channels, int items) {
        List<String> words = new ArrayList<>();
        if (nodes > 0) {
            words.add(nodes == 1 ? "1 node" : nodes + " nodes");
        }
        if (channels > 0) {
            words.add(channels == 1 ? "1 channel" : channels + " channels");
        }
        if (items > 0) {
            words.add(items == 1 ? "1 item" : items + " items");
        }
        return String.join(", ", words);
    }

    /**
     * @param change in a few words
     * @param details what differed, a line each; empty if the maker of the version did not say
     */
    public record Version(
            long version, Instant at, String actor, String author, String reason, String change, String details) {}

    /** Versions before one, the newest first. */
    public List<Version> versions(long before, int limit) {
        List<Version> versions = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select version, made_at, actor, author, reason, change, details
                        from configuration_version
                        where version < ?
                        order by version desc
                        limit ?
                        """)) {
            select.setLong(1, before);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    versions.add(new Version(
                            row.getLong(1),
                            row.getObject(2, OffsetDateTime.class).toInstant(),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7)));
                }
            }
            return versions;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }
}
