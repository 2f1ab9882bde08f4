package dev.tutti.inbound;

import dev.tutti.inbound.InboundShipment.Kind;
import dev.tutti.inbound.InboundShipment.Line;
import dev.tutti.network.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said of a shipment. */
public sealed interface InboundCommand {
    /**
     * It comes, like this. Said again it replaces what was said before: lines that are not named any more do not come.
     *
     * @param lines nothing of them received yet; their numbers differ
     */
    record Announce(
            ShipmentId id,
            String reference,
            Kind kind,
            @Nullable NodeId from,
            List<Line> lines) implements InboundCommand {
        public Announce {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Some of it has come.
     *
     * @param last whether nothing more comes of any line
     */
    record Receive(List<Arrival> arrivals, boolean last) implements InboundCommand {
        public Receive {
            arrivals = List.copyOf(arrivals);
        }
    }

    /**
     * @param line its number
     * @param node where they came, if not where they were expected
     * @param pool what they are there: stock, in quality control, damaged
     */
    record Arrival(int line, @Nullable NodeId node, int quantity, int pool) {}

    /** Nothing more of it comes. */
    record Cancel() implements InboundCommand {}
}
