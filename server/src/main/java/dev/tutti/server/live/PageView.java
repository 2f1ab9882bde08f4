package dev.tutti.server.live;

import gg.jte.Content;
import java.util.Map;

/** The page, its sections already made. */
record PageView(Map<String, String> sections) {
    String assets() {
        return Assets.ROOT;
    }

    /** What a template has made, and therefore escaped. */
    Content section(String id) {
        String html = sections.getOrDefault(id, "");
        return output -> output.writeContent(html);
    }
}
