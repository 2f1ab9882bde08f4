package dev.tutti.benchmarks;

import dev.tutti.fulfilment.FulfilmentLine;
import dev.tutti.fulfilment.FulfilmentOrder;
import dev.tutti.fulfilment.UnitState;
import dev.tutti.hub.HubChange.OrderChanged;
import dev.tutti.order.Contact;
import dev.tutti.order.Order;
import dev.tutti.order.OrderLine;
import dev.tutti.postgres.Database;
import dev.tutti.postgres.EventJson;
import dev.tutti.postgres.SourcingInputs;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The yardstick: what the database alone can take on this machine.
 *
 * <p>The very rows that intake writes, made beforehand, written by bare JDBC: {@code unnest}, 200 orders a commit, two
 * connections. Nothing is decided, parsed or answered; but positions are locked in order and updated to balances read
 * under the lock, for that is part of what must be written.
 */
final class Limit {
    static final int ORDERS_PER_COMMIT = 200;

    /** A table and its columns as {@code name:type}; {@code time} stands for microseconds, {@code =type} for a cast. */
    private static final Map<String, String> TABLES = new LinkedHashMap<>();

    static {
        TABLES.put("claimed_key", "kind:text key:text owner_id:int8 fingerprint:int8");
        TABLES.put(
                "orders",
                "id:int8 version:int4 status=order_status:text channel_id:int4 external_id:text customer:text"
                        + " currency:text total:int8 priority:int4 lines:int4 placed_at:time flow:text"
                        + " flow_version:int4 step:text step_entered_at:time closed:bool");
        TABLES.put(
                "order_line",
                "order_id:int8 number:int4 item_id:int4 ship_group:int4 sent:bool splittable:bool unit_price:int8 discount:int8"
                        + " tax:int8 shipping:int8 ordered:int4 open:int4 backordered:int4 allocated:int4"
                        + " released:int4 picked:int4 packed:int4 shipped:int4 collected:int4 returned:int4 cancelled:int4");
        TABLES.put(
                "fulfilment_order",
                "order_id:int8 number:int4 node_id:int4 ship_group:int4 method=fulfilment_method:text"
                        + " status=fulfilment_status:text dispatch_by:time");
        TABLES.put(
                "fulfilment_line",
                "order_id:int8 number:int4 line:int4 item_id:int4 allocated:int4 released:int4 picked:int4"
                        + " packed:int4 shipped:int4 collected:int4 returned:int4 cancelled:int4");
        TABLES.put(
                "order_journal",
                "order_id:int8 version_from:int4 version_to:int4 at:time actor:text origin:text command:text"
                        + " reason:text events:text");
        TABLES.put(
                "sourcing_record",
                "order_id:int8 run:int4 network_version:int8 cost:int8 bound:int8 proven:bool inputs:bytea");
        TABLES.put("due_work", "aggregate_id:int8 due_at:time");
        TABLES.put(
                "contact",
                "order_id:int8 ship_group:int4 name:text street:text city:text region:text postcode:text country:text"
                        + " email:text phone:text");
    }

    /** One commit's rows: a column array for every column of every table, and the units claimed at each position. */
    private record Batch(
            Map<String, List<Object[]>> columns, Map<Long, Integer> claims, List<long[]> ledger, int rows) {}

    private final String url;
    private final Database database;
    private final ConcurrentLinkedQueue<Batch> batches = new ConcurrentLinkedQueue<>();
    private int orders;
    private long rows;

    Limit(String url, Database database) {
        this.url = url;
        this.database = database;
    }

    /** Makes the rows; not measured. */
    void prepare(List<OrderChanged> decided) {
        EventJson json = new EventJson();
        for (int from = 0; from < decided.size(); from += ORDERS_PER_COMMIT) {
            Batch batch = batch(decided.subList(from, Math.min(decided.size(), from + ORDERS_PER_COMMIT)), json);
            batches.add(batch);
            rows += batch.rows();
        }
        orders += decided.size();
    }

    /** What one run gave. */
    record Result(int orders, double seconds, double rowsPerOrder, double bytesPerOrder) {
        double ordersPerSecond() {
            return orders / seconds;
        }
    }

