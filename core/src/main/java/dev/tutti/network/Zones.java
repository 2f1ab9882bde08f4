package dev.tutti.network;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a carrier thinks it is, as a number: by rules where there are any, else by distance.
 *
 * @param rules the one with the longest beginning of a postcode holds; of several the first
 * @param byMiles the zone up to so many miles, inclusive; the last holds for all that is farther
 */
public record Zones(List<Rule> rules, SortedMap<Integer, Integer> byMiles) {
    /** Zones 2 to 8 of the United States' postal service, by distance. */
    public static final Zones POSTAL = new Zones(List.of(), postal());

    private static SortedMap<Integer, Integer> postal() {
        TreeMap<Integer, Integer> zones = new TreeMap<>();
        for (int miles : List.of(150, 300, 600, 1_000, 1_400, 1_800, Integer.MAX_VALUE)) {
            zones.put(miles, zones.size() + 2);
        }
        return zones;
    }

    /**
     * From some nodes to some places.
     *
     * @param nodes their codes; empty for all
     * @param country of the place
     * @param postcodes how its postcode begins; empty for all
     */
    public record Rule(SortedSet<String> nodes, String country, String postcodes, int zone) {
        public Rule {
            nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
        }

        private boolean isFor(Node node, String toCountry, String toPostcode) {
            return country.equals(toCountry)
                    && toPostcode.startsWith(postcodes)
                    && (nodes.isEmpty() || nodes.contains(node.code()));
        }
    }

    public Zones {
        rules = List.copyOf(rules);
        byMiles = Collections.unmodifiableSortedMap(new TreeMap<>(byMiles));
        if (byMiles.isEmpty()) {
            throw new IllegalArgumentException("there is a zone for what is farthest");
        }
    }

    /** @param miles how far it is; {@link Node#UNKNOWN} if either end is not known, and then it may be as far as can be */
    public int of(Node node, String country, String postcode, long miles) {
        Rule best = null;
        for (Rule rule : rules) {
            if (rule.isFor(node, country, postcode)
                    && (best == null
                            || rule.postcodes().length() > best.postcodes().length())) {
                best = rule;
            }
        }
        if (best != null) {
            return best.zone();
        }
        int farthest = 0;
        for (var zone : byMiles.entrySet()) {
            farthest = zone.getValue();
            if (miles != Node.UNKNOWN && miles <= zone.getKey()) {
                break;
            }
        }
        return farthest;
    }
}
