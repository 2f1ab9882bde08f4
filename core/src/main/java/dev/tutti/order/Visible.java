package dev.tutti.order;

import java.text.Normalizer;

/** What people see of a text: neither blanks of whichever kind nor characters that show nothing. */
public final class Visible {
    private Visible() {}

    /** Whether nothing of it can be seen. */
    public static boolean isNothing(String text) {
        return text.codePoints().noneMatch(Visible::isSeen);
    }

    /** With letters that look alike in one form, and without what shows nothing at all; blanks stay. */
    public static String of(String text) {
        StringBuilder seen = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .codePoints()
                .filter(c -> isSeen(c) || Character.isSpaceChar(c))
                .forEach(seen::appendCodePoint);
        return seen.toString().strip();
    }

    private static boolean isSeen(int c) {
        boolean filler = c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800;
        return !filler
                && switch (Character.getType(c)) {
                    case Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.CONTROL,
                            Character.FORMAT,
                            Character.UNASSIGNED -> false;
                    default -> true;
                };
    }
}
