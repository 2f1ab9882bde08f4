package dev.tutti.server.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The table of rights: which role may do which operation. What it does not say is denied. */
public final class Operations {
    private final TreeMap<String, Set<Role>> allowed = new TreeMap<>();

    private Operations() {}

    /** The table as it is checked in. */
    public static Operations load() {
        try (InputStream file = Operations.class.getResourceAsStream("operations.txt")) {
            if (file == null) {
                throw new IllegalStateException("operations.txt is missing");
            }
            return parse(new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Operations parse(List<String> lines) {
        Operations operations = new Operations();
        List<Role> columns = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.strip().split("\\s+");
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (columns.isEmpty()) {
                for (int i = 1; i < cells.length; i++) {
                    columns.add(Role.valueOf(cells[i].toUpperCase(java.util.Locale.ROOT)));
                }
            } else {
                operations.add(cells, columns);
            }
        }
        return operations;
    }

    private void add(String[] cells, List<Role> columns) {
        if (cells.length != columns.size() + 1) {
            throw new IllegalArgumentException("the line of " + cells[0] + " needs a cell for each role");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (int i = 0; i < columns.size(); i++) {
            switch (cells[i + 1]) {
                case "yes" -> roles.add(columns.get(i));
                case "no" -> {}
                default -> throw new IllegalArgumentException(cells[0] + ": a cell is yes or no, not " + cells[i + 1]);
            }
        }
        if (allowed.put(cells[0], roles) != null) {
            throw new IllegalArgumentException(cells[0] + " is there twice");
        }
    }

    public boolean contains(String operation) {
        return allowed.containsKey(operation);
    }

    public boolean allows(Role role, String operation) {
        return allowed.getOrDefault(operation, Set.of()).contains(role);
    }

    public Set<String> names() {
        return allowed.keySet();
    }
}
