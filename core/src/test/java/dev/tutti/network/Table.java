package dev.tutti.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A text with tables: {@code # name} begins one, its first line names the columns, {@code |} is between cells, a line that
 * begins with {@code --} is a remark.
 */
final class Table {
    private final Map<String, List<Row>> tables = new HashMap<>();

    /** One line, by the names of the columns. */
    record Row(int line, Map<String, String> cells) {
        String get(String column) {
            return Objects.requireNonNull(cells.get(column), () -> "line " + line + " has no " + column);
        }

        boolean has(String column) {
            return !get(column).isEmpty();
        }
    }

    static Table of(String resource) {
        Table table = new Table();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Table.class.getResourceAsStream(resource), resource), StandardCharsets.UTF_8))) {
            table.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void read(BufferedReader in) throws IOException {
        List<Row> rows = List.of();
        List<String> columns = List.of();
        int number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            if (line.startsWith("# ")) {
                rows = tables.computeIfAbsent(line.substring(2).strip(), name -> new ArrayList<>());
                columns = List.of();
            } else if (!line.isBlank() && !line.startsWith("--")) {
                List<String> cells = cells(line);
                if (columns.isEmpty()) {
                    columns = cells;
                } else {
                    Map<String, String> row = new HashMap<>();
                    for (int i = 0; i < columns.size(); i++) {
                        row.put(columns.get(i), cells.get(i));
                    }
                    rows.add(new Row(number, row));
                }
            }
        }
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split("\\|", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    List<Row> rows(String name) {
        return tables.getOrDefault(name, List.of());
    }
}
