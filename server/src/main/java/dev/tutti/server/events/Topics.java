package dev.tutti.server.events;

import dev.tutti.postgres.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes events to topics of Kafka, keyed by their order: so a partition has an order's events in their order. */
final class Topics implements Sink {
    private static final Duration TO_CLOSE = Duration.ofSeconds(5);
    private static final int LINGER_MILLIS = 2;
    /** The broker may want less. */
    private static final int MOST_BYTES = 32 << 20;

    private static final int LONGEST_BLOCK_MILLIS = 5_000;
    private static final int LONGEST_DELIVERY_MILLIS = 10_000;
    private static final int LONGEST_REQUEST_MILLIS = 5_000;

    /** Whatever else goes wrong, such as a right that is missing, goes wrong for all events alike. */
    private static final List<Class<? extends KafkaException>> EVENTS_FAULT =
            List.of(RecordTooLargeException.class, InvalidRecordException.class);

    private final Map<String, KafkaProducer<String, byte[]>> producers = new ConcurrentHashMap<>();

    @Override
    public Answer send(Subscription to, List<String> secrets, CloudEvent event) throws InterruptedException {
        KafkaTopic topic = KafkaTopic.of(to.url());
        if (topic == null) {
            return new Answer.Missed("this is no address of a topic", false);
        }
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic.name(), event.partitionKey(), event.body());
        message.headers().add("content-type", CloudEvent.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
        try {
            producers
                    .computeIfAbsent(topic.bootstrap(), Topics::producer)
                    .send(message)
                    .get(LONGEST_BLOCK_MILLIS + LONGEST_DELIVERY_MILLIS, TimeUnit.MILLISECONDS);
            return new Answer.Taken();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String failure = "not written: " + cause.getClass().getSimpleName();
            return EVENTS_FAULT.stream().anyMatch(fault -> fault.isInstance(cause))
                    ? new Answer.Impossible(failure)
                    : new Answer.Missed(failure, false);
        } catch (TimeoutException e) {
            return new Answer.Missed("not written in time", false);
        } catch (KafkaException e) {
            return new Answer.Missed("not written: " + e.getClass().getSimpleName(), false);
        }
    }

    private static KafkaProducer<String, byte[]> producer(String bootstrap) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tutti");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, LONGEST_REQUEST_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, LONGEST_DELIVERY_MILLIS);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        producers.values().forEach(producer -> producer.close(TO_CLOSE));
    }
}
