package dev.tutti.server.effects;

import java.util.Set;
import java.util.SortedMap;

/**
 * What a service's answer means for what it was asked. Whatever is in doubt may have happened: to ask again costs time, to
 * take it for undone may cost the customer's money twice.
 */
sealed interface Meaning {
    /** What proxies say of themselves, and services of a key they are still busy with. */
    Set<Integer> IN_BETWEEN = Set.of(401, 403, 404, 407, 409, 421);

    /** Those that say: not now. */
    Set<Integer> NOT_NOW = Set.of(425, 429);

    /** It has said what it did. */
    record Said(boolean done, SortedMap<String, String> answers) implements Meaning {}

    /** It will say so later. */
    record Later() implements Meaning {}

    /** This attempt has done nothing; what an earlier one did is not said. */
    record NotThisTime() implements Meaning {}

    /** No attempt has done anything. */
    record Never() implements Meaning {}

    /** It may have happened. */
    record Unknown() implements Meaning {}

    /** It has answered, and nobody can tell what. */
    record NotUnderstood() implements Meaning {}

    /** @param lookedUp whether it was asked what had become of a key, rather than to do something */
    static Meaning of(int status, byte[] body, boolean lookedUp) {
        if (lookedUp && status == 404) {
            return new Never();
        }
        if (status == 202) {
            return new Later();
        }
        if (status >= 200 && status < 300) {
            SaidOutside said = SaidOutside.read(body);
            return said == null ? new NotUnderstood() : new Said(said.done(), said.answers());
        }
        if (NOT_NOW.contains(status) || IN_BETWEEN.contains(status)) {
            return new NotThisTime();
        }
        // A redirect, 408 and 5xx may come after the service has done its work, or from whoever stands in between.
        if (status < 400 || status == 408 || status >= 500 || lookedUp) {
            return new Unknown();
        }
        SaidOutside said = SaidOutside.read(body);
        return new Said(false, said == null ? SaidOutside.NOTHING : said.answers());
    }
}
