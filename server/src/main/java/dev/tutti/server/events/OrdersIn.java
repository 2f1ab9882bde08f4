package dev.tutti.server.events;

import dev.tutti.conveyor.Audit;
import dev.tutti.server.backoff.Stop;
import dev.tutti.server.crash.CrashPoint;
import dev.tutti.server.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes orders in from a topic, each message as it would be posted to {@code /v1/orders}. A message is done when its order
 * is durable: its place in the topic moves on after that, and what comes again is known by the channel's number. What can
 * never be taken goes, with the reason, to the topic's neighbour named {@code .refused}; nothing is held up by it
 * for more than some seconds.
 */
public final class OrdersIn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersIn.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final long PAUSE_MILLIS = 1_000;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_BYTES = 32 << 20;
    /** Of a server that has died: then others take its share. */
    private static final int LONGEST_SILENCE_MILLIS = 10_000;

    private static final int LONGEST_BATCH_MILLIS = 600_000;

    private final KafkaTopic topic;
    private final Intake intake;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> refused;
    private final Thread thread = Thread.ofPlatform().name("orders-in").unstarted(this::run);
    private final Stop stop = new Stop();

    /** Takes one order in. */
    @FunctionalInterface
    public interface Intake {
        CompletableFuture<Taken> take(byte[] order, Audit audit);
    }

    /**
     * What became of one.
     *
     * @param problem why it was not taken, as JSON; empty if it was
     * @param tries how often it may be tried again before it is put aside
     */
    public record Taken(byte[] problem, int tries) {}

    private OrdersIn(KafkaTopic topic, Intake intake) {
        this.topic = topic;
        this.intake = intake;
        this.consumer = new KafkaConsumer<>(
                consumerProperties(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.refused =
                new KafkaProducer<>(producerProperties(topic), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public static OrdersIn start(KafkaTopic topic, Intake intake) {
        OrdersIn orders = new OrdersIn(topic, intake);
        orders.thread.start();
        return orders;
    }

    private static Properties consumerProperties(KafkaTopic topic) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topic.bootstrap());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "tutti-" + topic.name());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, LONGEST_SILENCE_MILLIS);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_ONCE);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, LONGEST_BATCH_MILLIS);
        return properties;
    }

    private static Properties producerProperties(KafkaTopic topic) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, topic.bootstrap());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
        return properties;
    }

    private void run() {
        try (consumer;
                refused) {
            consumer.subscribe(List.of(topic.name()));
            while (!stop.isAsked()) {
                try {
                    takeInOrGoBack(consumer.poll(PATIENCE));
                } catch (WakeupException e) {
                    return;
                } catch (KafkaException e) {
                    LOG.warn("orders of {} wait for Kafka: {}", topic.name(), e.getMessage());
                    stop.isAskedWithin(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unforeseen) {
            LOG.error("ALARM: no more orders are taken in from {}", topic.name(), unforeseen);
        }
    }

    /** What was read and not taken in is read again. */
    private void takeInOrGoBack(ConsumerRecords<byte[], byte[]> messages) throws InterruptedException {
        boolean done = false;
        try {
            takeIn(messages);
            done = true;
        } finally {
            if (!done) {
                messages.partitions()
                        .forEach(partition -> consumer.seek(
                                partition,
                                messages.records(partition).getFirst().offset()));
            }
        }
    }

    private void takeIn(ConsumerRecords<byte[], byte[]> messages) throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> left = new ArrayList<>();
        messages.forEach(left::add);
        for (int tries = 1; !left.isEmpty(); tries++) {
            left = takeIn(left, tries);
            if (!left.isEmpty()) {
                if (stop.isAskedWithin(PAUSE_MILLIS)) {
                    return; // its place stays where it was
                }
            }
        }
        if (!messages.isEmpty()) {
            CrashPoint.ORDERS_TAKEN_IN.pass();
            consumer.commitSync();
        }
    }

    /** @return what may be taken another time */
    private List<ConsumerRecord<byte[], byte[]>> takeIn(List<ConsumerRecord<byte[], byte[]>> messages, int tries)
            throws InterruptedException {
        List<CompletableFuture<Taken>> answers = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            String origin = topic.name() + "-" + message.partition() + "-" + message.offset();
            byte[] order = message.value() == null ? new byte[0] : message.value();
            answers.add(intake.take(order, new Audit("kafka:" + topic.name(), origin, Engine.now(), "")));
        }
        List<ConsumerRecord<byte[], byte[]>> again = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Taken taken = answers.get(i).join();
            boolean put = taken.problem().length == 0
                    || (tries > taken.tries() && isPutAside(messages.get(i), taken.problem()));
            if (!put) {
                again.add(messages.get(i));
            }
        }
        return again;
    }

    private boolean isPutAside(ConsumerRecord<byte[], byte[]> message, byte[] problem) throws InterruptedException {
        ProducerRecord<byte[], byte[]> copy =
                new ProducerRecord<>(topic.name() + ".refused", message.key(), message.value());
        String origin = message.topic() + "-" + message.partition() + "-" + message.offset();
        copy.headers().add("problem", problem).add("origin", origin.getBytes(StandardCharsets.UTF_8));
        try {
            refused.send(copy).get();
            return true;
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("a refused order, {}, cannot be put aside: {}", origin, e.getMessage());
            return e.getCause() instanceof RecordTooLargeException && isNamedAside(copy);
        }
    }

    /** What the broker will not hold a second time is named, with the reason; the message itself is where it was. */
    private boolean isNamedAside(ProducerRecord<byte[], byte[]> copy) throws InterruptedException {
        try {
            refused.send(new ProducerRecord<>(copy.topic(), null, copy.key(), null, copy.headers()))
                    .get();
            return true;
        } catch (ExecutionException | KafkaException e) {
            return false;
        }
    }

    @Override
    public void close() {
        stop.ask();
        consumer.wakeup();
        Stop.join(thread);
    }
}
