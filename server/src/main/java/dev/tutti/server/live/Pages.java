package dev.tutti.server.live;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The templates, filled. They are compiled with the server, and they alone escape what is put into them. */
final class Pages {
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), Pages.class.getPackageName());

    String head(HeadView view) {
        return filled("head", view);
    }

    String flow(FlowView view) {
        return filled("flow", view);
    }

    String map(MapView view) {
        return filled("map", view);
    }

    String latest(LatestView view) {
        return filled("latest", view);
    }

    String risk(RiskView view) {
        return filled("risk", view);
    }

    String pulse(PulseView view) {
        return filled("pulse", view);
    }

    /** The whole page around its sections. */
    String page(Map<String, String> sections) {
        return filled("page", new PageView(sections));
    }

    /** @param trouble why the last attempt did not get in, or null */
    String enter(@Nullable String trouble) {
        return filled("enter", new EnterView(trouble == null ? "" : trouble));
    }

    private String filled(String template, Object view) {
        StringOutput output = new StringOutput(8192);
        templates.render(template + ".jte", view, output);
        return output.toString();
    }
}
