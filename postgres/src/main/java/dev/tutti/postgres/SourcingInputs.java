package dev.tutti.postgres;

import dev.tutti.fulfilment.Method;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.NodeId;
import dev.tutti.sourcing.SourcingRecord;
import dev.tutti.sourcing.SourcingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a sourcing run in few bytes: whole numbers of seven bits a byte, the last without the high bit.
 *
 * <p>The first byte is the form's version, so that old records can always be read.
 */
public final class SourcingInputs {
    private static final int FORM = 3;

    private SourcingInputs() {}

    public static byte[] write(SourcingRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            SourcingRequest request = record.request();
            out.writeLong(request.now().getEpochSecond());
            number(out, request.now().getNano());
            number(out, request.groups().size());
            for (SourcingRequest.Group group : request.groups()) {
                number(out, group.number());
                number(out, group.method().ordinal());
                point(out, group.destination());
                number(out, group.pickUpNode() == null ? 0 : group.pickUpNode().value());
                number(out, group.service());
                if (group.service() != 0) {
                    out.writeUTF(group.country());
                    out.writeUTF(group.postcode());
                }
                moment(out, group.collectFrom());
            }
            number(out, request.demands().size());
            for (SourcingRequest.Demand demand : request.demands()) {
                number(out, demand.line());
                number(out, demand.item());
                number(out, demand.quantity());
                number(out, demand.group());
                number(out, demand.splittable() ? 1 : 0);
                number(out, demand.blocked().size());
                for (NodeId node : demand.blocked()) {
                    number(out, node.value());
                }
            }
            number(out, record.supply().length);
            for (int units : record.supply()) {
                number(out, units);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static SourcingRecord read(byte[] inputs, long networkVersion) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(inputs))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IllegalArgumentException("a sourcing record of form " + form + " is not known here");
            }
            Instant now = Instant.ofEpochSecond(in.readLong(), number(in));
            List<SourcingRequest.Group> groups = new ArrayList<>();
            for (int n = number(in); n > 0; n--) {
                int number = number(in);
                Method method = Method.values()[number(in)];
                GeoPoint destination = point(in);
                int pickUpNode = number(in);
                int service = number(in);
                groups.add(new SourcingRequest.Group(
                        number,
                        method,
                        destination,
                        pickUpNode == 0 ? null : new NodeId(pickUpNode),
                        service,
                        service == 0 ? "" : in.readUTF(),
                        service == 0 ? "" : in.readUTF(),
                        moment(in)));
            }
            List<SourcingRequest.Demand> demands = new ArrayList<>();
            for (int n = number(in); n > 0; n--) {
                int line = number(in);
                int item = number(in);
                int quantity = number(in);
                int group = number(in);
                boolean splittable = number(in) == 1;
                List<NodeId> blocked = new ArrayList<>();
                for (int b = number(in); b > 0; b--) {
                    blocked.add(new NodeId(number(in)));
                }
                demands.add(new SourcingRequest.Demand(line, item, quantity, group, splittable, blocked));
            }
            int[] supply = new int[number(in)];
            for (int i = 0; i < supply.length; i++) {
                supply[i] = number(in);
            }
            return new SourcingRecord(new SourcingRequest(now, groups, demands), networkVersion, supply);
        } catch (IOException e) {
            throw new UncheckedIOException("a sourcing record is cut off", e);
        }
    }

    private static void point(DataOutputStream out, @Nullable GeoPoint point) throws IOException {
        out.writeBoolean(point != null);
        if (point != null) {
            out.writeDouble(point.latitude());
            out.writeDouble(point.longitude());
        }
    }

    private static @Nullable GeoPoint point(DataInputStream in) throws IOException {
        return in.readBoolean() ? new GeoPoint(in.readDouble(), in.readDouble()) : null;
    }

    /** Of a slot, which begins with a minute. */
    private static void moment(DataOutputStream out, @Nullable Instant moment) throws IOException {
        out.writeBoolean(moment != null);
        if (moment != null) {
            out.writeLong(moment.getEpochSecond());
        }
    }

    private static @Nullable Instant moment(DataInputStream in) throws IOException {
        return in.readBoolean() ? Instant.ofEpochSecond(in.readLong()) : null;
    }

    private static void number(DataOutputStream out, int value) throws IOException {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    private static int number(DataInputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = in.readByte();
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("a number is longer than five bytes");
    }
}
