package dev.tutti.inbound;

import dev.tutti.decision.Aggregate;
import dev.tutti.network.NodeId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is expected at nodes.
 *
 * @param reference what the sender calls it; one shipment each
 * @param from the node that a transfer has left; null for all others
 * @param announcedAt when it was first heard of
 * @param lines by number ascending
 */
public record InboundShipment(
        ShipmentId id,
        int version,
        String reference,
        Kind kind,
        @Nullable NodeId from,
        Instant announcedAt,
        List<Line> lines)
        implements Aggregate {
    /** What kind of paper says that it comes. */
    public enum Kind {
        PURCHASE_ORDER,
        SHIP_NOTICE,
        /** From one of our nodes to another; it has left when it is announced. */
        TRANSFER
    }

    /**
     * Units of one item that one node expects on one day.
     *
     * @param number given by the sender
     * @param due the day, in the node's zone, on which they come
     * @param quantity all that come in the end, with those that have come
     * @param received those that have come; may be more than were expected
     * @param confidence percent of what is still expected that is counted on, 0 to 100
     * @param isEnded whether nothing more of it comes, whatever is missing
     */
    public record Line(
            int number,
            int item,
            NodeId node,
            LocalDate due,
            int quantity,
            int received,
            int confidence,
            boolean isEnded) {
        /** One of which nothing has come. */
        public Line(int number, int item, NodeId node, LocalDate due, int quantity, int confidence) {
            this(number, item, node, due, quantity, 0, confidence, false);
        }

        /** Units that are still to come. */
        public int outstanding() {
            return isEnded ? 0 : Math.max(0, quantity - received);
        }

        /** Units that may be promised. */
        public int countedOn() {
            return (int) ((long) outstanding() * confidence / 100);
        }

        Line withReceived(int units) {
            return new Line(number, item, node, due, quantity, received + units, confidence, isEnded);
        }

        /** As it is announced now; one that was announced like this before and has ended stays so. */
        Line after(Line before) {
            boolean same = item == before.item
                    && node.equals(before.node)
                    && due.equals(before.due)
                    && quantity == before.quantity
                    && confidence == before.confidence;
            return new Line(number, item, node, due, quantity, before.received, confidence, same && before.isEnded);
        }

        /** No more of it comes. */
        Line ended() {
            return new Line(number, item, node, due, quantity, received, confidence, true);
        }
    }

    public InboundShipment {
        lines = List.copyOf(lines);
    }

    /** Whether anything of it is still to come. */
    public boolean isOpen() {
        return lines.stream().anyMatch(line -> line.outstanding() > 0);
    }

    @Nullable
    Line line(int number) {
        for (Line line : lines) {
            if (line.number() == number) {
                return line;
            }
        }
        return null;
    }

    InboundShipment with(List<Line> changed) {
        return new InboundShipment(id, version + 1, reference, kind, from, announcedAt, changed);
    }
}
