package dev.tutti.server.live;

import dev.tutti.server.live.Tally.Kind;
import dev.tutti.server.live.Tally.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many orders a minute come in, go to nodes and are done, over half an hour, in one scale. */
record PulseView(List<Figure> figures) {
    private static final double HEIGHT = 60;
    private static final int STEP = 10;

    /** @param average where its line is; empty for none */
    record Figure(String kind, String name, String now, String label, List<Bar> bars, String average, String note) {}

    /** @param minute empty, or that it is not over */
    record Bar(String minute, String x, String y, String height) {}

    static PulseView of(@Nullable Sums sums) {
        int most = sums == null
                ? 1
                : Math.max(
                        1,
                        Arrays.stream(sums.recent())
                                .flatMapToInt(Arrays::stream)
                                .max()
                                .orElse(1));
        double top = most < STEP ? most : Math.ceil(most / (double) STEP) * STEP;
        return new PulseView(List.of(
                figure("taken", "Orders taken", sums, Kind.TAKEN, top),
                figure("released", "Released", sums, Kind.RELEASED, top),
                figure("fulfilled", "Fulfilled", sums, Kind.FULFILLED, top)));
    }

    private static Figure figure(String kind, String name, @Nullable Sums sums, Kind counted, double top) {
        int[] minutes = sums == null ? new int[Tally.SHOWN] : sums.recent()[counted.ordinal()];
        int[] over = Arrays.copyOf(minutes, minutes.length - 1);
        double average = Arrays.stream(over).average().orElse(0);
        int highest = Arrays.stream(minutes).max().orElse(0);
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < minutes.length; i++) {
            if (minutes[i] > 0) {
                double height = HEIGHT * minutes[i] / top;
                bars.add(new Bar(
                        i == minutes.length - 1 ? "unfinished" : "",
                        Integer.toString(i * STEP + 1),
                        Words.length(HEIGHT - height),
                        Words.length(height)));
            }
        }
        String figures = "average " + Math.round(average) + ", highest " + Words.number(highest);
        return new Figure(
                kind,
                name,
                sums == null ? "–" : Words.number(sums.lastMinute(counted)),
                name + " per minute, last 30 minutes: " + figures,
                bars,
                average > 0 ? Words.length(HEIGHT - HEIGHT * average / top) : "",
                highest == 0 ? "nothing in 30" + Words.TIED + "min" : figures);
    }
}
