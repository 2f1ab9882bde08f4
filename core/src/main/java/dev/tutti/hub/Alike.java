package dev.tutti.hub;

import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Mark;
import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import dev.tutti.order.OrderId;
import dev.tutti.order.Visible;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Orders that may be one order sent twice: the same customer of the same channel, the same items in the same quantities,
 * within a time that the channel says. The first is remembered; those after it are told apart from it by nothing but their
 * number.
 *
 * <p>Time is cut twice into stretches of double that length, the second time half a stretch later. So two orders within the
 * time of each other share a stretch, and of two that come at the same moment one finds it taken.
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
        long seconds = within.toSeconds();
        String what = hash(draft.channel().value() + "\n" + who + "\n" + what(draft));
        return new Mark(
                Stream.of("a" + Math.floorDiv(placed, 2 * seconds), "b" + Math.floorDiv(placed + seconds, 2 * seconds))
                        .map(stretch -> new Key(KeyKind.ALIKE, what + '|' + stretch))
                        .map(key -> new KeyClaim(key, placed, draft.id().value()))
                        .toList());
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

    /** Who orders, as well as it is known; empty if it is not. */
    private static String who(OrderDraft draft) {
        for (Contact contact : draft.contacts()) {
            String email = Visible.of(contact.email());
            if (!email.isEmpty()) {
                return email.toLowerCase(Locale.ROOT);
            }
        }
        if (!draft.customer().isEmpty()) {
            return draft.customer();
        }
        for (Contact contact : draft.contacts()) {
            if (!contact.name().isBlank() && !contact.street().isEmpty()) {
                return Visible.of(String.join(
                                "|", contact.name(), String.join("|", contact.street()), contact.postcode()))
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
