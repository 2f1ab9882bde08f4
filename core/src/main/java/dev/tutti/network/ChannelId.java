package dev.tutti.network;

/** A channel's number. */
public record ChannelId(int value) {}
