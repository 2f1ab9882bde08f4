package dev.tutti.server.live;

import dev.tutti.network.Channel;
import dev.tutti.postgres.LiveReads.OpenOrders;
import dev.tutti.postgres.LiveReads.Stage;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.live.Tally.Kind;
import dev.tutti.server.live.Tally.Sums;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders by channel and state: the open ones by how far they are, the closed ones by how they ended. */
record FlowView(String aside, Row all, List<Row> channels, List<String> oldest) {
    private static final int STAGES = Stage.values().length;
    private static final List<String> STATES =
            List.of("waiting", "released", "working", "ready", "fulfilled", "cancelled", "returned");
    private static final List<Kind> ENDS = List.of(Kind.FULFILLED, Kind.CANCELLED, Kind.RETURNED);
    private static final String UNKNOWN = "–";

    record Row(String name, String taken, List<Cell> cells) {}

    record Cell(String classes, String number, String width) {}

    /** @param states how many orders, in the order of the columns; −1 where that is not known yet */
    private record Counted(String name, long taken, long[] states) {}

    static FlowView of(Seen seen, @Nullable List<OpenOrders> open, @Nullable Sums sums) {
        List<Counted> channels = new ArrayList<>();
        for (Channel channel : seen.channels()) {
            channels.add(counted(channel, open, sums));
        }
        Counted all = together(channels, open == null, sums == null);
        long mostOpen = most(channels, 0, STAGES);
        long mostClosed = most(channels, STAGES, STATES.size());
        return new FlowView(
                aside(all, sums),
                row(all, most(List.of(all), 0, STAGES), most(List.of(all), STAGES, STATES.size())),
                channels.stream().map(c -> row(c, mostOpen, mostClosed)).toList(),
                open == null || open.isEmpty() ? List.of() : oldest(open));
    }

    private static String aside(Counted all, @Nullable Sums sums) {
        if (sums == null) {
            return "Being counted";
        }
        if (!sums.complete()) {
            return "Counted back to " + Words.minute(sums.since());
        }
        return all.taken == 0 && Arrays.stream(all.states).sum() == 0 ? "No order yet" : "";
    }

    private static Counted counted(Channel channel, @Nullable List<OpenOrders> open, @Nullable Sums sums) {
        int number = channel.id().value();
        long[] states = new long[STATES.size()];
        if (open == null) {
            Arrays.fill(states, 0, STAGES, -1);
        } else {
            open.stream()
                    .filter(some -> some.channel() == number)
                    .forEach(some -> states[some.stage().ordinal()] += some.orders());
        }
        for (int i = 0; i < ENDS.size(); i++) {
            states[STAGES + i] = sums == null ? -1 : sums.day(number, ENDS.get(i));
        }
        return new Counted(channel.code(), sums == null ? -1 : sums.day(number, Kind.TAKEN), states);
    }

    private static Counted together(List<Counted> channels, boolean noneOpen, boolean noneClosed) {
        long[] states = new long[STATES.size()];
        for (int i = 0; i < states.length; i++) {
            int state = i;
            states[i] = (i < STAGES ? noneOpen : noneClosed)
                    ? -1
                    : channels.stream().mapToLong(c -> c.states[state]).sum();
        }
        long taken =
                noneClosed ? -1 : channels.stream().mapToLong(Counted::taken).sum();
        return new Counted("All channels", taken, states);
    }

    private static long most(List<Counted> rows, int from, int to) {
        return rows.stream()
                .flatMapToLong(row -> Arrays.stream(row.states, from, to))
                .max()
                .orElse(0);
    }

    private static Row row(Counted counted, long mostOpen, long mostClosed) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < STATES.size(); i++) {
            long orders = counted.states[i];
            cells.add(new Cell(
                    "n " + STATES.get(i) + (orders > 0 ? "" : " zero"),
                    number(orders),
                    Words.width(orders, i < STAGES ? mostOpen : mostClosed)));
        }
        return new Row(counted.name, number(counted.taken), cells);
    }

    private static String number(long orders) {
        return orders < 0 ? UNKNOWN : Words.number(orders);
    }

    /** The age of the oldest order in each stage; empty where there is none. */
    private static List<String> oldest(List<OpenOrders> open) {
        Instant now = Engine.now();
        List<String> ages = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            ages.add(open.stream()
                    .filter(some -> some.stage() == stage)
                    .map(OpenOrders::oldest)
                    .min(Instant::compareTo)
                    .map(oldest -> Words.age(Duration.between(oldest, now)))
                    .orElse(""));
        }
        return ages;
    }
}
