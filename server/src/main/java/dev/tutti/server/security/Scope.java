package dev.tutti.server.security;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The channels and nodes a caller is confined to, by code. {@link #ALL} among the codes stands for every one; no code
 * at all stands for none.
 */
public record Scope(Set<String> channels, Set<String> nodes) {
    public static final String ALL = "*";
    public static final Scope EVERYTHING = new Scope(Set.of(ALL), Set.of(ALL));
    public static final Scope NOTHING = new Scope(Set.of(), Set.of());

    public Scope {
        channels = java.util.Collections.unmodifiableSet(new TreeSet<>(channels));
        nodes = java.util.Collections.unmodifiableSet(new TreeSet<>(nodes));
    }

    public static Scope of(List<String> channels, List<String> nodes) {
        return new Scope(new TreeSet<>(channels), new TreeSet<>(nodes));
    }

    public boolean hasChannel(String code) {
        return allChannels() || channels.contains(code);
    }

    public boolean hasNode(String code) {
        return allNodes() || nodes.contains(code);
    }

    public boolean allChannels() {
        return channels.contains(ALL);
    }

    public boolean allNodes() {
        return nodes.contains(ALL);
    }
}
