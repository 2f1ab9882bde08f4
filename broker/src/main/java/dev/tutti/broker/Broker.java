package dev.tutti.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** One broker, which is its own controller. It keeps what it is told when it is stopped and started again. */
public final class Broker implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final int controllerPort;
    private KafkaRaftServer server;

    private Broker(Path directory, int port, int controllerPort) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
        this.server = started();
    }

    /**
     * Starts a broker.
     *
     * @param directory for its data; is made if it is not there
     * @param port 0 for any that is free
     */
    public static Broker start(Path directory, int port) {
        try {
            Files.createDirectories(directory);
            return new Broker(directory, port == 0 ? freePort() : port, freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Such as {@code 127.0.0.1:9092}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Stops answering; what it was told stays. */
    public void pause() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Answers again, at the same address. */
    public void goOn() {
        server = started();
    }

    private KafkaRaftServer started() {
        Properties properties = properties();
        format(properties);
        KafkaRaftServer raft = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        raft.startup();
        return raft;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("offsets.topic.num.partitions", "1");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("num.partitions", "4");
        return properties;
    }

    /** Only if it has not been before. */
    private void format(Properties properties) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Path file = Files.createTempFile("tutti-broker", ".properties");
            try {
                try (var out = Files.newBufferedWriter(file)) {
                    properties.store(out, null);
                }
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
                int status = StorageTool.execute(format, new PrintStream(said, true, StandardCharsets.UTF_8));
                if (status != 0) {
                    throw new IllegalStateException(said.toString(StandardCharsets.UTF_8));
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        pause();
    }

    /** {@code DIRECTORY [PORT]}: runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        Broker broker = start(Path.of(arguments[0]), port);
        System.out.println("Kafka answers on " + broker.address());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        broker.close();
        System.exit(0);
    }
}
