package dev.tutti.server.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The directory the demo calls its own, told by a marker: a database that somebody cares for must not be filled with
 * orders of people who do not exist.
 */
final class DemoDirectory {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String OWNER_ONLY = "rw-------";

    private final Path directory;

    /**
     * @param runs how often the demo was started here; the numbers of orders carry it, so that none comes twice
     * @param furnished whether items, nodes, channels and the first stock are there
     */
    record Marker(int runs, boolean furnished) {}

    private DemoDirectory(Path directory) {
        this.directory = directory;
    }

    /** Makes an empty directory the demo's own; refuses one that belongs to something else. */
    static DemoDirectory claim(Path path) {
        DemoDirectory demo = new DemoDirectory(path.toAbsolutePath().normalize());
        try {
            demo.claim();
        } catch (IOException e) {
            throw new DemoOptions.Wrong(demo.directory + " cannot be used: " + e);
        }
        return demo;
    }

    private void claim() throws IOException {
        if (Files.isRegularFile(markerFile())) {
            return;
        }
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            if (isPosix()) {
                // The database may run as another user, who must get there.
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } else if (!isEmpty()) {
            throw new DemoOptions.Wrong(directory + " is neither empty nor an earlier demo's (there is no "
                    + markerFile().getFileName() + " in it). Choose another with --data DIR.");
        }
        write(new Marker(0, false));
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    Marker marker() {
        return MAPPER.readValue(markerFile().toFile(), Marker.class);
    }

    void write(Marker marker) {
        write(markerFile(), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(marker) + "\n", "rw-r--r--");
    }

    Path adminKeyFile() {
        return directory.resolve("admin.key");
    }

    /** @param first the key the server has just made, or null if it made it in an earlier run */
    String adminKey(@Nullable String first) {
        if (first != null) {
            write(adminKeyFile(), first + "\n", OWNER_ONLY);
            return first;
        }
        try {
            return Files.readString(adminKeyFile()).strip();
        } catch (IOException e) {
            throw new DemoOptions.Wrong("the administrator's key of this demo cannot be read from " + adminKeyFile()
                    + "; without it the demo cannot go on. Start afresh in an empty directory.");
        }
    }

    /** The keys of earlier runs, by whom they are for. */
    Map<String, String> keys() {
        return Files.exists(keysFile())
                ? MAPPER.readValue(keysFile().toFile(), new TypeReference<TreeMap<String, String>>() {})
                : new TreeMap<>();
    }

    void writeKeys(Map<String, String> keys) {
        write(keysFile(), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(keys) + "\n", OWNER_ONLY);
    }

    private Path markerFile() {
        return directory.resolve("demo.json");
    }

    private Path keysFile() {
        return directory.resolve("demo-keys.json");
    }

    private boolean isPosix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Whole or not at all, and never for a moment readable for others than it should be. */
    private void write(Path file, String text, String permissions) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.deleteIfExists(next);
            if (isPosix()) {
                Files.createFile(
                        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
            }
            Files.write(next, text.getBytes(StandardCharsets.UTF_8));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
