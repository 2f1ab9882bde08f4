package dev.tutti.postgres;

import dev.tutti.conveyor.Audit;
import dev.tutti.fulfilment.Method;
import dev.tutti.inventory.Item;
import dev.tutti.network.CarrierService;
import dev.tutti.network.Channel;
import dev.tutti.network.Network;
import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import dev.tutti.network.RingFence;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ObjIntConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Items, nodes and channels: read whole, written in bulk, every writing a version with its author. */
public final class MasterData {
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
     * @param flows all versions of all
     * @param items those that were asked for
     * @param otherItems how many there are besides
     * @param someOthers the first of their SKUs
     */
    public record Snapshot(
            long version,
            Network network,
            List<StoredFlow> flows,
            List<Destination> destinations,
            List<Subscription> subscriptions,
            List<Item> items,
            long otherItems,
            List<String> someOthers) {}

    /** A version of a flow, as whoever wrote it wants to read it again. */
    public record StoredFlow(String name, int version, String definition) {}

    /** All services outside that flows call. */
    public List<Destination> destinations() {
        return inOnePicture((connection, statement) -> MasterRows.destinations(statement));
    }

    /** All who are told what happens to orders. */
    public List<Subscription> subscriptions() {
        return inOnePicture((connection, statement) -> MasterRows.subscriptions(statement));
    }

    /** All versions of all flows that were ever configured, by name and version. */
    public List<StoredFlow> flows() {
        return inOnePicture((connection, statement) -> MasterRows.flows(statement));
    }

    /** @param some how many SKUs of other items are wanted */
    public Snapshot snapshot(Collection<String> skus, int some) {
        return inOnePicture((connection, statement) -> {
            Array wanted = connection.createArrayOf("text", skus.toArray());
            List<Item> items = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    select i.id, i.sku, i.description, i.attributes, i.terms
                    from unnest(?::text[]) as wanted (sku)
                    join item i on i.sku = wanted.sku
                    """)) {
                select.setArray(1, wanted);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        items.add(MasterRows.item(row));
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
                    MasterRows.flows(statement),
                    MasterRows.destinations(statement),
                    MasterRows.subscriptions(statement),
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

    /** Fulfilment orders at a node that are not finished; those sent to a store are so at the store, too. */
    public record OpenWork(NodeId node, Method method, long count) {}

    public List<OpenWork> openWork(Collection<Node> nodes) {
        List<OpenWork> work = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select node_id, method, count(*)
                        from (
                            select node_id, case method when 'SHIP_TO_STORE' then 'SHIP' else method end as method
                            from fulfilment_order
                            where node_id = any (?::int4[])
                                  and status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY')
                            union all
                            select store_id, method
                            from fulfilment_order
                            where store_id = any (?::int4[])
                                  and status in ('ALLOCATED', 'RELEASED', 'IN_PROGRESS', 'READY', 'HANDED_OVER')
                        ) work
                        group by node_id, method
                        order by node_id, method
                        """)) {
            Array numbers = connection.createArrayOf(
                    "int4", nodes.stream().map(node -> node.id().value()).toArray());
            select.setArray(1, numbers);
            select.setArray(2, numbers);
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
        return new Network(
                version,
                MasterRows.nodes(connection, "node", version),
                MasterRows.channels(connection),
                ConfiguredRows.ringFences(connection, version),
                ConfiguredRows.services(connection, version),
                TermsRows.all(connection));
    }

    /** The network with its nodes as they were in a version, by which nodes chosen at that time can be chosen again. */
    public static Network networkOf(Connection connection, long version) throws SQLException {
        return new Network(
                version,
                MasterRows.nodes(connection, """
                (select n.*
                 from (select distinct on (node_id) as_it_was from node_history where version <= ?
                       order by node_id, version desc) h
                 cross join lateral jsonb_populate_record(null::node, h.as_it_was) n) as node
                """, version),
                MasterRows.channels(connection),
                ConfiguredRows.ringFences(connection, version),
                ConfiguredRows.services(connection, version));
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
                PreparedStatement select =
                        connection.prepareStatement("select id, sku, description, attributes, terms from item " + where
                                + " order by sku limit ?")) {
            select.setString(1, sku);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    items.add(MasterRows.item(row));
                }
            }
            return items;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /**
     * What a version is to change: flows are new versions of theirs. SKU and code say which item, node or channel is meant; the numbers given are not
     * looked at. What already stands in the database as it stands here is left alone.
     *
     * @param ifVersion only if this is the newest version; 0 for any
     * @param author who wants it, as they say themselves; the audit says whose key it was
     * @param details what differs, a line each; may be empty
     */
    public record Change(
            List<StoredFlow> flows,
            List<Destination> destinations,
            List<Subscription> subscriptions,
            List<Node> nodes,
            List<Channel> channels,
            List<RingFence> ringFences,
            List<CarrierService> services,
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

        /** An item cannot be what it would be, as others have changed things meanwhile; nothing was written. */
        record Contradicted(String sku, String why) implements Outcome {}
    }

