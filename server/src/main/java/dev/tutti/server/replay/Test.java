package dev.tutti.server.replay;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A question about one column of a row. */
record Test(String column, Question question) {
    /** What is asked. */
    sealed interface Question {
        record OneOf(List<String> texts) implements Question {}

        record Matches(Pattern pattern) implements Question {}

        record Empty(boolean empty) implements Question {}

        /** A text that is no number is neither below nor above anything. */
        record Between(
                @Nullable BigDecimal atLeast,
                @Nullable BigDecimal above,
                @Nullable BigDecimal atMost,
                @Nullable BigDecimal below)
                implements Question {}
    }

    boolean holds(CsvFile.Row row) {
        String text = row.text(column);
        return switch (question) {
            case Question.OneOf(List<String> texts) -> texts.contains(text);
            case Question.Matches(Pattern pattern) -> pattern.matcher(text).matches();
            case Question.Empty(boolean empty) -> text.isBlank() == empty;
            case Question.Between between -> isBetween(row.number(text), between);
        };
    }

    private static boolean isBetween(@Nullable BigDecimal number, Question.Between bounds) {
        return number != null
                && (bounds.atLeast() == null || number.compareTo(bounds.atLeast()) >= 0)
                && (bounds.above() == null || number.compareTo(bounds.above()) > 0)
                && (bounds.atMost() == null || number.compareTo(bounds.atMost()) <= 0)
                && (bounds.below() == null || number.compareTo(bounds.below()) < 0);
    }
}