    /** Writes all that is prepared. */
    Result run(World world) throws Exception {
        long wal = world.walBytes();
        long started = System.nanoTime();
        List<Throwable> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    write();
                } catch (SQLException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.getFirst());
        }
        Result result = new Result(orders, seconds, (double) rows / orders, (double) (world.walBytes() - wal) / orders);
        orders = 0;
        rows = 0;
        return result;
    }

    private void write() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url + "&prepareThreshold=1")) {
            connection.setAutoCommit(false);
            for (Batch batch = batches.poll(); batch != null; batch = batches.poll()) {
                for (String table : TABLES.keySet()) {
                    insert(connection, table, batch);
                }
                claim(connection, batch);
                connection.commit();
            }
        }
    }

    private static void insert(Connection connection, String table, Batch batch) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (String column : TABLES.getOrDefault(table, "").split(" ")) {
            String type = column.substring(column.indexOf(':') + 1);
            String name = column.substring(0, column.indexOf(':'));
            String cast = name.contains("=") ? "::" + name.substring(name.indexOf('=') + 1) : "";
            name = name.contains("=") ? name.substring(0, name.indexOf('=')) : name;
            names.add(name);
            values.add(
                    type.equals("time")
                            ? "timestamptz 'epoch' + " + name + " * interval '1 microsecond'"
                            : name + cast);
            types.add(type.equals("time") ? "int8" : type);
            parameters.add("?::" + types.getLast() + "[]");
        }
        String columns = String.join(", ", names);
        String sql = "insert into " + table + " (" + columns + ") select " + String.join(", ", values) + " from unnest("
                + String.join(", ", parameters) + ") as new (" + columns + ")"
                + (table.equals("claimed_key") ? " on conflict do nothing" : "");
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            List<Object[]> data = batch.columns().getOrDefault(table, List.of());
            for (int c = 0; c < types.size(); c++) {
                insert.setArray(c + 1, connection.createArrayOf(types.get(c), data.get(c)));
            }
            insert.executeUpdate();
        }
    }

    private void claim(Connection connection, Batch batch) throws SQLException {
        Integer[] items =
                batch.claims().keySet().stream().map(k -> (int) (k >> 32)).toArray(Integer[]::new);
        Integer[] places = batch.claims().keySet().stream().map(Long::intValue).toArray(Integer[]::new);
        Map<Long, int[]> balances = new TreeMap<>();
        try (PreparedStatement lock = connection.prepareStatement("""
                select p.item_id, p.place_id, p.on_hand, p.reserved, p.version
                from unnest(?::int4[], ?::int4[]) as wanted (item_id, place_id)
                join position p on p.item_id = wanted.item_id and p.place_id = wanted.place_id
                order by p.item_id, p.place_id
                for no key update of p
                """)) {
            lock.setArray(1, connection.createArrayOf("int4", items));
            lock.setArray(2, connection.createArrayOf("int4", places));
            try (ResultSet row = lock.executeQuery()) {
                while (row.next()) {
                    balances.put(
                            ((long) row.getInt(1) << 32) | row.getInt(2),
                            new int[] {row.getInt(3), row.getInt(4), row.getInt(5)});
                }
            }
        }
        int n = batch.ledger().size();
        Object[][] ledger = {
            new Long[n],
            new Integer[n],
            new Integer[n],
            new Integer[n],
            new Integer[n],
            new Integer[n],
            new Integer[n],
            new Long[n]
        };
        long batchId = database.ids().next();
        for (int i = 0; i < n; i++) {
            long[] entry = batch.ledger().get(i);
            int[] balance = balances.get(entry[0]);
            if (balance == null) {
                throw new IllegalStateException("a position is missing");
            }
            balance[1] += (int) entry[1];
            balance[2]++;
            Object[] row = {
                batchId,
                (int) (entry[0] >> 32),
                (int) entry[0],
                balance[2],
                (int) entry[1],
                balance[0],
                balance[1],
                entry[2]
            };
            for (int c = 0; c < row.length; c++) {
                ledger[c][i] = row[c];
            }
        }
        try (PreparedStatement update = connection.prepareStatement("""
                update position p set reserved = new.reserved, version = new.version
                from unnest(?::int4[], ?::int4[], ?::int4[], ?::int4[]) as new (item_id, place_id, reserved, version)
                where p.item_id = new.item_id and p.place_id = new.place_id
                """)) {
            update.setArray(1, connection.createArrayOf("int4", items));
            update.setArray(2, connection.createArrayOf("int4", places));
            update.setArray(
                    3,
                    connection.createArrayOf(
                            "int4", balances.values().stream().map(b -> b[1]).toArray(Integer[]::new)));
            update.setArray(
                    4,
                    connection.createArrayOf(
                            "int4", balances.values().stream().map(b -> b[2]).toArray(Integer[]::new)));
            update.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into stock_ledger (batch_id, transaction_id, item_id, place_id, version, move, on_hand_delta,
                                          reserved_delta, found, on_hand, reserved, shortage, backorder_cap,
                                          safety_stock, cause_id)
                select batch_id, (select pg_current_xact_id()::text::int8), item_id, place_id, version, 'RESERVE', 0,
                       reserved_delta, 0, on_hand, reserved, 0, 0, 0, cause_id
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int8[])
                     as new (batch_id, item_id, place_id, version, reserved_delta, on_hand, reserved, cause_id)
                """)) {
            String[] types = {"int8", "int4", "int4", "int4", "int4", "int4", "int4", "int8"};
            for (int c = 0; c < types.length; c++) {
                insert.setArray(c + 1, connection.createArrayOf(types[c], ledger[c]));
            }
            insert.executeUpdate();
        }
    }

    private static Batch batch(List<OrderChanged> orders, EventJson json) {
        Map<String, List<Object[]>> rows = new LinkedHashMap<>();
        TABLES.keySet().forEach(table -> rows.put(table, new ArrayList<>()));
        Map<Long, Integer> claims = new TreeMap<>();
        List<long[]> ledger = new ArrayList<>();
        for (OrderChanged changed : orders) {
            addRows(rows, changed, json);
            for (FulfilmentOrder work : changed.after().fulfilmentOrders()) {
                for (FulfilmentLine line : work.lines()) {
                    long position = ((long) line.item() << 32) | work.node().value();
                    claims.merge(position, line.units().total(), Integer::sum);
                    ledger.add(new long[] {
                        position, line.units().total(), changed.after().id().value()
                    });
                }
            }
        }
        int count = ledger.size() + claims.size();
        for (List<Object[]> table : rows.values()) {
            count += table.size();
        }
        Map<String, List<Object[]>> columns = new LinkedHashMap<>();
        rows.forEach((table, data) ->
                columns.put(table, columns(TABLES.getOrDefault(table, "").split(" "), data)));
        return new Batch(columns, claims, ledger, count);
    }

    private static List<Object[]> columns(String[] names, List<Object[]> rows) {
        List<Object[]> columns = new ArrayList<>();
        for (int c = 0; c < names.length; c++) {
            Object[] column = switch (names[c].substring(names[c].indexOf(':') + 1)) {
                case "int8", "time" -> new Long[rows.size()];
                case "int4" -> new Integer[rows.size()];
                case "bool" -> new Boolean[rows.size()];
                case "bytea" -> new byte[rows.size()][];
                default -> new String[rows.size()];
            };
            for (int r = 0; r < column.length; r++) {
                column[r] = rows.get(r)[c];
            }
            columns.add(column);
        }
        return columns;
    }

    private static void addRows(Map<String, List<Object[]>> rows, OrderChanged changed, EventJson json) {
        Order order = changed.after();
        long id = order.id().value();
        long at = micros(order.header().placedAt());
        table(rows, "claimed_key")
                .add(new Object[] {"EXTERNAL_ORDER", "1|" + order.header().externalId(), id, id * 31});
        table(rows, "orders").add(new Object[] {
            id,
            order.version(),
            order.status().name(),
            1,
            order.header().externalId(),
            order.header().customer(),
            "USD",
            order.total(),
            0,
            order.lines().size(),
            at,
            order.flow().flow(),
            order.flow().version(),
            order.flow().step(),
            micros(order.flow().entered()),
            false
        });
        for (OrderLine line : order.lines()) {
            table(rows, "order_line").add(new Object[] {
                id,
                line.number(),
                line.item(),
                line.shipGroup(),
                true,
                line.splittable(),
                line.money().unitPrice(),
                line.money().discount(),
                line.money().tax(),
                line.money().shipping(),
                line.units().total(),
                line.units().in(UnitState.OPEN),
                line.units().in(UnitState.BACKORDERED),
                line.units().in(UnitState.ALLOCATED),
                line.units().in(UnitState.RELEASED),
                0,
                0,
                0,
                0,
                0,
                0
            });
        }
        for (FulfilmentOrder work : order.fulfilmentOrders()) {
            table(rows, "fulfilment_order").add(new Object[] {
                id,
                work.number(),
                work.node().value(),
                1,
                work.method().name(),
                work.status().name(),
                micros(work.dispatchBy())
            });
            for (FulfilmentLine line : work.lines()) {
                table(rows, "fulfilment_line").add(new Object[] {
                    id,
                    work.number(),
                    line.line(),
                    line.item(),
                    0,
                    line.units().in(UnitState.RELEASED),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0
                });
            }
        }
        table(rows, "order_journal").add(new Object[] {
            id, 1, order.version(), at, "key:bench", "127.0.0.1", "place-order", "", json.write(changed.events())
        });
        changed.sourcing()
                .forEach(plan -> table(rows, "sourcing_record").add(new Object[] {
                    id,
                    1,
                    plan.record().networkVersion(),
                    plan.cost(),
                    plan.bound(),
                    plan.proven(),
                    SourcingInputs.write(plan.record())
                }));
        for (Contact contact : changed.contacts()) {
            table(rows, "contact").add(new Object[] {
                id,
                contact.shipGroup(),
                contact.name(),
                String.join("\n", contact.street()),
                contact.city(),
                contact.region(),
                contact.postcode(),
                contact.country(),
                contact.email(),
                contact.phone()
            });
        }
        if (changed.due() != null) {
            table(rows, "due_work").add(new Object[] {id, micros(changed.due())});
        }
    }

    private static List<Object[]> table(Map<String, List<Object[]>> rows, String name) {
        return rows.computeIfAbsent(name, table -> new ArrayList<>());
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }
}
