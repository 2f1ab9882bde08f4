package dev.tutti.server.effects;

import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a service said: {@code {"done": true, "answers": {"risk": "high"}}}, or nothing at all.
 *
 * @param done true unless it says otherwise
 */
record SaidOutside(boolean done, SortedMap<String, String> answers) {
    static final SortedMap<String, String> NOTHING = new TreeMap<>();

    /** Null if it is something else. */
    static @Nullable SaidOutside read(byte[] body) {
        if (new String(body, StandardCharsets.UTF_8).isBlank()) {
            return new SaidOutside(true, NOTHING);
        }
        boolean done = true;
        SortedMap<String, String> answers = NOTHING;
        try (JsonReader in = new JsonReader(body, 0, body.length, 1)) {
            in.begin();
            in.object();
            for (String name = in.nextField(); name != null; name = in.nextField()) {
                switch (name) {
                    case "done" -> done = in.bool();
                    case "answers" -> answers = in.attributes();
                    default -> in.skip();
                }
            }
            in.end();
            return new SaidOutside(done, answers);
        } catch (BadJson e) {
            return null;
        }
    }
}
