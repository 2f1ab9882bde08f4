package dev.tutti.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** All channels and nodes as they stand in one version of the configuration. Nothing of it changes; looked up by number or code. */
public final class Network {
    /** The distances between so many nodes take 64 MB. */
    private static final int MOST_WITH_DISTANCES = 4_096;

    private final long version;
    private final @Nullable Node[] nodes;
    private final GeoPoint.@Nullable Vector[] vectors;
    /** Of each node, once somebody has asked. */
    private final AtomicReferenceArray<@Nullable Distances> distances;

    private final @Nullable Channel[] channels;
    // Looked up by key only, never iterated: their order does not matter.
    private final Map<String, Node> nodesByCode = new HashMap<>();
    private final Map<String, Channel> channelsByCode = new HashMap<>();

    private final List<RingFence> ringFences;
    private final List<CarrierService> services;
    private final SortedMap<Integer, ItemTerms> terms;
    private final Map<Integer, List<Integer>> kitsWith = new HashMap<>();

    /** One where nothing is kept for anybody. */
    public Network(long version, Collection<Node> nodes, Collection<Channel> channels) {
        this(version, nodes, channels, List.of());
    }

    /** One without carrier services: parcels leave on every workday. */
    public Network(long version, Collection<Node> nodes, Collection<Channel> channels, List<RingFence> ringFences) {
        this(version, nodes, channels, ringFences, List.of());
    }

    /** One where all items are had in every way. */
    public Network(
            long version,
            Collection<Node> nodes,
            Collection<Channel> channels,
            List<RingFence> ringFences,
            List<CarrierService> services) {
        this(version, nodes, channels, ringFences, services, new TreeMap<>());
    }

    /**
     * @param ringFences by number
     * @param services by number
     * @param terms by the number of the item
     */
    public Network(
            long version,
            Collection<Node> nodes,
            Collection<Channel> channels,
            List<RingFence> ringFences,
            List<CarrierService> services,
            SortedMap<Integer, ItemTerms> terms) {
        this.version = version;
        this.terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
        this.terms.forEach((item, of) -> of.parts()
                .forEach(part -> kitsWith.computeIfAbsent(part.item(), i -> new ArrayList<>())
                        .add(item)));
        this.services = List.copyOf(services);
        this.ringFences = List.copyOf(ringFences);
        this.nodes = new @Nullable
                Node[1 + nodes.stream().mapToInt(n -> n.id().value()).max().orElse(0)];
        this.channels = new @Nullable
                Channel
                [1 + channels.stream().mapToInt(c -> c.id().value()).max().orElse(0)];
        this.vectors = new GeoPoint.@Nullable Vector[this.nodes.length];
        this.distances = new AtomicReferenceArray<>(this.nodes.length);
        for (Node node : nodes) {
            this.nodes[node.id().value()] = node;
            vectors[node.id().value()] =
                    node.location() == null ? null : node.location().toVector();
            nodesByCode.put(node.code(), node);
        }
        for (Channel channel : channels) {
            this.channels[channel.id().value()] = channel;
            channelsByCode.put(channel.code(), channel);
        }
    }

    /** Which version of the configuration this is; decisions record it. */
    public long version() {
        return version;
    }

    /** One more than the greatest number of a node. */
    public int size() {
        return nodes.length;
    }

    /** Where a node stands, if that is known. */
    GeoPoint.@Nullable Vector vector(int node) {
        return vectors[node];
    }

    /** How far the nodes are from one of them; in a very large network that is worked out each time, and not kept. */
    public Distances distancesFrom(NodeId node) {
        Node known = node(node.value());
        if (known == null || nodes.length > MOST_WITH_DISTANCES) {
            return new Distances(this, known == null ? null : known.location());
        }
        Distances kept = distances.get(node.value());
        if (kept == null) {
            kept = Distances.between(this, known);
            distances.set(node.value(), kept);
        }
        return kept;
    }

    public @Nullable Node node(int id) {
        return id >= 0 && id < nodes.length ? nodes[id] : null;
    }

    public @Nullable Node node(String code) {
        return nodesByCode.get(code);
    }

    public @Nullable Channel channel(ChannelId id) {
        return id.value() >= 0 && id.value() < channels.length ? channels[id.value()] : null;
    }

    public @Nullable Channel channel(String code) {
        return channelsByCode.get(code);
    }

    /** All ring-fences, by number. */
    public List<RingFence> ringFences() {
        return ringFences;
    }

    /** All ways in which carriers take parcels, by number. */
    public List<CarrierService> services() {
        return services;
    }

    public @Nullable CarrierService service(int number) {
        for (CarrierService service : services) {
            if (service.number() == number) {
                return service;
            }
        }
        return null;
    }

    public @Nullable CarrierService service(String code) {
        for (CarrierService service : services) {
            if (service.code().equals(code)) {
                return service;
            }
        }
        return null;
    }

    /** What may be done with an item. */
    public ItemTerms terms(int item) {
        return terms.getOrDefault(item, ItemTerms.USUAL);
    }

    /** Those of all items of which something is said, by the number of the item. */
    public SortedMap<Integer, ItemTerms> terms() {
        return terms;
    }

    /** The kits that an item is a part of, by number. */
    public List<Integer> kitsWith(int item) {
        return kitsWith.getOrDefault(item, List.of());
    }

    /** All channels, by number. */
    public List<Channel> channels() {
        List<Channel> all = new ArrayList<>();
        for (Channel channel : channels) {
            if (channel != null) {
                all.add(channel);
            }
        }
        return all;
    }

    /** All nodes, by number. */
    public List<Node> nodes() {
        List<Node> all = new ArrayList<>();
        for (Node node : nodes) {
            if (node != null) {
                all.add(node);
            }
        }
        return all;
    }
}
