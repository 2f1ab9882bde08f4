package dev.tutti.flow;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All flows of one configuration, by name and version: an order in flight keeps the version it began with. */
public final class Flows {
    private final TreeMap<String, TreeMap<Integer, Flow>> flows = new TreeMap<>();
    private final Missing missing;

    /** Looks elsewhere for a version that was made after these were gathered. A version never changes. */
    @FunctionalInterface
    public interface Missing {
        @Nullable
        Flow find(String name, int version);
    }

    public Flows(List<Flow> flows) {
        this(flows, (name, version) -> null);
    }

    /** @param missing is asked for versions that are not among the flows */
    public Flows(List<Flow> flows, Missing missing) {
        this.missing = missing;
        for (Flow flow : flows) {
            this.flows.computeIfAbsent(flow.name(), n -> new TreeMap<>()).put(flow.version(), flow);
        }
    }

    /** The newest version of a flow, or null. */
    public @Nullable Flow newest(String name) {
        TreeMap<Integer, Flow> versions = flows.get(name);
        return versions == null ? null : versions.lastEntry().getValue();
    }

    /** The newest version of each, by name. */
    public List<Flow> newest() {
        return flows.values().stream()
                .map(versions -> versions.lastEntry().getValue())
                .toList();
    }

    /** All versions of a flow, the oldest first. */
    public List<Flow> versions(String name) {
        TreeMap<Integer, Flow> versions = flows.get(name);
        return versions == null ? List.of() : List.copyOf(versions.values());
    }

    public @Nullable Flow find(String name, int version) {
        TreeMap<Integer, Flow> versions = flows.get(name);
        Flow known = versions == null ? null : versions.get(version);
        return known == null ? missing.find(name, version) : known;
    }

    public Flow of(String name, int version) {
        Flow flow = find(name, version);
        if (flow == null) {
            throw new IllegalArgumentException("no flow " + name + " version " + version);
        }
        return flow;
    }
}
