package dev.tutti.postgres;

import dev.tutti.order.Holds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of an order's holds, as the column {@code holds} of its row has them. */
public final class HoldTypes {
    private HoldTypes() {}

    /** With a comma before and after each, so that one is found by itself; null if nothing holds the order. */
    public static @Nullable String text(Holds holds) {
        List<String> types = holds.types();
        return types.isEmpty() ? null : "," + String.join(",", types) + ",";
    }

    static List<String> read(@Nullable String text) {
        return text == null ? List.of() : List.of(text.substring(1).split(","));
    }
}
