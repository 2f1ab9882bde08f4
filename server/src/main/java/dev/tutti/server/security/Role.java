package dev.tutti.server.security;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What kind of caller a key is for. What each may do stands in {@code operations.txt}. */
public enum Role {
    /** Everything, everywhere. */
    ADMIN,
    /** A shop, an app, a marketplace: places orders and follows them. */
    CHANNEL,
    /** The people and devices of a store or a warehouse. */
    NODE,
    /** The system that knows the stock. */
    STOCK,
    /** Customer service. */
    SERVICE,
    /** Looks and changes nothing. */
    VIEWER;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static @Nullable Role ofWire(String text) {
        for (Role role : values()) {
            if (role.wire().equals(text)) {
                return role;
            }
        }
        return null;
    }
}
