package dev.tutti.server.config;

import dev.tutti.server.http.Call;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What all files say, as one document, and where in the files each part of it stands. */
final class Gathered {
    private static final int MOST_BYTES = Call.MOST_BYTES_OF_A_LARGE_DOCUMENT;
    /** For who, why and what else goes with the document. */
    private static final int ROOM = 64 << 10;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final Pattern ELEMENT = Pattern.compile(
            "(flows|destinations|subscriptions|nodes|channels|ringFences|carrierServices|items)\\[(\\d+)](.*)");
    private static final Pattern LINE = Pattern.compile("^line \\d+, (?=column)");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Where a flow, a node, a channel or an item stands: the index is that in the file. */
    private record Place(Path file, int index, int line) {}

    /** All of one kind, as the elements of an array in JSON. */
    private static final class Section {
        final ByteArrayOutputStream elements = new ByteArrayOutputStream();
        final List<Place> places = new ArrayList<>();
        final Map<String, Place> byCode = new HashMap<>();
    }

    private final Map<Kind, Section> sections = new EnumMap<>(Kind.class);
    private final List<Fault> faults = new ArrayList<>();
    private int files;
    private boolean tooLarge;

    private Gathered() {
        for (Kind kind : Kind.values()) {
            sections.put(kind, new Section());
        }
    }

    static Gathered from(Path directory) throws IOException {
        Gathered gathered = new Gathered();
        for (Path file : Directory.files(directory, gathered.faults)) {
            gathered.files++;
            gathered.read(file);
        }
        return gathered;
    }

    int files() {
        return files;
    }

    List<Fault> faults() {
        return faults;
    }

    /** Whether there is more than a server takes. */
    boolean tooLarge() {
        return tooLarge;
    }

