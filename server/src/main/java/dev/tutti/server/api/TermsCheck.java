package dev.tutti.server.api;

import dev.tutti.decision.Refusal;
import dev.tutti.decision.RefusalCode;
import dev.tutti.inventory.AvailabilityIndex;
import dev.tutti.inventory.Item;
import dev.tutti.network.ItemTerms;
import dev.tutti.postgres.MasterData.Outcome;
import dev.tutti.server.engine.Catalogue;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether what items that are about to be written refer to is there, or is about to be; and that no kit is in a kit. */
final class TermsCheck {
    private final Catalogue known;
    private final AvailabilityIndex stock;
    private final Predicate<String> isChannel;
    private final Predicate<String> isNode;
    private final Map<String, ItemTerms> written = new LinkedHashMap<>();
    /** All that is a part of a kit, with one of those kits. */
    private final Map<String, String> parts = new HashMap<>();

    /** @param items those that are about to be written */
    TermsCheck(
            Catalogue known,
            AvailabilityIndex stock,
            Collection<Item> items,
            Predicate<String> isChannel,
            Predicate<String> isNode) {
        this.known = known;
        this.stock = stock;
        this.isChannel = isChannel;
        this.isNode = isNode;
        items.forEach(item -> written.put(item.sku(), item.terms()));
        known.network().terms().forEach((item, terms) -> {
            String sku = known.sku(item);
            if (!written.containsKey(sku)) {
                terms.parts().forEach(part -> parts.put(part.sku(), sku));
            }
        });
        written.forEach((sku, terms) -> terms.parts().forEach(part -> parts.put(part.sku(), sku)));
    }

    /** What items refer to is among what is configured, and themselves. */
    static TermsCheck of(Engine engine, Collection<Item> items) {
        Catalogue known = engine.catalogue();
        return new TermsCheck(
                known, engine.index(), items, code -> known.channel(code) != null, code -> known.node(code) != null);
    }

    /** The first thing that is wrong with each of those about to be written, by SKU. */
    Map<String, Problem> wrong() {
        Map<String, Problem> wrong = new LinkedHashMap<>();
        written.forEach((sku, terms) -> look(sku, terms, "", problem -> wrong.putIfAbsent(sku, problem)));
        return wrong;
    }

    /** @param path of the item, with what divides it from its fields; empty for an item by itself */
    void look(Item item, String path, Consumer<Problem> each) {
        look(item.sku(), item.terms(), path, each);
    }

    private void look(String itself, ItemTerms terms, String path, Consumer<Problem> each) {
        for (String channel : terms.channels()) {
            if (!isChannel.test(channel)) {
                tell(each, path + "channels", RefusalCode.UNKNOWN_CHANNEL, "there is no channel " + channel);
            }
        }
        if (terms.madeToOrder() != null && !isNode.test(terms.madeToOrder().node())) {
            tell(each, path + "madeToOrder.node", RefusalCode.UNKNOWN_NODE, "there is no such node");
        }
        for (int i = 0; i < terms.parts().size(); i++) {
            String sku = terms.parts().get(i).sku();
            String where = path + "kit[" + i + "].sku";
            ItemTerms part = terms(sku);
            if (part == null) {
                tell(each, where, RefusalCode.UNKNOWN_ITEM, "there is no item " + sku);
            } else if (part.isKit()) {
                tell(each, where, RefusalCode.INVALID_FIELD, sku + " is a kit, and no kit is a part of another");
            }
        }
        int item = terms.isKit() ? known.item(itself) : -1;
        if (item >= 0 && !known.network().terms(item).isKit() && stock.isStocked(item)) {
            tell(
                    each,
                    path + "kit",
                    RefusalCode.INVALID_FIELD,
                    "it has stock, or orders and shipments of it are open, and a kit has none but that of its parts");
        }
        String of = parts.get(itself);
        if (terms.isKit() && of != null && !of.equals(itself) && !written.containsKey(of)) {
            tell(
                    each,
                    path + "kit",
                    RefusalCode.INVALID_FIELD,
                    "it is a part of the kit " + of + ", and so no kit itself");
        }
    }

    /** What somebody else has changed since it was looked at. */
    static Problem contradicted(Outcome.Contradicted item) {
        return Problem.of(Refusal.at("kit", RefusalCode.INVALID_FIELD, item.sku() + ": " + item.why()));
    }

    private @Nullable ItemTerms terms(String sku) {
        ItemTerms terms = written.get(sku);
        if (terms != null) {
            return terms;
        }
        int item = known.item(sku);
        return item < 0 ? null : known.network().terms(item);
    }

    private static void tell(Consumer<Problem> each, String path, RefusalCode code, String detail) {
        each.accept(Problem.of(Refusal.at(path, code, detail)));
    }
}
