package dev.tutti.server.live;

import dev.tutti.network.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;

/** Numbers, times and names as people read them. */
final class Words {
    /** Keeps a number and its unit on one line. */
    static final String TIED = "\u00a0";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private Words() {}

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** With the word for one or for several. */
    static String count(long number, String one, String several) {
        return number(number) + TIED + (number == 1 ? one : several);
    }

    /** For lengths in a drawing. */
    static String length(double length) {
        return String.format(Locale.ROOT, "%.1f", length);
    }

    /** How wide a part of a whole is drawn; what is there can be seen, however little. */
    static String width(long part, long whole) {
        return part <= 0 || whole <= 0 ? "0" : length(Math.clamp(100.0 * part / whole, 1.0, 100.0)) + "%";
    }

    static String time(Instant at) {
        return at.atOffset(ZoneOffset.UTC).format(TIME);
    }

    static String minute(Instant at) {
        return at.atOffset(ZoneOffset.UTC).format(MINUTE);
    }

    /** The time of today, the day of what is older. */
    static String timeOrDay(Instant at, Instant now) {
        return Duration.between(at, now).toHours() < 20
                ? time(at)
                : at.atOffset(ZoneOffset.UTC).format(DAY);
    }

    static String age(Duration age) {
        if (age.toSeconds() < 1) {
            return Math.max(0, age.toMillis()) + TIED + "ms";
        }
        if (age.toMinutes() < 1) {
            return age.toSeconds() + TIED + "s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + TIED + "min";
        }
        if (age.toDays() < 1) {
            return age.toHours() + TIED + "h" + TIED + age.toMinutesPart() + TIED + "min";
        }
        return age.toDays() + TIED + "d" + TIED + age.toHoursPart() + TIED + "h";
    }

    /** @param millionths of a minor unit */
    static String money(long millionths, String currency) {
        int digits = 2;
        try {
            digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException e) {
            // a currency the JDK has not heard of; most have two
        }
        return BigDecimal.valueOf(millionths, 6 + digits)
                        .setScale(digits, RoundingMode.HALF_UP)
                        .toPlainString()
                + TIED
                + currency;
    }

    static String kind(Node node) {
        return switch (node.type()) {
            case STORE -> "Store";
            case DISTRIBUTION_CENTRE -> "Distribution centre";
            case SUPPLIER -> "Supplier";
            case THIRD_PARTY_WAREHOUSE -> "Third-party warehouse";
        };
    }

    /** Where a node says it is, in its attributes; empty if it does not say. */
    static String town(Node node) {
        String city = node.attributes().getOrDefault("city", "");
        String state = node.attributes().getOrDefault("state", "");
        return city.isEmpty() || state.isEmpty() ? city + state : city + ", " + state;
    }
}
