package dev.tutti.server.api;

import dev.tutti.server.http.Call;
import dev.tutti.server.http.Gate;
import dev.tutti.server.http.Problem;
import dev.tutti.server.http.Spool;
import dev.tutti.server.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * The answer to a body of many lines: a result for each, in their order, when the last has come.
 *
 * <p>Not before: most callers send all they have before they read anything, and what is written to one of them waits for
 * the caller, who waits for us to read. So lines under way are bounded, and results are spooled.
 */
final class LineResults implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineResults.class);
    private static final int UNDER_WAY = 2_048;
    private static final int LINES_BETWEEN_LOOKS = 100;

    private final Call call;
    private final Spool spool = new Spool();
    private final LinkedBlockingQueue<Optional<CompletableFuture<byte[]>>> results = new LinkedBlockingQueue<>();
    private final Semaphore underWay = new Semaphore(UNDER_WAY);
    private final Thread writer;
    private volatile @Nullable Exception failure;
    private long lines;

    LineResults(Call call) {
        this.call = call;
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
        try {
            underWay.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (failure != null) {
            throw new IOException("results are lost", failure);
        }
        if (++lines % LINES_BETWEEN_LOOKS == 0 && !call.callerIsStillIn()) {
            throw new IOException("the caller's key was revoked");
        }
        results.add(Optional.of(result));
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

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    private void write() {
        try {
            // The end is an empty place in the queue.
            for (var next = results.take(); next.isPresent(); next = results.take()) {
                spool.write(next.get().get());
                underWay.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | IOException e) {
            LOG.error("a result is missing; there is no answer", e);
            failure = e;
            // Whoever waits for room is to see it.
            underWay.release(UNDER_WAY);
        }
    }

    /** Waits until all results are certain, and answers with them; for whoever has read the body to its end. */
    void answer() throws IOException {
        await();
        if (failure != null) {
            throw new IOException("results are lost", failure);
        }
        spool.transferTo(call.replyLines());
    }

    private void await() throws IOException {
        results.add(Optional.empty());
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until all results are certain, also where the body ended with a problem, which is the answer then. */
    @Override
    public void close() throws IOException {
        try (spool) {
            await();
        }
    }
}
