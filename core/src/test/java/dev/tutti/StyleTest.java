package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must not be called in the core, and what to write instead. */
class StyleTest {
    private record Ban(Pattern pattern, String instead) {
        static Ban of(String pattern, String instead) {
            return new Ban(Pattern.compile(pattern), instead);
        }
    }

    private static final List<Ban> BANNED = List.of(
            Ban.of(
                    "\\b[A-Z]\\w*\\.now\\(|Clock\\b|currentTimeMillis|nanoTime",
                    "take an Instant; facts carry the time"),
            Ban.of("Math\\.random|new Random\\(|SplittableRandom|SecureRandom|randomUUID", "take the number or the id"),
            Ban.of("\\bThread\\b|Executor|CompletableFuture|parallelStream|\\.parallel\\(\\)", "let the server run it"),
            Ban.of(
                    "java\\.io\\.|java\\.nio\\.|java\\.net\\.|java\\.sql|System\\.(out|err|getenv|getProperty)",
                    "return a value; whoever calls does the input and output"),
            Ban.of(
                    "\\bSet\\.of\\(|\\bMap\\.of\\((?!\\))|Map\\.ofEntries|\\bSet\\.copyOf|\\bMap\\.copyOf",
                    "a List, a TreeMap or a TreeSet: their order does not differ from run to run"),
            Ban.of("Optional<", "@Nullable for what may be missing, a refusal for what is refused"),
            Ban.of("\\bfloat\\b", "whole numbers; double is for geography alone"),
            Ban.of("catch \\((Exception|Throwable)", "name what can go wrong"),
            Ban.of("@Deprecated|TODO|FIXME", "do it, or delete it"));

    /** Where a ban has its reason to be broken. */
    private static final List<String> ALLOWED = List.of("network/GeoPoint.java: double", "network/Miles.java: double");

    @Test
    void coreCallsNothingThatIsBanned() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String code = withoutComment(lines.get(i));
                for (Ban ban : BANNED) {
                    if (ban.pattern().matcher(code).find()) {
                        found.add(file + ":" + (i + 1) + ": " + code.trim() + "  — instead: " + ban.instead());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void onlyGeographyUsesDouble() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            for (String line : Files.readAllLines(file)) {
                String name = file.getParent().getFileName() + "/" + file.getFileName();
                if (withoutComment(line).matches(".*\\bdouble\\b.*") && !ALLOWED.contains(name + ": double")) {
                    found.add(name + ": " + line.trim());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItDecides() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path file : sources()) {
            Path info = file.resolveSibling("package-info.java");
            if (!file.endsWith("module-info.java")
                    && (!Files.exists(info) || !Files.readString(info).contains("@NullMarked"))) {
                silent.add(file.getParent());
            }
        }
        assertThat(silent).isEmpty();
    }

    private static String withoutComment(String line) {
        String code = line.strip();
        if (code.startsWith("*") || code.startsWith("/*") || code.startsWith("//")) {
            return "";
        }
        int comment = code.indexOf("// ");
        return comment < 0 ? code : code.substring(0, comment);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
    }
}
