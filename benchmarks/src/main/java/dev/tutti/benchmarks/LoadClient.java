package dev.tutti.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A load generator that costs little: one thread, many keep-alive connections, requests made beforehand or cheaply.
 *
 * <p>Either as fast as answers come (closed loop), or at a rate, when latency counts from the moment a request was due
 * and not from the moment a connection was free for it (open loop, no coordinated omission).
 */
public final class LoadClient {
    /** Is told of each answer. */
    public interface Listener {
        void answered(int request, int status, String body);
    }

    /** Latencies in nanoseconds, sorted, and how the statuses fell. */
    public record Result(
            int answered, int failed, int[] statuses, long[] latencies, double seconds, double cpuSeconds) {
        public double perSecond() {
            return answered / seconds;
        }

        public double millis(double quantile) {
            return latencies.length == 0
                    ? 0
                    : latencies[(int) Math.min(latencies.length - 1, Math.floor(quantile * latencies.length))] / 1e6;
        }

        public int status(int status) {
            return statuses[status];
        }
    }

    private final InetSocketAddress[] addresses;
    /** What stands before the length of the body; empty for requests without one. */
    private final String head;

    private final String apiKey;
    private final boolean posts;
    private final int connections;

    /** @param path of the resource that is posted to */
    public LoadClient(int[] ports, String apiKey, String path, int connections) {
        this(
                ports,
                apiKey,
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + apiKey
                        + "\r\nContent-Type: application/json\r\nContent-Length: ",
                connections,
                true);
    }

    /** One that gets: what is supplied are paths. */
    static LoadClient getting(int[] ports, String apiKey, int connections) {
        return new LoadClient(ports, apiKey, "", connections, false);
    }

    private LoadClient(int[] ports, String apiKey, String head, int connections, boolean posts) {
        this.apiKey = apiKey;
        this.posts = posts;
        this.addresses = Arrays.stream(ports)
                .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toArray(InetSocketAddress[]::new);
        this.head = head;
        this.connections = connections;
    }

    private static final class Line {
        final InetSocketAddress address;
        SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocate(1 << 17);
        ByteBuffer out = ByteBuffer.allocate(0);
        long dueAt;
        int request = -1;

        Line(InetSocketAddress address) throws IOException {
            this.address = address;
            this.channel = SocketChannel.open(address);
        }
    }

    /**
     * Sends requests.
     *
     * @param rate a second; 0 means as fast as they are answered
     */
    public Result run(int requests, double rate, Supplier<String> bodies, Listener listener) throws IOException {
        Selector selector = Selector.open();
        List<Line> all = new ArrayList<>();
        ArrayDeque<Line> free = new ArrayDeque<>();
        for (int i = 0; i < connections; i++) {
            Line line = new Line(addresses[i % addresses.length]);
            open(line, selector);
            all.add(line);
            free.add(line);
        }
        long[] latencies = new long[requests];
        int[] statuses = new int[600];
        int sent = 0;
        int answered = 0;
        int failed = 0;
        long cpu = cpuNanos();
        long started = System.nanoTime();
        while (answered + failed < requests) {
            long now = System.nanoTime();
            while (!free.isEmpty() && sent < requests && (rate == 0 || started + (long) (sent * 1e9 / rate) <= now)) {
                Line line = free.remove();
                line.dueAt = rate == 0 ? now : started + (long) (sent * 1e9 / rate);
                line.request = sent++;
                send(line, bodies.get());
            }
            if (rate == 0) {
                selector.select(1000);
            } else {
                long next = started + (long) (sent * 1e9 / rate) - System.nanoTime();
                // Never spins: the processor belongs to what is measured. What is sent a little late counts as late.
                if (next > 0 || free.isEmpty() || sent == requests) {
                    selector.select(Math.max(1, Math.min(100, next / 1_000_000)));
                } else {
                    selector.selectNow();
                }
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Line line = (Line) key.attachment();
                try {
                    String answer = read(line);
                    if (answer != null) {
                        int status = Integer.parseInt(answer.substring(9, 12));
                        statuses[status]++;
                        latencies[answered++] = System.nanoTime() - line.dueAt;
                        listener.answered(line.request, status, answer.substring(answer.indexOf("\r\n\r\n") + 4));
                        line.request = -1;
                        free.add(line);
                    }
                } catch (IOException e) {
                    key.cancel();
                    line.channel.close();
                    if (line.request >= 0) {
                        failed++;
                        line.request = -1;
                    }
                    if (reopen(line, selector)) {
                        free.add(line);
                    } else if (all.stream().noneMatch(l -> l.channel.isOpen())) {
                        throw new IOException("no server answers any more", e);
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        for (Line line : all) {
            line.channel.close();
        }
        selector.close();
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return new Result(answered, failed, statuses, sorted, seconds, cpuSeconds);
    }

    private static void open(Line line, Selector selector) throws IOException {
        line.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        line.channel.configureBlocking(false);
        line.channel.register(selector, SelectionKey.OP_READ, line);
        line.in.clear();
    }

    private static boolean reopen(Line line, Selector selector) {
        try {
            line.channel = SocketChannel.open(line.address);
            open(line, selector);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void send(Line line, String body) throws IOException {
        byte[] content = posts ? body.getBytes(StandardCharsets.UTF_8) : new byte[0];
        String first = posts
                ? head + content.length
                : "GET " + body + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + apiKey;
        byte[] header = (first + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer request = ByteBuffer.allocate(header.length + content.length);
        request.put(header).put(content).flip();
        line.out = request;
        try {
            // A request is far smaller than the socket's buffer and the line is idle: it goes out whole.
            while (line.out.hasRemaining()) {
                line.channel.write(line.out);
            }
        } catch (IOException e) {
            // The line is dead; reading it will say so.
        }
    }

    /** The whole answer, or null if more is to come. */
    private static @Nullable String read(Line line) throws IOException {
        if (line.channel.read(line.in) < 0) {
            throw new IOException("closed by the server");
        }
        String text = new String(line.in.array(), 0, line.in.position(), StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return null;
        }
        String headers = text.substring(0, end).toLowerCase(java.util.Locale.ROOT);
        int at = headers.indexOf("content-length:");
        boolean whole;
        if (at >= 0) {
            int stop = headers.indexOf('\r', at);
            int length = Integer.parseInt(headers.substring(at + 15, stop < 0 ? headers.length() : stop)
                    .trim());
            whole = line.in.position() >= end + 4 + length;
        } else {
            whole = text.endsWith("0\r\n\r\n");
        }
        if (!whole) {
            return null;
        }
        line.in.clear();
        return text;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
