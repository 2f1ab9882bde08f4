package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.broker.Broker;
import dev.tutti.postgres.verify.Verification;
import dev.tutti.server.crash.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;

/**
 * A server, in a process of its own, dies at each moment at which it matters, with orders to be paid, events to be told
 * and orders to be taken from a topic; another one finds what it has left. Money moves once, and all is told.
 */
class CrashPointsTest {
    private static final Pattern ADDRESS = Pattern.compile("answers on http://[^:]+:(\\d+)");
    private static final int KILLED = 137;
    private static final int ORDERS = 20;

    @TempDir
    static Path directory;

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.start(directory, 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** A server that was started as a user starts it. */
    private record Running(Process process, int port) {
        static Running start(String url, String topic, String... flags) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path")));
            command.addAll(List.of(flags));
            command.addAll(List.of(Tutti.class.getName(), "--db", url, "--port", "0", "--orders-from", topic));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher address = ADDRESS.matcher(line);
                if (address.find()) {
                    return new Running(process, Integer.parseInt(address.group(1)));
                }
            }
            throw new IOException("the server ended before it answered");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverAServerThatDiesLeavesBehindIsFinishedOnce(CrashPoint point) throws Exception {
        String topic = "orders-" + point.name();
        try (Sandbox provider = Sandbox.start();
                Receiver receiver = Receiver.start()) {
            provider.answering(order -> "");
            String url;
            String key;
            try (TestHub hub = TestHub.start().withMasterData().withStock("A", "DC", 100_000)) {
                url = hub.url();
                key = hub.adminKey();
                receiver.knowing(configured(hub.admin(), provider, receiver));
            }
            write(topic);
            String address = "kafka://" + broker.address() + "/" + topic;
            Running doomed = Running.start(url, address, "-Dtutti.crash=" + point.name());
            List<String> acknowledged = place(new Http(doomed.port(), key));
            assertThat(doomed.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(doomed.process().exitValue()).isEqualTo(KILLED);

            Running heir = Running.start(url, address);
            try {
                acknowledged.addAll(place(new Http(heir.port(), key)));
                allIsDone(url, provider, receiver);
            } finally {
                heir.process().destroy();
                heir.process().waitFor();
            }
            assertThat(Orders.in(url).versions().keySet()).containsAll(acknowledged);
            assertThat(violations(url)).isEmpty();
        }
    }

    private static String configured(Http admin, Sandbox provider, Receiver receiver) throws IOException {
        String flow = Files.readString(Path.of("../examples/flows/paid.yaml"));
        Http.Reply reply = admin.json(
                "POST", "/v1/configuration/apply", Configured.paid(flow, "shop", provider.url(), receiver.url()));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return admin.send("POST", "/v1/subscriptions/all/secrets").text("secret");
    }

    private static String order(String externalId) {
        return """
                {"channel":"shop","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},\
                "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}""".formatted(externalId);
    }

    /** What was answered with 201, as far as there was anybody to answer. */
    private static List<String> place(Http http) {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            try {
                Http.Reply reply = http.json("POST", "/v1/orders", order("http-" + http.hashCode() + "-" + i));
                if (reply.status() == 201) {
                    placed.add(reply.text("id"));
                }
            } catch (UncheckedIOException gone) {
                return placed;
            }
        }
        return placed;
    }

    private static void write(String topic) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", broker.address());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < ORDERS; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, order("topic-" + i)))
                        .get();
            }
        }
    }

    /** Waits until all orders of the topic are there, all are authorised, each once, and all is told in order. */
    private static void allIsDone(String url, Sandbox provider, Receiver receiver) throws Exception {
        Orders orders = Orders.in(url);
        for (int i = 0; i < 600 && !orders.areDone(told(receiver)); i++) {
            Thread.sleep(100);
            orders = Orders.in(url);
        }
        assertThat(orders.fromTheTopic()).isEqualTo(Orders.ALL_OF_THE_TOPIC);
        assertThat(orders.waiting()).isZero();
        assertThat(told(receiver)).isEqualTo(orders.versions());
        assertThat(receiver.badSignatures()).isZero();
        assertThat(provider.done()).hasSize(orders.versions().size());
    }

    /**
     * What the database holds at one moment.
     *
     * @param versions by order
     * @param fromTheTopic the orders of the topic, by what their channel calls them; one that is there twice is twice in it
     * @param waiting how many wait for their payment
     */
    private record Orders(Map<String, Integer> versions, List<String> fromTheTopic, int waiting) {
        static final List<String> ALL_OF_THE_TOPIC =
                IntStream.range(0, ORDERS).mapToObj(i -> "topic-" + i).sorted().toList();

        static Orders in(String url) throws SQLException {
            Map<String, Integer> versions = new HashMap<>();
            List<String> fromTheTopic = new ArrayList<>();
            int waiting = 0;
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("""
                            select id, version, step = 'authorise', external_id
                            from orders
                            order by external_id collate "C"
                            """)) {
                while (row.next()) {
                    versions.put(row.getString(1), row.getInt(2));
                    waiting += row.getBoolean(3) ? 1 : 0;
                    if (row.getString(4).startsWith("topic-")) {
                        fromTheTopic.add(row.getString(4));
                    }
                }
            }
            return new Orders(versions, fromTheTopic, waiting);
        }

        boolean areDone(Map<String, Integer> told) {
            return fromTheTopic.equals(ALL_OF_THE_TOPIC) && waiting == 0 && told.equals(versions);
        }
    }

    private static Map<String, Integer> told(Receiver receiver) {
        Map<String, Integer> told = new HashMap<>();
        for (JsonNode event : receiver.taken()) {
            String order = event.at("/data/order").asString();
            int version = event.at("/data/version").asInt();
            int before = told.getOrDefault(order, 0);
            assertThat(version).as("of order " + order).isLessThanOrEqualTo(before + 1);
            told.put(order, Math.max(before, version));
        }
        return told;
    }

    private static List<String> violations(String url) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        List<String> violations = new ArrayList<>();
        new Verification(database).run(List.of(), finding -> violations.addAll(finding.violations()));
        return violations;
    }
}
