package dev.tutti.server.replay;

import dev.tutti.network.Channel;
import dev.tutti.network.GeoPoint;
import dev.tutti.network.Node;
import dev.tutti.order.OrderDraft;
import dev.tutti.postgres.ReplayStore.HistoryRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Understands rows, one at a time, and remembers which items and nodes they speak of. What cannot be used is refused
 * with a reason, never left out.
 */
final class RowReading {
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final BigDecimal MOST_MONEY = BigDecimal.valueOf(1_000_000_000_000L);
    private static final int LONGEST_SKU = 100;
    private static final int LONGEST_TEXT = 200;

    private final Mapping mapping;
    private final Map<String, Channel> channels = new TreeMap<>();
    private final Map<String, Node> nodes = new TreeMap<>();
    /** Every SKU with the first description that was found. */
    private final Map<String, String> items = new TreeMap<>();

    /** Leaves a row; the reason is what it is counted under. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String reason) {
            super(reason, null, false, false);
        }
    }

    RowReading(Mapping mapping) {
        this.mapping = mapping;
        mapping.channels().forEach(channel -> channels.put(channel.code(), channel));
        mapping.nodes().forEach(node -> nodes.put(node.code(), node));
    }

    Map<String, String> items() {
        return items;
    }

    /** Those of the mapping, in its order, then those the rows have brought. */
    Map<String, Node> nodes() {
        return nodes;
    }

    HistoryRow understood(CsvFile.Row row, int file, long seq) {
        try {
            return used(row, file, seq);
        } catch (Refusal refused) {
            return new HistoryRow(
                    0,
                    seq,
                    file,
                    row.line(),
                    RowKind.REFUSED.ordinal(),
                    0,
                    null,
                    null,
                    null,
                    null,
                    null,
                    0,
                    0,
                    0,
                    null,
                    null,
                    null,
                    null,
                    refused.getMessage());
        }
    }

    private HistoryRow used(CsvFile.Row row, int file, long seq) {
        refuseUnless(row.fits(), "wrong-number-of-fields");
        RowKind kind = kind(row);
        long at = time(row);
        int quantity = quantity(row, kind);
        String sku = text(mapping.line().sku(), row, LONGEST_SKU, "sku");
        refuseUnless(sku != null, "no-sku");
        Mapping.TillOf till = mapping.till();
        boolean atTill = kind == RowKind.TILL_SALE && till != null;
        String number =
                text(atTill && till != null ? till.number() : mapping.order().number(), row, LONGEST_TEXT, "number");
        refuseUnless(number != null || kind == RowKind.CANCELLATION || kind == RowKind.RETURN, "no-order-number");
        String customer = text(mapping.order().customer(), row, LONGEST_TEXT, "customer");
        String node = atTill && till != null ? node(till, row) : null;
        long price = 0;
        long discount = 0;
        String channel = null;
        String country = null;
        String postcode = null;
        GeoPoint destination = null;
        if (kind == RowKind.ORDER) {
            Channel of = channel(row);
            channel = of.code();
            Money money = money(row, of, quantity);
            price = money.unitPrice();
            discount = money.discount();
            country = text(mapping.order().country(), row, LONGEST_TEXT, "country");
            postcode = text(mapping.order().postcode(), row, LONGEST_TEXT, "postcode");
            destination = destination(row, country, postcode);
        }
        Value sold = mapping.line().price();
        if (kind == RowKind.TILL_SALE && sold != null && sold.of(row) != null) {
            refuseUnless(row.number(sold.of(row)) != null, "price-not-readable");
        }
        if (sku != null && !items.containsKey(sku)) {
            String description = mapping.line().description() == null
                    ? null
                    : text(mapping.line().description(), row, Integer.MAX_VALUE, "description");
            items.put(sku, description == null ? "" : description.substring(0, Math.min(1_000, description.length())));
        }
        return new HistoryRow(
                0,
                seq,
                file,
                row.line(),
                kind.ordinal(),
                at,
                number,
                channel,
                node,
                customer,
                sku,
                quantity,
                price,
                discount,
                country,
                postcode,
                destination == null ? null : destination.latitude(),
                destination == null ? null : destination.longitude(),
                null);
    }

    private static void refuseUnless(boolean holds, String reason) {
        if (!holds) {
            throw new Refusal(reason);
        }
    }

    private RowKind kind(CsvFile.Row row) {
        for (Mapping.Rule rule : mapping.rows()) {
            if (rule.when().stream().allMatch(test -> test.holds(row))) {
                refuseUnless(rule.kind() != RowKind.REFUSED, rule.reason());
                return rule.kind();
            }
        }
        return RowKind.ORDER;
    }

