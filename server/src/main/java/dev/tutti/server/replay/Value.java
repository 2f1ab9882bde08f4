package dev.tutti.server.replay;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something in a row is found.
 *
 * @param columns whose texts are joined by a slash; none if it is the same for all rows
 * @param constant what it is for all rows
 * @param extract whose first group is taken, if there is one; what does not match is empty
 * @param values by which texts are replaced
 * @param otherwise what a text becomes that is not among {@code values}; null leaves it as it is
 * @param prefix put before what is not empty
 */
record Value(
        List<String> columns,
        @Nullable String constant,
        @Nullable Pattern extract,
        Map<String, String> values,
        @Nullable String otherwise,
        String prefix) {
    static Value column(String name) {
        return new Value(List.of(name), null, null, Map.of(), null, "");
    }

    /** Null if it is empty. */
    @Nullable
    String of(CsvFile.Row row) {
        String text = constant != null ? constant : joined(row);
        if (extract != null && text != null) {
            Matcher matcher = extract.matcher(text);
            text = matcher.matches() ? matcher.group(matcher.groupCount() > 0 ? 1 : 0) : null;
        }
        if (text == null || text.isBlank()) {
            return null;
        }
        String found = values.get(text);
        if (found == null) {
            found = otherwise == null ? text : otherwise;
        }
        return found.isEmpty() ? null : prefix + found;
    }

    private @Nullable String joined(CsvFile.Row row) {
        if (columns.size() == 1) {
            return row.text(columns.getFirst());
        }
        StringBuilder all = new StringBuilder();
        for (String column : columns) {
            String part = row.text(column);
            if (part.isBlank()) {
                return null;
            }
            all.append(all.isEmpty() ? "" : "/").append(part);
        }
        return all.toString();
    }
}
