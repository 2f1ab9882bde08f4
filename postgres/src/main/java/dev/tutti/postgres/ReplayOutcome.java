package dev.tutti.postgres;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of a history, all of it read from the database. */
public record ReplayOutcome(
        long rows,
        long rowsUsed,
        Map<String, Long> rowsRefused,
        long orders,
        long lines,
        long units,
        long unitsFulfilled,
        long unitsCancelled,
        long unitsReturned,
        long unitsBackordered,
        long returnsWithoutOrder,
        double fillRate,
        long ordersSplit,
        long packages,
        long costMinor,
        @Nullable Double hoursToShipMedian,
        double linesPerSecond) {
    /** @param tillKind the kind of rows that are sales over a counter */
    static ReplayOutcome of(ReplayStore store, int tillKind) {
        Map<String, Long> refused = new TreeMap<>();
        store.query("""
                select refused, count(*) from replay.history_row where refused is not null group by refused
                """, row -> refused.put(row.getString(1), row.getLong(2)));
        return store.query("""
                with till as (
                    select count(distinct event) as sales, count(*) as lines, coalesce(sum(quantity), 0) as units
                    from replay.history_row
                    where kind = %d and refused is null
                ), missed_at_till as (
                    select coalesce(sum(found), 0) as units from stock_ledger where move = 'SELL'
                ), line as (
                    select count(*) as lines, coalesce(sum(ordered), 0) as ordered,
                           coalesce(sum(shipped + collected + returned), 0) as fulfilled,
                           coalesce(sum(cancelled), 0) as cancelled, coalesce(sum(returned), 0) as returned,
                           coalesce(sum(ordered - shipped - collected - returned - cancelled), 0) as waiting
                    from order_line
                ), missed as (
                    select coalesce(sum((part ->> 'quantity')::bigint), 0) as units
                    from order_journal j
                    cross join lateral jsonb_array_elements(j.events::jsonb) event
                    cross join lateral jsonb_array_elements(event -> 'lines') part
                    where j.version_from = 1 and j.events like '%%"units-backordered"%%'
                      and event ->> 'type' = 'units-backordered'
                ), refused as (
                    select coalesce(sum(quantity), 0) as units
                    from replay.history_row
                    where event > 0 and refused = 'insufficient-supply'
                ), package as (
                    select count(*) as packages,
                           percentile_cont(0.5) within group (order by extract(epoch from gone.at - o.placed_at) / 3600)
                               as hours
                    from fulfilment_order f
                    join orders o on o.id = f.order_id
                    join lateral (
                        select min(j.at) as at
                        from order_journal j
                        where j.order_id = f.order_id and j.command in ('hand-over', 'collect')
                          and j.origin = 'fulfilment order ' || f.number
                    ) gone on gone.at is not null
                ), split as (
                    select count(*) as orders
                    from (
                        select order_id from fulfilment_order
                        where status <> 'CANCELLED'
                        group by order_id having count(distinct node_id) > 1
                    ) o
                )
                select (select count(*) from replay.history_row),
                       (select count(*) from replay.history_row where refused is null),
                       (select count(*) from orders) + till.sales,
                       line.lines + till.lines,
                       line.ordered + till.units,
                       line.fulfilled + till.units,
                       line.cancelled,
                       line.returned,
                       line.waiting,
                       (select count(*) from stock_document where kind = 'RETURN'),
                       case when line.ordered + till.units + refused.units = 0 then 1.0
                            else 1.0 - (missed.units + missed_at_till.units + refused.units)::float8
                                       / (line.ordered + till.units + refused.units) end,
                       split.orders,
                       package.packages,
                       (select coalesce(round(sum(cost) / 1000000), 0) from sourcing_record),
                       package.hours,
                       case when run.busy_micros = 0 then 0
                            else (line.lines + till.lines)::float8 * 1000000 / run.busy_micros end
                from till, missed_at_till, line, missed, refused, package, split, replay.run
                """.formatted(tillKind), row -> {
                    double hours = row.getDouble(15);
                    boolean shipped = !row.wasNull();
                    return new ReplayOutcome(
                            row.getLong(1),
                            row.getLong(2),
                            refused,
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            row.getLong(9),
                            row.getLong(10),
                            row.getDouble(11),
                            row.getLong(12),
                            row.getLong(13),
                            row.getLong(14),
                            shipped ? hours : null,
                            row.getDouble(16));
                })
                .getFirst();
    }
}
