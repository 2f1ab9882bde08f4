package dev.tutti.postgres;

import dev.tutti.inventory.Item;
import dev.tutti.network.ItemTerms;
import dev.tutti.postgres.MasterData.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What may be done with items, as their rows have it: parts of kits by SKU, which never changes. */
final class TermsRows {
    private static final JsonMapper JSON = EventJson.mapper().build();
    private static final String NOTHING_SAID = "{}";

    private TermsRows() {}

    private record Stored(
            boolean ships,
            boolean handsOut,
            SortedSet<String> channels,
            List<StoredPart> parts,
            ItemTerms.@Nullable MadeToOrder madeToOrder) {}

    private record StoredPart(String sku, int quantity, int value) {}

    static String written(ItemTerms terms) {
        List<StoredPart> parts = terms.parts().stream()
                .map(part -> new StoredPart(part.sku(), part.quantity(), part.value()))
                .toList();
        return terms.equals(ItemTerms.USUAL)
                ? NOTHING_SAID
                : JSON.writeValueAsString(
                        new Stored(terms.ships(), terms.handsOut(), terms.channels(), parts, terms.madeToOrder()));
    }

    /** As it was written: the numbers of parts are 0. */
    static ItemTerms read(String json) {
        return read(json, Map.of());
    }

    private static ItemTerms read(String json, Map<String, Integer> numbers) {
        if (json.equals(NOTHING_SAID)) {
            return ItemTerms.USUAL;
        }
        Stored stored = JSON.readValue(json, Stored.class);
        List<ItemTerms.Part> parts = stored.parts().stream()
                .map(part -> new ItemTerms.Part(
                        part.sku(), numbers.getOrDefault(part.sku(), 0), part.quantity(), part.value()))
                .toList();
        return new ItemTerms(stored.ships(), stored.handsOut(), stored.channels(), parts, stored.madeToOrder());
    }

    /** Those of all items of which something is said, by the item's number, with the numbers of parts. */
    static SortedMap<Integer, ItemTerms> all(Connection connection) throws SQLException {
        Map<String, Integer> numbers = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                        select sku, id
                        from item
                        where sku in (select part ->> 'sku' from item kit, jsonb_array_elements(kit.terms -> 'parts') part
                                      where kit.terms <> '{}')
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                numbers.put(row.getString(1), row.getInt(2));
            }
        }
        SortedMap<Integer, ItemTerms> terms = new TreeMap<>();
        try (PreparedStatement select =
                        connection.prepareStatement("select id, terms from item where terms <> '{}' order by id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                terms.put(row.getInt(1), read(row.getString(2), numbers));
            }
        }
        return terms;
    }

    /** One that is about to become a kit and has stock, or is waited for; null if there is none. Asked before they are written. */
    static Outcome.@Nullable Contradicted stockedKit(Connection connection, List<Item> items) throws SQLException {
        String sku = first(connection, kits(items), """
                select sku
                from item
                where sku = any (?) and coalesce(jsonb_array_length(terms -> 'parts'), 0) = 0
                  and exists (select from position p where p.item_id = item.id and (p.on_hand > 0 or p.reserved > 0))
                order by sku
                limit 1
                """);
        return sku == null
                ? null
                : new Outcome.Contradicted(
                        sku,
                        "it has stock, or orders and shipments of it are open, and a kit has none but that of its parts");
    }

    /** One of them that is a kit and a part of another, or has one among its parts; null if there is none. Asked after. */
    static Outcome.@Nullable Contradicted nestedKit(Connection connection, List<Item> items) throws SQLException {
        String sku = first(connection, kits(items), """
                with written as (select ?::text[] as skus)
                select case when part.sku = any (skus) then part.sku else kit.sku end
                from written, item kit
                cross join jsonb_array_elements(kit.terms -> 'parts') of
                join item part on part.sku = of ->> 'sku'
                where kit.terms <> '{}' and part.terms <> '{}' and jsonb_array_length(part.terms -> 'parts') > 0
                  and array[kit.sku, part.sku] && skus
                order by 1
                limit 1
                """);
        return sku == null ? null : new Outcome.Contradicted(sku, "no kit is a part of another");
    }

    private static List<String> kits(List<Item> items) {
        return items.stream()
                .filter(item -> item.terms().isKit())
                .map(Item::sku)
                .toList();
    }

    private static @Nullable String first(Connection connection, List<String> among, String sql) throws SQLException {
        if (among.isEmpty()) {
            return null;
        }
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("text", among.toArray()));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
