package dev.tutti.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far nodes are from one place, each worked out once. Belongs to one thread, but for those that a network keeps, which
 * are complete.
 */
public final class Distances {
    private static final int NOT_LOOKED = -1;
    private static final int UNKNOWN = -2;

    private final Network network;
    private @Nullable GeoPoint place;
    private GeoPoint.@Nullable Vector to;
    private final int[] miles;
    private final boolean kept;

    /** @param place null if it is not known where it is; then no distance is */
    public Distances(Network network, @Nullable GeoPoint place) {
        this.network = network;
        this.miles = new int[network.size()];
        this.kept = false;
        move(place);
    }

    private Distances(Network network, @Nullable GeoPoint place, int[] miles) {
        this.network = network;
        this.place = place;
        this.miles = miles;
        this.kept = true;
    }

    /** From one of the nodes; the network keeps them, so they cost nothing after the first time. */
    static Distances between(Network network, Node from) {
        Distances distances = new Distances(network, from.location());
        for (int number = 0; number < distances.miles.length; number++) {
            distances.of(number);
        }
        return new Distances(network, from.location(), distances.miles);
    }

    /** From now on it is about another place. */
    public void move(@Nullable GeoPoint elsewhere) {
        if (kept) {
            throw new IllegalStateException("others look at it too");
        }
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
        return of(node.id().value());
    }

    /** As of the node with a number. */
    public long of(int number) {
        int known = miles[number];
        if (known == NOT_LOOKED) {
            GeoPoint.Vector from = network.vector(number);
            known = from == null || to == null ? UNKNOWN : from.wholeMilesTo(to);
            miles[number] = known;
        }
        return known == UNKNOWN ? Node.UNKNOWN : known;
    }
}
