package dev.tutti.decision;

import java.util.Locale;

/** How constants are written for people and on the wire: {@code IN_PROGRESS} as {@code in-progress}. */
public final class Spelling {
    private Spelling() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
