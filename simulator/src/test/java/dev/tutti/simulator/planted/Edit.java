package dev.tutti.simulator.planted;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One place in the core's source, made wrong.
 *
 * @param type the class, such as {@code inventory.Guard}
 * @param text what stands there, once; how it is broken into lines does not matter
 * @param instead what is to stand there
 */
record Edit(String type, String text, String instead) {
    String file() {
        return type.replace('.', '/') + ".java";
    }

    String of(String source) {
        Matcher there = pattern().matcher(source);
        if (!there.find()) {
            throw new AssertionError(type + " no longer says: " + text);
        }
        String edited = source.substring(0, there.start()) + instead + source.substring(there.end());
        if (there.find()) {
            throw new AssertionError(type + " says more than once: " + text);
        }
        return edited;
    }

    private Pattern pattern() {
        return Pattern.compile(text.strip()
                .chars()
                .mapToObj(c -> switch (c) {
                    case ' ' -> "\\s+";
                    case '.' -> "\\s*\\.";
                    case '(' -> "\\(\\s*";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }
}
