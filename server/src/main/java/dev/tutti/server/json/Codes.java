package dev.tutti.server.json;

import java.util.regex.Pattern;

/** Codes of flows, nodes and channels: short names that are safe in addresses, lists and file names. */
public final class Codes {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Codes() {}

    public static String read(JsonReader in) {
        String code = in.nonEmptyText(64);
        if (!CODE.matcher(code).matches()) {
            throw in.invalid(
                    "a code has letters, digits, dots, hyphens and underscores, and begins with one of the first");
        }
        return code;
    }
}
