package dev.tutti.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must have become of the stock, from nothing but what was asked and whether it happened: written without looking at
 * how the hub keeps its books.
 */
final class StormModel {
    /** Units of one order. */
    private static final class Bought {
        int item;
        int live;
        int shipped;
    }

    /** A stock document with one change. */
    private record Document(String kind, int item, int node, int units) {}

    /** A row of the ledger. */
    record Entry(int item, int place, String move, long cause, int onHand, int onHandDelta, int reservedDelta) {}

    private final Map<Long, Bought> orders = new TreeMap<>();
    private final Map<Long, Document> documents = new TreeMap<>();
    private final Map<Long, Integer> announced = new TreeMap<>();
    private final Map<Long, Integer> received = new TreeMap<>();
    private final Map<Long, Integer> itemOfShipment = new TreeMap<>();
    final List<String> wrong = new ArrayList<>();

    /** Something that has happened. */
    void happened(String[] words) {
        long id = Long.parseLong(words[1]);
        switch (words[0]) {
            case "ORDER" -> {
                Bought bought = bought(id);
                bought.item = Integer.parseInt(words[2]);
                bought.live += Integer.parseInt(words[3]);
            }
            case "CANCEL" -> bought(id).live -= Integer.parseInt(words[3]);
            case "SHIP" -> {
                bought(id).live -= Integer.parseInt(words[3]);
                bought(id).shipped += Integer.parseInt(words[3]);
            }
            case "COUNT", "DELTA", "SALE" ->
                documents.put(
                        id,
                        new Document(
                                words[0],
                                Integer.parseInt(words[2]),
                                Integer.parseInt(words[3]),
                                Integer.parseInt(words[4])));
            case "ANNOUNCE" -> {
                itemOfShipment.put(id, Integer.parseInt(words[2]));
                announced.put(id, Integer.parseInt(words[3]));
            }
            case "RECEIVE" -> received.merge(id, Integer.parseInt(words[3]), Integer::sum);
            case "RESERVE", "EXTEND", "RELEASE", "WORK", "FENCE" -> {}
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private Bought bought(long id) {
        return orders.computeIfAbsent(id, order -> new Bought());
    }

    /** Units that orders still claim, by item; reservations claim nothing any more. */
    Map<Integer, Integer> claimed() {
        Map<Integer, Integer> claimed = new TreeMap<>();
        orders.forEach((id, bought) -> {
            claimed.merge(bought.item, bought.live, Integer::sum);
            if (bought.live < 0) {
                wrong.add("order " + id + " has lost more units than it had");
            }
        });
        return claimed;
    }

    /** Units that are still expected, by item. */
    Map<Integer, Integer> expected() {
        Map<Integer, Integer> expected = new TreeMap<>();
        announced.forEach((id, units) -> expected.merge(
                itemOfShipment.getOrDefault(id, 0), Math.max(0, units - received.getOrDefault(id, 0)), Integer::sum));
        return expected;
    }

    /** Walks along the ledger, position by position. */
    void follow(Iterable<Entry> ledger) {
        Map<Long, Integer> issued = new TreeMap<>();
        Map<Long, Integer> came = new TreeMap<>();
        TreeSet<Long> seen = new TreeSet<>();
        int item = 0;
        int place = -1;
        int onHand = 0;
        for (Entry entry : ledger) {
            if (entry.item() != item || entry.place() != place) {
                item = entry.item();
                place = entry.place();
                onHand = 0;
            }
            if (place < 1 || place > 65_535) {
                continue;
            }
            Document document = documents.get(entry.cause());
            switch (entry.move()) {
                case "COUNT", "SELL", "ADJUST" -> {
                    if (document != null) {
                        onHand = booked(document, entry, onHand);
                        once(seen, entry);
                    } else if (received.containsKey(shipment(entry.cause()))
                            && entry.move().equals("ADJUST")) {
                        onHand += entry.onHandDelta();
                        came.merge(shipment(entry.cause()), entry.onHandDelta(), Integer::sum);
                    } else {
                        wrong.add(entry + " was asked for by nobody");
                    }
                }
                case "ISSUE" -> {
                    issued.merge(entry.cause(), -entry.reservedDelta(), Integer::sum);
                    onHand = Math.max(0, onHand + entry.reservedDelta());
                }
                case "LOSE", "RETURN" -> wrong.add(entry + " was asked for by nobody");
                default -> {}
            }
            if (entry.onHand() != onHand) {
                wrong.add(entry + ": " + onHand + " should be on hand");
                return;
            }
        }
        documents.keySet().forEach(id -> {
            if (!seen.contains(id)) {
                wrong.add("document " + id + " is not booked");
            }
        });
        orders.forEach((id, bought) -> {
            if (bought.shipped != issued.getOrDefault(id, 0)) {
                wrong.add("order " + id + ": " + bought.shipped + " have left, " + issued.get(id) + " were issued");
            }
        });
        if (!came.equals(received)) {
            wrong.add("shipments brought " + came + " and not " + received);
        }
    }

    private void once(TreeSet<Long> seen, Entry entry) {
        if (!seen.add(entry.cause())) {
            wrong.add(entry + " is booked twice");
        }
    }

    private int booked(Document document, Entry entry, int onHand) {
        if (document.item() != entry.item() || document.node() != entry.place()) {
            wrong.add(entry + " should be " + document);
        }
        return switch (document.kind()) {
            case "COUNT" -> document.units();
            case "DELTA" -> Math.max(0, onHand + document.units());
            default -> Math.max(0, onHand - document.units());
        };
    }

    private static long shipment(long cause) {
        return cause - Long.MIN_VALUE;
    }
}
