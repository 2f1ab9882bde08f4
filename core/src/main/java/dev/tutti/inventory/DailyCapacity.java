package dev.tutti.inventory;

import dev.tutti.network.Node;
import dev.tutti.network.NodeId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What a node can do on one of its days, claimed like stock: a unit each. Asked for only where that has a limit. */
public final class DailyCapacity {
    private DailyCapacity() {}

    /** How many more units the node can do on that day. */
    public static int free(Node node, LocalDate day, Supply supply) {
        Position known = supply.balance(PositionKey.ofDay(node.id(), day));
        // Once anybody has claimed of the day, its own row says what the node can do; until then the network does.
        int limit = known.version() > 0 ? known.backorderCap() : node.dailyCapacity();
        return Math.max(0, limit - known.reserved());
    }

    /** What claims the day for units. The first to claim says what the node can do; later changes are the network's. */
    public static List<StockChange> claims(Node node, LocalDate day, int units, Supply supply) {
        PositionKey key = PositionKey.ofDay(node.id(), day);
        List<StockChange> claims = new ArrayList<>(2);
        if (supply.balance(key).version() == 0) {
            claims.add(new StockChange(key, StockMove.CAP, node.dailyCapacity()));
        }
        claims.add(new StockChange(key, StockMove.RESERVE, units));
        return claims;
    }

    public static StockChange release(NodeId node, LocalDate day, int units) {
        return new StockChange(PositionKey.ofDay(node, day), StockMove.RELEASE, units);
    }
}
