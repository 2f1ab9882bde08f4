package dev.tutti.server.effects;

import dev.tutti.postgres.EffectQueue.Due;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a service says later what it did. The address says which effect is meant, and nobody can guess it: so it is all
 * that the service needs, and it is of no use for anything else.
 *
 * @param key 122 random bits
 */
public record AnswerAddress(long order, int number, UUID key) {
    public static final String PATH = "/v1/answers/";
    private static final Pattern TEXT =
            Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,8})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    static String of(Due effect) {
        return PATH + effect.order() + "-" + effect.number() + "-" + effect.answerKey();
    }

    /** What stands behind {@link #PATH}; null if it is nothing of the kind. */
    public static @Nullable AnswerAddress read(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new AnswerAddress(
                        Long.parseLong(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        UUID.fromString(matcher.group(3)))
                : null;
    }
}
