package dev.tutti.benchmarks;

import dev.tutti.order.Contact;
import dev.tutti.order.OrderDraft;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who buys, and what things are called: words made of syllables, the popular ones more often, as names and places are in
 * life. What is searched for is drawn from the same words.
 */
final class People {
    private static final int FIRST_NAMES = 500;
    private static final int LAST_NAMES = 20_000;
    private static final int CITIES = 5_000;
    private static final int STREETS = 3_000;
    private static final int KINDS_OF_GOODS = 2_000;
    private static final String[] ONSETS = "b c d f g h j k l m n p r s t v w br ch cl dr gr kn sh st th tr".split(" ");
    private static final String[] RIMES = "a e i o u an ar el en er ick ing on or ot un ay ee ow ell".split(" ");

    private final Drafts drafts;
    private final SplittableRandom random;
    private final Zipf firstNames = new Zipf(FIRST_NAMES, 1.0);
    private final Zipf lastNames = new Zipf(LAST_NAMES, 1.0);
    private final Zipf cities = new Zipf(CITIES, 1.0);

    People(Drafts drafts, long seed) {
        this.drafts = drafts;
        this.random = new SplittableRandom(seed);
    }

    /** The n-th word of a kind: two or three syllables, the same each time. */
    private static String word(String kind, int n) {
        SplittableRandom syllables = new SplittableRandom(31L * kind.hashCode() + n);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 2 + n % 2; i++) {
            word.append(ONSETS[syllables.nextInt(ONSETS.length)]).append(RIMES[syllables.nextInt(RIMES.length)]);
        }
        return word.toString();
    }

    String firstName() {
        return word("first", firstNames.next(random));
    }

    String lastName() {
        return word("last", lastNames.next(random));
    }

    String city() {
        return word("city", cities.next(random));
    }

    /** A word that items are called by. */
    static String goods(int n) {
        return word("goods", Math.floorMod(n, KINDS_OF_GOODS));
    }

    /** With two letters exchanged. */
    String misspelt(String word) {
        int at = 1 + random.nextInt(word.length() - 2);
        return word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
    }

    OrderDraft draft(long id, Instant now) {
        OrderDraft draft = drafts.draft(id, now);
        Contact contact = new Contact(
                1,
                firstName() + " " + lastName(),
                List.of(1 + random.nextInt(300) + " " + word("street", random.nextInt(STREETS)) + " Street"),
                city(),
                "",
                Integer.toString(10_000 + random.nextInt(90_000)),
                "US",
                "",
                "");
        return new OrderDraft(
                draft.id(),
                draft.channel(),
                draft.externalId(),
                draft.customer(),
                draft.currency(),
                draft.placedAt(),
                draft.priority(),
                draft.shipGroups(),
                draft.lines(),
                draft.discount(),
                draft.shipping(),
                draft.statedTotal(),
                List.of(contact),
                draft.attributes());
    }
}
