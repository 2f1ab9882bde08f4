package dev.tutti.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How far nodes are from one place, each worked out once. Belongs to one thread. */
public final class Distances {
    private static final long NOT_LOOKED = -1;

    private final Network network;
    private @Nullable GeoPoint place;
    private GeoPoint.@Nullable Vector to;
    private final long[] miles;

    /** @param place null if it is not known where it is; then no distance is */
    public Distances(Network network, @Nullable GeoPoint place) {
        this.network = network;
        this.miles = new long[network.size()];
        move(place);
    }

    /** From now on it is about another place. */
    public void move(@Nullable GeoPoint elsewhere) {
        place = elsewhere;
        to = elsewhere == null ? null : elsewhere.toVector();
        Arrays.fill(miles, NOT_LOOKED);
    }

    /** The place it is about. */
    public @Nullable GeoPoint place() {
        return place;
    }

    /** Whole miles, or {@link Node#UNKNOWN}. */
    public long of(Node node) {
        int number = node.id().value();
        long known = miles[number];
        if (known == NOT_LOOKED) {
            GeoPoint.Vector from = network.vector(number);
            known = from == null || to == null ? Node.UNKNOWN : StrictMath.round(from.milesTo(to));
            miles[number] = known;
        }
        return known;
    }
}
