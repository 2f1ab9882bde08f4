package dev.tutti.server.config;

import java.util.Locale;

/** What files can configure. */
enum Kind {
    FLOWS("code"),
    DESTINATIONS("code"),
    SUBSCRIPTIONS("code"),
    NODES("code"),
    CHANNELS("code"),
    RING_FENCES("code"),
    ITEMS("sku");

    private final String codeField;

    Kind(String codeField) {
        this.codeField = codeField;
    }

    /** Its key in a file and in the document. */
    String key() {
        return this == RING_FENCES ? "ringFences" : name().toLowerCase(Locale.ROOT);
    }

    String one() {
        return this == RING_FENCES ? "ring-fence" : key().substring(0, key().length() - 1);
    }

    String codeField() {
        return codeField;
    }
}
