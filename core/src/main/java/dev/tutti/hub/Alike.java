package dev.tutti.hub;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Mark;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Orders that may be one order sent twice: the same customer, the same items in the same quantities, within a time that
 * their channel says. The first of each such time is remembered; those after it are told apart from it by nothing but
 * their number.
 *
 * <p>Times are counted in stretches of that length. An order is compared with the first one like it in its own stretch,
 * and in the one before if that is not too long ago.
 */
final class Alike {
    private Alike() {}

    /** The mark of an order, or null if its channel does not look, or nothing is known of who it is for. */
    static @Nullable Mark mark(OrderDraft draft, Duration within) {
        String who = who(draft);
        if (within.isZero() || who.isEmpty()) {
            return null;
        }
        long placed = draft.placedAt().getEpochSecond();
        long stretch = Math.floorDiv(placed, within.toSeconds());
        String what = hash(who + '\n' + what(draft));
        return new Mark(new KeyClaim(key(what, stretch), placed, draft.id().value()), List.of(key(what, stretch - 1)));
    }

    /** The order that a new one may repeat, or null. */
    static @Nullable OrderId first(OrderDraft draft, Duration within, List<KeyOwner> alike) {
        long placed = draft.placedAt().getEpochSecond();
        return alike.stream()
                .filter(owner -> Math.abs(placed - owner.fingerprint()) < within.toSeconds())
                .map(owner -> new OrderId(owner.owner()))
                .findFirst()
                .orElse(null);
    }

    private static Key key(String what, long stretch) {
        return new Key(KeyKind.ALIKE, what + '|' + stretch);
    }

    /** An e-mail address stands for its owner in every channel, a customer's number in its own. */
    private static String who(OrderDraft draft) {
        for (Contact contact : draft.contacts()) {
            if (!contact.email().isBlank()) {
                return contact.email().strip().toLowerCase(Locale.ROOT);
            }
        }
        if (!draft.customer().isEmpty()) {
            return draft.channel().value() + "|" + draft.customer();
        }
        for (Contact contact : draft.contacts()) {
            if (!contact.name().isBlank() && !contact.street().isEmpty()) {
                return String.join("|", contact.name(), String.join("|", contact.street()), contact.postcode())
                        .toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static String what(OrderDraft draft) {
        TreeMap<Integer, Integer> quantities = new TreeMap<>();
        draft.lines().forEach(line -> quantities.merge(line.item(), line.quantity(), Integer::sum));
        return quantities.toString();
    }

    /** What it is made of is personal, and cannot be had back from it. */
    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (char c : text.toCharArray()) {
                digest.update((byte) (c >> 8));
                digest.update((byte) c);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
