package dev.tutti.server.config;

/** What files can configure. */
enum Kind {
    FLOWS("flows", "flow", "code"),
    DESTINATIONS("destinations", "destination", "code"),
    SUBSCRIPTIONS("subscriptions", "subscription", "code"),
    NODES("nodes", "node", "code"),
    CHANNELS("channels", "channel", "code"),
    RING_FENCES("ringFences", "ring-fence", "code"),
    CARRIER_SERVICES("carrierServices", "carrier service", "code"),
    ITEMS("items", "item", "sku");

    private final String key;
    private final String one;
    private final String codeField;

    Kind(String key, String one, String codeField) {
        this.key = key;
        this.one = one;
        this.codeField = codeField;
    }

    /** Its key in a file and in the document. */
    String key() {
        return key;
    }

    String one() {
        return one;
    }

    String codeField() {
        return codeField;
    }
}
