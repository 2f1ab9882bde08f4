package dev.tutti.server.replay;

import dev.tutti.postgres.ReplayOutcome;
import dev.tutti.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What came of a history: read from the database, so the same history has the same report. */
record Report(ReplayOutcome outcome, long invariantsViolated) {
    String json() {
        Double hours = outcome.hoursToShipMedian();
        byte[] bytes = Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberProperty("rows", outcome.rows());
            json.writeNumberProperty("rows_used", outcome.rowsUsed());
            json.writeName("rows_refused");
            json.writeStartObject();
            outcome.rowsRefused().forEach(json::writeNumberProperty);
            json.writeEndObject();
            json.writeNumberProperty("orders", outcome.orders());
            json.writeNumberProperty("lines", outcome.lines());
            json.writeNumberProperty("units", outcome.units());
            json.writeNumberProperty("units_fulfilled", outcome.unitsFulfilled());
            json.writeNumberProperty("units_cancelled", outcome.unitsCancelled());
            json.writeNumberProperty("units_returned", outcome.unitsReturned());
            json.writeNumberProperty("units_backordered", outcome.unitsBackordered());
            json.writeNumberProperty("returns_without_order", outcome.returnsWithoutOrder());
            json.writeNumberProperty("fill_rate", rounded(outcome.fillRate(), 10_000));
            json.writeNumberProperty("orders_split", outcome.ordersSplit());
            json.writeNumberProperty("packages", outcome.packages());
            json.writeNumberProperty("cost_minor", outcome.costMinor());
            if (hours == null) {
                json.writeNullProperty("hours_to_ship_median");
            } else {
                json.writeNumberProperty("hours_to_ship_median", rounded(hours, 100));
            }
            json.writeNumberProperty("lines_per_s", Math.round(outcome.linesPerSecond()));
            json.writeNumberProperty("invariants_violated", invariantsViolated);
            json.writeEndObject();
        });
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static double rounded(double value, int parts) {
        return Math.round(value * parts) / (double) parts;
    }

    String text() {
        Double hours = outcome.hoursToShipMedian();
        StringBuilder text = new StringBuilder();
        line(text, "rows", outcome.rows(), "in the files");
        line(text, "  used", outcome.rowsUsed(), "");
        outcome.rowsRefused().forEach((reason, rows) -> line(text, "  refused", rows, reason));
        line(text, "orders", outcome.orders(), "sales over a counter among them");
        line(text, "  split", outcome.ordersSplit(), "over more than one node");
        line(text, "lines", outcome.lines(), "");
        line(text, "units", outcome.units(), "asked for");
        line(text, "  fulfilled", outcome.unitsFulfilled(), "gone to customers");
        line(text, "  cancelled", outcome.unitsCancelled(), "called off before they had gone");
        line(text, "  waiting", outcome.unitsBackordered(), "for stock, when the history ended");
        line(text, "  returned", outcome.unitsReturned(), "of those fulfilled");
        line(text, "returns", outcome.returnsWithoutOrder(), "for which no purchase was found");
        text.append(String.format(
                Locale.ROOT,
                "%-12s %14.2f %%  of the units could be had at once%n",
                "fill rate",
                100 * outcome.fillRate()));
        line(text, "packages", outcome.packages(), "left the nodes");
        line(text, "cost", outcome.costMinor(), "minor units, of packages, units, miles and days late");
        if (hours != null) {
            text.append(String.format(
                    Locale.ROOT, "%-12s %14.2f    hours from order to hand-over, median%n", "to ship", hours));
        }
        text.append(String.format(
                Locale.ROOT,
                "%-12s %14s    lines carried per second%n",
                "speed",
                grouped(Math.round(outcome.linesPerSecond()))));
        line(text, "invariants", invariantsViolated, invariantsViolated == 0 ? "violated: all hold" : "VIOLATED");
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String name, long number, String what) {
        text.append(String.format(Locale.ROOT, "%-12s %14s    %s", name, grouped(number), what)
                        .stripTrailing())
                .append('\n');
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