    /** Makes items known, or changes them. The SKU says which; the number given is not looked at. */
    public Outcome putItems(List<Item> items, Audit audit) {
        return put(List.of(), List.of(), items, audit);
    }

    /** Makes nodes known, or changes them. The code says which; the number given is not looked at. */
    public void putNodes(List<Node> nodes, Audit audit) {
        put(nodes, List.of(), List.of(), audit);
    }

    /** Makes channels known, or changes them. The code says which; the number given is not looked at. */
    public void putChannels(List<Channel> channels, Audit audit) {
        put(List.of(), channels, List.of(), audit);
    }

    private Outcome put(List<Node> nodes, List<Channel> channels, List<Item> items, Audit audit) {
        return apply(
                new Change(
                        List.of(),
                        List.of(),
                        List.of(),
                        nodes,
                        channels,
                        List.of(),
                        List.of(),
                        items,
                        0,
                        audit.actor(),
                        ""),
                audit);
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

    /** Forgets a subscription, its secrets and all that waits for it; false if there is none. */
    public boolean removeSubscription(String code, Audit audit) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table configuration_version in share row exclusive mode");
                boolean was = MasterRows.removeSubscription(connection, code);
                if (was) {
                    insertVersion(
                            connection,
                            audit,
                            audit.actor(),
                            "1 subscription less",
                            "subscription " + code + " is gone",
                            false);
                    connection.commit();
                }
                return was;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static void insertVersion(
            Connection connection, Audit audit, String author, String change, String details, boolean network)
            throws SQLException {
        Rows version = new Rows("text text text text text text bool");
        version.add(audit.actor(), audit.origin(), author, audit.reason(), change, details, network);
        version.run(connection, """
                insert into configuration_version (actor, origin, author, reason, change, details, network)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[])
                """);
    }

    private static Outcome applied(Connection connection, Statement statement, Change change, Audit audit)
            throws SQLException {
        // One after the other: a version that became visible after a later one would never be noticed.
        statement.execute("lock table configuration_version in share row exclusive mode");
        long newest = number(statement, "select max(version) from configuration_version");
        if (change.ifVersion() != 0 && change.ifVersion() != newest) {
            return new Outcome.Stale(newest);
        }
        MasterRows.writeFlows(connection, change.flows());
        int flows = change.flows().size();
        int destinations = MasterRows.writeDestinations(connection, change.destinations());
        int subscriptions = MasterRows.writeSubscriptions(connection, change.subscriptions());
        int nodes = MasterRows.writeNodes(connection, change.nodes());
        int channels = MasterRows.writeChannels(connection, change.channels());
        int ringFences = ConfiguredRows.writeRingFences(connection, change.ringFences());
        int services = ConfiguredRows.writeServices(connection, change.services());
        boolean terms = MasterRows.changeTerms(connection, change.items());
        Outcome.Contradicted stocked = TermsRows.stockedKit(connection, change.items());
        int items = MasterRows.writeItems(connection, change.items());
        Outcome.Contradicted nested = TermsRows.nestedKit(connection, change.items());
        if (stocked != null) {
            return stocked;
        }
        if (nested != null) {
            return nested;
        }
        if (flows + destinations + subscriptions + nodes + channels + ringFences + services + items == 0) {
            return new Outcome.Nothing(newest);
        }
        insertVersion(
                connection,
                audit,
                change.author(),
                counted(flows, destinations, subscriptions, nodes, channels, ringFences, services, items),
                change.details(),
                terms || flows + nodes + channels + ringFences + services > 0);
        MasterRows.keep(connection, change.nodes());
        ConfiguredRows.keep(connection);
        return new Outcome.Made(number(statement, "select max(version) from configuration_version"));
    }

    private static String counted(
            int flows,
            int destinations,
            int subscriptions,
            int nodes,
            int channels,
            int ringFences,
            int services,
            int items) {
        List<String> words = new ArrayList<>();
        count(flows, "flow", words);
        count(destinations, "destination", words);
        count(subscriptions, "subscription", words);
        count(nodes, "node", words);
        count(channels, "channel", words);
        count(ringFences, "ring-fence", words);
        count(services, "carrier service", words);
        count(items, "item", words);
        return String.join(", ", words);
    }

    private static void count(int number, String one, List<String> words) {
        if (number > 0) {
            words.add(number + " " + one + (number == 1 ? "" : "s"));
        }
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
