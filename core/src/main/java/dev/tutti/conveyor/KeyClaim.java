package dev.tutti.conveyor;

/**
 * Wants to be the first with a key.
 *
 * @param fingerprint of the content that came with the key: the same content may come again, another is refused
 * @param owner the aggregate the key will stand for
 */
public record KeyClaim(Key key, long fingerprint, long owner) {}
