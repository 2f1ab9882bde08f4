package dev.tutti.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.network.ItemTerms;
import dev.tutti.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KitsTest {
    private static final int KIT = 1_000;

    @Test
    void sharesComeToWhatTheKitComesTo() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            List<ItemTerms.Part> parts = new ArrayList<>();
            for (int part = 1 + random.nextInt(6); part > 0; part--) {
                parts.add(new ItemTerms.Part(
                        "P" + part, part, 1 + random.nextInt(9), 1 + random.nextInt(random.nextBoolean() ? 3 : 999)));
            }
            int quantity = 1 + random.nextInt(12);
            long unitPrice = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(100_000);
            long discount = random.nextInt(3) == 0 ? unitPrice * quantity : random.nextLong(unitPrice * quantity + 1);
            long tax = random.nextInt(2) == 0 ? 0 : random.nextInt(9_999);
            OrderDraft.Line line = new OrderDraft.Line(KIT, quantity, 1, true, unitPrice, discount, tax);
            List<Kits.Opened> opened = Kits.opened(List.of(line), network(parts));
            assertThat(opened).hasSameSizeAs(parts);
            long goods = 0;
            long taxes = 0;
            for (int at = 0; at < parts.size(); at++) {
                OrderDraft.Line of = opened.get(at).line();
                assertThat(opened.get(at).kit()).isEqualTo(new Kit(KIT, 1, quantity));
                assertThat(of.item()).isEqualTo(parts.get(at).item());
                assertThat(of.quantity()).isEqualTo(parts.get(at).quantity() * quantity);
                long value = of.unitPrice() * of.quantity() - of.discount();
                assertThat(value).as("%s of %s", of, line).isNotNegative();
                assertThat(of.discount()).isNotNegative();
                goods += value;
                taxes += of.tax();
            }
            assertThat(goods).isEqualTo(unitPrice * quantity - discount);
            assertThat(taxes).isEqualTo(tax);
        }
    }

    private static Network network(List<ItemTerms.Part> parts) {
        TreeMap<Integer, ItemTerms> terms = new TreeMap<>();
        terms.put(KIT, new ItemTerms(true, true, new TreeSet<>(), parts, null));
        return new Network(1, List.of(), List.of(), List.of(), List.of(), terms);
    }
}
