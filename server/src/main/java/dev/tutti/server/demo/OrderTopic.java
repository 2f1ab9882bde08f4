package dev.tutti.server.demo;

import dev.tutti.server.events.KafkaTopic;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic to which somebody outside writes orders. */
final class OrderTopic implements AutoCloseable {
    private final KafkaTopic topic;
    private final KafkaProducer<String, byte[]> producer;

    OrderTopic(KafkaTopic topic) {
        this.topic = topic;
        Properties properties = new Properties();
        properties.put("bootstrap.servers", String.join(",", topic.servers()));
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    KafkaTopic topic() {
        return topic;
    }

    /** Returns when it is written; false if it could not be. */
    boolean write(String number, byte[] order) {
        try {
            producer.send(new ProducerRecord<>(topic.name(), number, order)).get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
