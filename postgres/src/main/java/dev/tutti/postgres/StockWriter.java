package dev.tutti.postgres;

import dev.tutti.conveyor.Store.Posting;
import dev.tutti.inventory.LedgerEntry;
import dev.tutti.inventory.Position;
import dev.tutti.inventory.PositionKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what a batch did to the stock: the new balances of the locked rows, and a ledger row for every change. */
final class StockWriter {
    private final Connection connection;

    StockWriter(Connection connection) {
        this.connection = connection;
    }

    void write(List<Posting> postings, long batchId) throws SQLException {
        if (postings.isEmpty()) {
            return;
        }
        Rows ledger = new Rows("int8 int4 int4 int4 text int4 int4 int4 int4 int4 int4 int4 int4 int8 micros");
        Map<PositionKey, Position> balances = new TreeMap<>();
        for (Posting posting : postings) {
            LedgerEntry entry = posting.entry();
            Position after = entry.after();
            balances.put(entry.position(), after);
            ledger.add(
                    batchId,
                    entry.position().item(),
                    entry.position().place(),
                    after.version(),
                    entry.move().name(),
                    entry.onHandDelta(),
                    entry.reservedDelta(),
                    entry.found(),
                    after.onHand(),
                    after.reserved(),
                    after.shortage(),
                    after.backorderCap(),
                    after.safetyStock(),
                    posting.cause(),
                    entry.at());
        }
        Rows positions = new Rows("int4 int4 int4 int4 int4 int4 int4 int4 int8 int8");
        balances.forEach((key, after) -> positions.add(
                key.item(),
                key.place(),
                after.onHand(),
                after.reserved(),
                after.shortage(),
                after.backorderCap(),
                after.safetyStock(),
                after.version(),
                after.countedAt(),
                after.movedAt()));
        int updated = positions.run(connection, """
                update position p
                set on_hand = new.on_hand, reserved = new.reserved, shortage = new.shortage,
                    backorder_cap = new.backorder_cap, safety_stock = new.safety_stock, version = new.version,
                    counted_at = new.counted_at, moved_at = new.moved_at
                from unnest(?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[],
                            ?::int8[], ?::int8[])
                     as new (item_id, place_id, on_hand, reserved, shortage, backorder_cap, safety_stock, version,
                             counted_at, moved_at)
                where p.item_id = new.item_id and p.place_id = new.place_id
                """);
        if (updated != positions.size()) {
            throw new IllegalStateException(updated + " of " + positions.size() + " positions were there to update");
        }
        ledger.append(connection, """
                insert into stock_ledger (batch_id, item_id, place_id, version, move, on_hand_delta,
                                          reserved_delta, found, on_hand, reserved, shortage, backorder_cap,
                                          safety_stock, cause_id, happened_at)
                select batch_id, item_id, place_id, version, move::stock_move,
                       on_hand_delta, reserved_delta, found, on_hand, reserved, shortage, backorder_cap, safety_stock,
                       cause_id, timestamptz 'epoch' + happened_at * interval '1 microsecond'
                from unnest(?::int8[], ?::int4[], ?::int4[], ?::int4[], ?::text[], ?::int4[], ?::int4[], ?::int4[],
                            ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int4[], ?::int8[], ?::int8[])
                     as new (batch_id, item_id, place_id, version, move, on_hand_delta, reserved_delta, found, on_hand,
                             reserved, shortage, backorder_cap, safety_stock, cause_id, happened_at)
                """, """
                copy stock_ledger (batch_id, item_id, place_id, version, move, on_hand_delta, reserved_delta, found, on_hand,
                                   reserved, shortage, backorder_cap, safety_stock, cause_id, happened_at)
                from stdin (format binary)
                """);
    }
}
