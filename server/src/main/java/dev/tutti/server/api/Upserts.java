package dev.tutti.server.api;

import dev.tutti.decision.RefusalCode;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NdjsonLines;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes many things known at once, each under a code of its own. An array is taken whole or not at all; lines are taken
 * a thousand at a time, each with its result.
 *
 * @param <T> an item, a node, a channel
 */
final class Upserts<T> {
    static final int MOST_IN_AN_ARRAY = 20_000;
    private static final int LINES_AT_ONCE = 1_000;

    private final Function<JsonReader, T> read;
    private final Function<T, String> code;
    private final Function<Collection<T>, Map<String, Problem>> wrong;
    private final Function<List<T>, Map<String, Problem>> put;

    Upserts(Function<JsonReader, T> read, Function<T, String> code, Consumer<List<T>> put) {
        this(read, code, things -> Map.of(), things -> {
            put.accept(things);
            return Map.of();
        });
    }

    /**
     * @param wrong what is wrong with things that are written together, by their codes
     * @param put writes all, and answers nothing; or none, and answers what has become wrong meanwhile
     */
    Upserts(
            Function<JsonReader, T> read,
            Function<T, String> code,
            Function<Collection<T>, Map<String, Problem>> wrong,
            Function<List<T>, Map<String, Problem>> put) {
        this.read = read;
        this.code = code;
        this.wrong = wrong;
        this.put = put;
    }

    void take(Call call) throws IOException {
        if (call.isNdjson()) {
            lines(call);
        } else {
            array(call);
        }
    }

    private void array(Call call) throws IOException {
        Map<String, T> all = new LinkedHashMap<>();
        try (JsonReader in = call.json()) {
            in.begin();
            in.list(MOST_IN_AN_ARRAY, element -> {
                T thing = read.apply(in);
                if (all.put(code.apply(thing), thing) != null) {
                    throw NotDone.at(in.path(), RefusalCode.INVALID_FIELD, code.apply(thing) + " is there twice");
                }
                return thing;
            });
            in.end();
        }
        refuse(wrong.apply(all.values()), all);
        if (!all.isEmpty()) {
            refuse(put.apply(List.copyOf(all.values())), all);
        }
        call.reply(200, json -> {
            json.writeStartObject();
            json.writeNumberProperty("taken", all.size());
            json.writeEndObject();
        });
    }

    /** Tells the first problem there is. */
    private void refuse(Map<String, Problem> problems, Map<String, T> all) {
        int at = 0;
        for (String thing : all.keySet()) {
            Problem problem = problems.get(thing);
            if (problem != null) {
                throw new NotDone(problem.at("[" + at + "]." + problem.path()));
            }
            at++;
        }
    }

    private void lines(Call call) throws IOException {
        NdjsonLines lines = call.lines();
        try (LineResults results = new LineResults(call)) {
            Chunk chunk = new Chunk();
            while (lines.next()) {
                chunk.read(lines);
                if (chunk.isFull()) {
                    chunk.finish(results);
                    chunk = new Chunk();
                }
            }
            chunk.finish(results);
            results.answer();
        }
    }

    /** Some lines; of two with one code the later counts. */
    private final class Chunk {
        private final Map<String, T> things = new LinkedHashMap<>();
        private final List<Line> lines = new ArrayList<>();

        /** @param problem what is wrong with it, or nothing */
        private record Line(int number, String code, byte[] problem) {}

        void read(NdjsonLines from) {
            try (JsonReader in = from.json()) {
                in.begin();
                T thing = read.apply(in);
                in.end();
                things.put(code.apply(thing), thing);
                lines.add(new Line(from.number(), code.apply(thing), new byte[0]));
            } catch (RuntimeException e) {
                lines.add(new Line(from.number(), "", LineResults.bytes(from.number(), LineResults.problem(e))));
            }
        }

        boolean isFull() {
            return lines.size() == LINES_AT_ONCE;
        }

        /** What is wrong, and what refers to it, is not written. */
        private Map<String, Problem> takeOut() {
            Map<String, Problem> problems = new HashMap<>();
            Map<String, Problem> more = wrong.apply(things.values());
            while (!more.isEmpty()) {
                problems.putAll(more);
                things.keySet().removeAll(more.keySet());
                more = wrong.apply(things.values());
            }
            return problems;
        }

        /**
         * Until nothing has become wrong any more while it was looked at.
         *
         * @param problems to which what is found is added, also when writing fails in the end
         */
        private void putAll(Map<String, Problem> problems) {
            problems.putAll(takeOut());
            while (!things.isEmpty()) {
                Map<String, Problem> more = put.apply(List.copyOf(things.values()));
                if (more.isEmpty()) {
                    return;
                }
                problems.putAll(more);
                things.keySet().removeAll(more.keySet());
                problems.putAll(takeOut());
            }
        }

        void finish(LineResults results) throws IOException {
            Map<String, Problem> problems = new HashMap<>();
            RuntimeException failure = null;
            try {
                putAll(problems);
            } catch (RuntimeException e) {
                failure = e;
            }
            for (Line line : lines) {
                if (line.problem().length > 0) {
                    results.add(CompletableFuture.completedFuture(line.problem()));
                } else if (problems.containsKey(line.code())) {
                    results.add(line.number(), problems.get(line.code()));
                } else if (failure != null) {
                    results.add(line.number(), LineResults.problem(failure));
                } else {
                    results.add(line.number(), 200, json -> json.writeStringProperty("code", line.code()));
                }
            }
        }
    }
}
