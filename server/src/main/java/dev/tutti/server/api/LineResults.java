package dev.tutti.server.api;

import dev.tutti.server.http.Call;
import dev.tutti.server.http.Gate;
import dev.tutti.server.http.Problem;
import dev.tutti.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * The answer to a body of many lines: a result for each, in their order, written while the body is still being read.
 *
 * <p>Two bounds keep it in memory: lines under way, and results the caller has not taken yet. The second is wide, because
 * many callers send all they have before they read the first result; writing on a thread of its own keeps the two
 * from waiting for each other.
 */
final class LineResults implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineResults.class);
    private static final int UNDER_WAY = 2_048;
    private static final int NOT_TAKEN = 200_000;

    private static final int LINES_BETWEEN_LOOKS = 100;

    private final Call call;
    private final OutputStream out;
    private final LinkedBlockingQueue<Optional<CompletableFuture<byte[]>>> results = new LinkedBlockingQueue<>();
    private final Semaphore underWay = new Semaphore(UNDER_WAY);
    private final Semaphore notTaken = new Semaphore(NOT_TAKEN);
    private final Thread writer;
    private volatile boolean failed;
    private long lines;

    LineResults(Call call) throws IOException {
        this.call = call;
        this.out = call.replyLines();
        this.writer = Thread.startVirtualThread(this::write);
    }

    /** The result of a line that is certain already. */
    void add(int line, int status, Consumer<JsonGenerator> more) throws IOException {
        add(CompletableFuture.completedFuture(bytes(line, status, more)));
    }

    void add(int line, Problem problem) throws IOException {
        add(CompletableFuture.completedFuture(bytes(line, problem)));
    }

    /** The result of a line that will be certain later; waits while too many are under way. */
    void add(CompletableFuture<byte[]> result) throws IOException {
        acquire(underWay);
        acquire(notTaken);
        if (failed) {
            throw new IOException("the caller has gone");
        }
        if (++lines % LINES_BETWEEN_LOOKS == 0 && !call.callerIsStillIn()) {
            throw new IOException("the caller's key was revoked");
        }
        results.add(Optional.of(result.whenComplete((bytes, failure) -> underWay.release())));
    }

    static byte[] bytes(int line, int status, Consumer<JsonGenerator> more) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberProperty("line", line);
            json.writeNumberProperty("status", status);
            more.accept(json);
            json.writeEndObject();
            json.writeRaw('\n');
        });
    }

    static byte[] bytes(int line, Problem problem) {
        return bytes(line, problem.status(), json -> {
            json.writeName("problem");
            problem.write(json);
        });
    }

    /** What went wrong with one line; whatever is not about the line goes on. */
    static Problem problem(RuntimeException e) {
        return Gate.problem("a line", e);
    }

    private void acquire(Semaphore semaphore) throws IOException {
        try {
            semaphore.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void write() {
        try {
            // The end is an empty place in the queue.
            for (var next = results.take(); next.isPresent(); next = results.take()) {
                if (!next.get().isDone()) {
                    flush();
                }
                write(next.get());
                notTaken.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(CompletableFuture<byte[]> result) throws InterruptedException {
        try {
            write(result.get());
        } catch (ExecutionException e) {
            LOG.error("a result is missing; the answer is cut off", e.getCause());
            failed = true;
        }
    }

    private void write(byte[] result) {
        try {
            if (!failed) {
                out.write(result);
            }
        } catch (IOException e) {
            failed = true;
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            failed = true;
        }
    }

    /** Waits until all results are written. */
    @Override
    public void close() throws IOException {
        results.add(Optional.empty());
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (failed) {
            throw new IOException("the results could not be written");
        }
    }
}
