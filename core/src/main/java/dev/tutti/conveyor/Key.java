package dev.tutti.conveyor;

/** Something that may happen once. The natural order is the order in which keys are claimed. */
public record Key(KeyKind kind, String text) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : text.compareTo(other.text);
    }
}
