package dev.tutti.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.broker.Broker;
import dev.tutti.server.events.KafkaTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events go to a topic and orders come from one: with a real broker, which is stopped for a while and flooded after. */
class KafkaTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final long AWAY_MILLIS = DEEP ? 180_000 : 15_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int FLOOD = DEEP ? 5_000 : 500;

    @TempDir
    static Path directory;

    private static Broker broker;
    private static TestHub hub;
    private static Http admin;

    @BeforeAll
    static void start() {
        broker = Broker.start(directory, 0);
        hub = TestHub.start().withMasterData().withStock("A", "DC", 1_000_000);
        admin = hub.admin();
    }

    @AfterAll
    static void stop() {
        hub.close();
        broker.close();
    }

    private static String topic(String name) {
        return "kafka://" + broker.address() + "/" + name;
    }

    private static void configure(String code, String more) {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"channels": [{"code": "%s", "currency": "EUR", "flow": "ship"}]%s, "reason": "a test"}
                """.formatted(code, more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private static String order(String channel, String externalId) {
        return """
                {"channel":"%s","externalId":"%s","currency":"EUR","shipTo":{"country":"GB"},\
                "lines":[{"sku":"A","quantity":1,"unitPrice":100}]}""".formatted(channel, externalId);
    }

    private static void place(String channel, String prefix, int orders) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < orders; i++) {
            lines.append(order(channel, prefix + "-" + i)).append('\n');
        }
        assertThat(admin.ndjson("/v1/orders/bulk", lines.toString()).lines())
                .allMatch(line -> line.at("/status").asInt() == 201);
    }

    private static Map<String, Integer> versions(String channel) throws SQLException {
        Map<String, Integer> versions = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(hub.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select o.id, o.version from orders o join channel c on c.id = o.channel_id where c.code = '%s'
                        """.formatted(channel))) {
            while (row.next()) {
                versions.put(row.getString(1), row.getInt(2));
            }
        }
        return versions;
    }

    private static KafkaConsumer<String, String> reader(String topic) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", broker.address());
        properties.setProperty("group.id", "test-" + System.nanoTime());
        properties.setProperty("auto.offset.reset", "earliest");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** Reads until each order's newest version was read; the first time an event comes, all before it must have. */
    private static void allIsTold(String topic, String channel) throws SQLException {
        Map<String, Integer> wanted = versions(channel);
        Map<String, Integer> told = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = reader(topic)) {
            // By time, for a flood comes in as many answers as the broker likes.
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!told.equals(wanted) && System.nanoTime() - until < 0) {
                for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(500))) {
                    JsonNode event = JsonMapper.shared().readTree(message.value());
                    assertThat(message.key()).isEqualTo(event.path("subject").asString());
                    int version = event.at("/data/version").asInt();
                    int before = told.getOrDefault(message.key(), 0);
                    assertThat(version).as("of order " + message.key()).isLessThanOrEqualTo(before + 1);
                    told.put(message.key(), Math.max(before, version));
                }
            }
        }
        assertThat(told).isEqualTo(wanted);
    }

    private static JsonNode state(String code) {
        for (JsonNode each : admin.get("/v1/subscriptions").json().path("subscriptions")) {
            if (each.path("code").asString().equals(code)) {
                return each;
            }
        }
        throw new AssertionError("there is no subscription " + code);
    }

    @Test
    void everyEventComesInTheOrderOfItsOrderAlsoWhenTheBrokerWasAwayForAWhile() throws Exception {
        configure("out", """
                , "subscriptions": [{"code": "lake", "url": "%s", "channels": ["out"], "atOnce": 100, "inside": true}]
                """.formatted(topic("orders-out")));
        place("out", "before", 50);
        allIsTold("orders-out", "out");

        broker.pause();
        place("out", "away", FLOOD / 2);
        Thread.sleep(AWAY_MILLIS);
        place("out", "still-away", FLOOD / 2);
        assertThat(state("lake").path("behindSeconds").asDouble()).isPositive();
        broker.goOn();
        place("out", "after", 50);

        allIsTold("orders-out", "out");
        assertThat(state("lake").path("deadLetters").asInt()).isZero();
    }

    @Test
    void ordersAreTakenFromATopicOnceByServersThatShareIt() throws Exception {
        configure("in", "");
        KafkaTopic topic = Objects.requireNonNull(KafkaTopic.of(topic("orders-in")));
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", broker.address());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 200; i++) {
                send(producer, "in-" + i, order("in", "in-" + i));
                if (i % 3 == 0) {
                    send(producer, "in-" + i, order("in", "in-" + i)); // a message that came twice
                }
            }
            send(producer, "broken", "{\"channel\": \"in\",");
            send(producer, "huge", "x".repeat(1_048_400)); // the broker will not hold it with a reason beside it
            send(producer, "unknown", order("in", "x").replace("\"A\"", "\"NOBODY-HAS-IT\""));
            send(producer, "in-0", order("in", "in-0").replace(":100}", ":200}"));
            Server second = hub.another(topic);
            try (Server first = hub.another(topic)) {
                taken(100);
                second.close(); // its share goes to the first
                broker.pause();
                Thread.sleep(2_000);
                broker.goOn();
                for (int i = 200; i < 300; i++) {
                    send(producer, "in-" + i, order("in", "in-" + i));
                }
                taken(300);
                assertThat(first.port()).isPositive();
            }
        }

        assertThat(versions("in")).hasSize(300);
        Map<String, String> refused = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = reader("orders-in.refused")) {
            for (int i = 0; i < 60 && refused.size() < 4; i++) {
                for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(500))) {
                    byte[] problem = message.headers().lastHeader("problem").value();
                    refused.put(
                            message.key(),
                            JsonMapper.shared()
                                    .readTree(new String(problem, StandardCharsets.UTF_8))
                                    .path("code")
                                    .asString());
                }
            }
        }
        assertThat(refused)
                .containsEntry("broken", "malformed-json")
                .containsEntry("huge", "malformed-json")
                .containsEntry("unknown", "unknown-item")
                .containsEntry("in-0", "key-reused");
    }

    private static void send(KafkaProducer<String, String> producer, String key, String order) throws Exception {
        producer.send(new ProducerRecord<>("orders-in", key, order)).get();
    }

    private static void taken(int orders) throws Exception {
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 1_200 && (seen.isEmpty() || seen.getLast() < orders); i++) {
            Thread.sleep(100);
            seen.add(versions("in").size());
        }
        assertThat(seen.getLast()).isGreaterThanOrEqualTo(orders);
    }

    @Test
    void anAddressThatIsNoTopicIsRefused() {
        Http.Reply reply = admin.json("POST", "/v1/configuration/apply", """
                {"subscriptions": [{"code": "x", "url": "kafka://nowhere/orders", "inside": true}], "reason": "x"}
                """);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text("/problems/0/path")).isEqualTo("subscriptions[0].url");
    }
}