    private void read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            fault(file, 0, "", "it has " + (size >> 20) + " MB; at most " + (MOST_BYTES >> 20) + " are read");
            return;
        }
        byte[] bytes = content(file);
        int broken = brokenLine(bytes);
        if (broken > 0) {
            fault(file, broken, "", "this is not UTF-8");
            return;
        }
        if (saysNothing(bytes)) {
            fault(
                    file,
                    0,
                    "",
                    "there is nothing in it; it should have flows:, destinations:, subscriptions:, nodes:, channels:, ringFences:, carrierServices: or items:");
            return;
        }
        try (JsonReader in = JsonReader.yaml(bytes)) {
            try {
                read(file, in);
            } catch (BadJson e) {
                fault(file, in.line(), e.path(), LINE.matcher(e.detail()).replaceFirst(""));
            }
        } catch (BadJson e) {
            fault(file, 0, "", e.detail());
        }
    }

    /** Without the mark that some editors put at its beginning. */
    private static byte[] content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Arrays.equals(Arrays.copyOf(bytes, 3), BYTE_ORDER_MARK)
                ? Arrays.copyOfRange(bytes, 3, bytes.length)
                : bytes;
    }

    private static boolean saysNothing(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .allMatch(line -> line.isBlank() || line.strip().startsWith("#"));
    }

    /** The first line that is not UTF-8, or 0. */
    private static int brokenLine(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(1 << 16);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (!result.isError()) {
            return 0;
        }
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private void read(Path file, JsonReader in) {
        in.begin();
        in.object();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            Kind kind = kind(name);
            if (kind == null) {
                fault(
                        file,
                        in.line(),
                        name,
                        in.unknownField().detail()
                                + "; there are flows, destinations, subscriptions, nodes, channels, ringFences, carrierServices and items");
                in.tree();
            } else if (!in.isNull()) {
                List<Integer> read = new ArrayList<>();
                in.list(Integer.MAX_VALUE, element -> {
                    Place place = new Place(file, read.size(), in.line());
                    add(kind, place, in.tree());
                    return read.add(place.index());
                });
            }
        }
        in.end();
    }

    private static @Nullable Kind kind(String key) {
        for (Kind kind : Kind.values()) {
            if (kind.key().equals(key)) {
                return kind;
            }
        }
        return null;
    }

    private void add(Kind kind, Place place, JsonNode element) {
        Section section = section(kind);
        JsonNode code = element.get(kind.codeField());
        if (code != null && code.isString()) {
            Place before = section.byCode.putIfAbsent(code.asString(), place);
            if (before != null) {
                fault(
                        place.file(),
                        place.line(),
                        kind.key() + "[" + place.index() + "]." + kind.codeField(),
                        kind.one() + " " + code.asString() + " is also in " + before.file() + ":" + before.line());
                return;
            }
        }
        byte[] bytes = MAPPER.writeValueAsBytes(element);
        if (size() + bytes.length > MOST_BYTES - ROOM) {
            tooLarge = true;
            return;
        }
        if (!section.places.isEmpty()) {
            section.elements.write(',');
        }
        section.elements.writeBytes(bytes);
        section.places.add(place);
    }

    private long size() {
        long size = 0;
        for (Section section : sections.values()) {
            size += section.elements.size() + section.places.size();
        }
        return size;
    }

    private Section section(Kind kind) {
        Section section = sections.get(kind);
        if (section == null) {
            throw new IllegalStateException(kind.key());
        }
        return section;
    }

    private void fault(Path file, int line, String path, String reason) {
        faults.add(new Fault(file.toString(), line, path, reason));
    }

    /** The document, with who wants it and why. */
    byte[] document(Options options) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        byte[] head = Json.bytes(json -> {
            json.writeStartObject();
            if (options.ifVersion() > 0) {
                json.writeNumberProperty("ifVersion", options.ifVersion());
            }
            json.writeStringProperty("author", options.author());
            if (options.reason() != null) {
                json.writeStringProperty("reason", options.reason());
            }
            json.writeEndObject();
        });
        document.write(head, 0, head.length - 1);
        sections.forEach((kind, section) -> {
            document.writeBytes((",\"" + kind.key() + "\":[").getBytes(StandardCharsets.UTF_8));
            document.writeBytes(section.elements.toByteArray());
            document.write(']');
        });
        document.write('}');
        return document.toByteArray();
    }

    /** A problem of the document, told by its path. */
    private record Told(Place place, String path, String reason) {
        /** The place itself, and all it stands in. */
        TreeSet<String> paths() {
            TreeSet<String> paths = new TreeSet<>();
            String at = path;
            while (!at.isEmpty()) {
                paths.add(at);
                at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
            }
            return paths;
        }
    }

    /**
     * Where in the files the problems are that the server found in the document. Lines are not kept for every field: the
     * files that have problems are read once more.
     *
     * @param problems each with its path and its detail
     */
    List<Fault> located(JsonNode problems) throws IOException {
        List<Fault> located = new ArrayList<>();
        SortedMap<Path, List<Told>> byFile = new TreeMap<>();
        for (JsonNode problem : problems) {
            String path = problem.path("path").asString();
            String detail = problem.path("detail").asString();
            Matcher element = ELEMENT.matcher(path);
            Kind kind = element.matches() ? kind(element.group(1)) : null;
            if (kind == null) {
                located.add(new Fault("", 0, path, detail));
                continue;
            }
            Place place = section(kind).places.get(Integer.parseInt(element.group(2)));
            byFile.computeIfAbsent(place.file(), f -> new ArrayList<>())
                    .add(new Told(place, kind.key() + "[" + place.index() + "]" + element.group(3), detail));
        }
        for (Map.Entry<Path, List<Told>> entry : byFile.entrySet()) {
            TreeSet<String> wanted = new TreeSet<>();
            entry.getValue().forEach(told -> wanted.addAll(told.paths()));
            SortedMap<String, Integer> lines;
            try (JsonReader in = JsonReader.yaml(content(entry.getKey()))) {
                lines = in.linesOf(wanted);
            }
            for (Told told : entry.getValue()) {
                // The longest path of all that are there is the innermost.
                String innermost = told.paths().descendingSet().stream()
                        .filter(lines::containsKey)
                        .findFirst()
                        .orElse("");
                int line = lines.getOrDefault(innermost, told.place().line());
                located.add(new Fault(entry.getKey().toString(), line, told.path(), told.reason()));
            }
        }
        return located;
    }
}