    private long time(CsvFile.Row row) {
        StringBuilder written = new StringBuilder();
        mapping.time()
                .value()
                .columns()
                .forEach(column -> written.append(written.isEmpty() ? "" : " ").append(row.text(column)));
        Instant at;
        try {
            TemporalAccessor time = mapping.time()
                    .format()
                    .parseBest(written, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            at = switch (time) {
                case OffsetDateTime exact -> exact.toInstant();
                case LocalDateTime local -> local.atZone(mapping.time().zone()).toInstant();
                case LocalDate day -> day.atStartOfDay(mapping.time().zone()).toInstant();
                default -> throw new Refusal("time-not-readable");
            };
        } catch (DateTimeException e) {
            throw new Refusal("time-not-readable");
        }
        refuseUnless(!at.isBefore(EARLIEST) && at.isBefore(LATEST), "time-out-of-range");
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    private int quantity(CsvFile.Row row, RowKind kind) {
        BigDecimal number = row.number(mapping.line().quantity().of(row));
        if (number == null) {
            throw new Refusal("quantity-not-readable");
        }
        if (kind == RowKind.CANCELLATION || kind == RowKind.RETURN) {
            number = number.abs();
        }
        refuseUnless(number.signum() > 0, "quantity-not-positive");
        refuseUnless(number.compareTo(BigDecimal.valueOf(OrderDraft.MOST_UNITS)) <= 0, "quantity-too-large");
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            throw new Refusal("quantity-not-whole");
        }
    }

    private static @Nullable String text(@Nullable Value value, CsvFile.Row row, int longest, String what) {
        String text = value == null ? null : value.of(row);
        if (text == null) {
            return null;
        }
        refuseUnless(text.length() <= longest, what + "-too-long");
        refuseUnless(text.indexOf('\0') < 0, "bad-character");
        return text;
    }

    private String node(Mapping.TillOf till, CsvFile.Row row) {
        String code = text(till.node(), row, 64, "node");
        if (code == null) {
            throw new Refusal("no-node");
        }
        Node template = mapping.newNode();
        if (!nodes.containsKey(code)) {
            if (template == null) {
                throw new Refusal("unknown-node");
            }
            nodes.put(code, MappingFile.withId(template, code, 0));
        }
        return code;
    }

    private Channel channel(CsvFile.Row row) {
        String code = text(mapping.order().channel(), row, 64, "channel");
        Channel channel = code == null ? null : channels.get(code);
        if (channel == null) {
            throw new Refusal("unknown-channel");
        }
        return channel;
    }

    private record Money(long unitPrice, long discount) {}

    /** Minor units. A line's price that its units do not share evenly becomes a unit price above it and a discount. */
    private Money money(CsvFile.Row row, Channel channel, int quantity) {
        Value price = mapping.line().price();
        if (price == null) {
            return new Money(0, 0);
        }
        int digits = Math.max(0, channel.currency().getDefaultFractionDigits());
        long amount = amount(price, row, digits, "price");
        long unitPrice = amount;
        long discount = 0;
        if (mapping.line().priceOfLine()) {
            unitPrice = Math.ceilDiv(amount, quantity);
            discount = unitPrice * quantity - amount;
        }
        for (Value value : mapping.line().discounts()) {
            discount += amount(value, row, digits, "discount");
        }
        refuseUnless(discount <= unitPrice * quantity, "discount-too-large");
        return new Money(unitPrice, discount);
    }

    private static long amount(Value value, CsvFile.Row row, int digits, String what) {
        String written = value.of(row);
        BigDecimal number = written == null ? BigDecimal.ZERO : row.number(written);
        if (number == null) {
            throw new Refusal(what + "-not-readable");
        }
        refuseUnless(number.signum() >= 0, what + "-negative");
        refuseUnless(number.compareTo(MOST_MONEY) <= 0, what + "-too-large");
        return number.movePointRight(digits).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    private @Nullable GeoPoint destination(CsvFile.Row row, @Nullable String country, @Nullable String postcode) {
        Value latitude = mapping.order().latitude();
        Value longitude = mapping.order().longitude();
        if (latitude != null && longitude != null) {
            BigDecimal north = row.number(latitude.of(row));
            BigDecimal east = row.number(longitude.of(row));
            if (north != null
                    && east != null
                    && Math.abs(north.doubleValue()) <= 90
                    && Math.abs(east.doubleValue()) <= 180) {
                return new GeoPoint(north.doubleValue(), east.doubleValue());
            }
        }
        Map<String, GeoPoint> places = mapping.order().places();
        GeoPoint near = postcode == null ? null : places.get(postcode);
        return near != null || country == null ? near : places.get(country);
    }
}
