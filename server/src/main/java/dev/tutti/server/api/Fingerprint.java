package dev.tutti.server.api;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells contents apart: the first 64 bits of SHA-256 over what was understood of a request, in one order and with
 * defaults filled in, so that white space and the order of fields do not matter.
 */
final class Fingerprint {
    private static final ClassValue<List<Method>> PARTS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private byte[] content = new byte[1024];
    private int size;

    Fingerprint add(long number) {
        reserve(8);
        ByteBuffer.wrap(content).putLong(size, number);
        size += 8;
        return this;
    }

    /** Part by part, each with its length: two contents that would be written alike stay two. */
    Fingerprint add(@Nullable Object value) {
        switch (value) {
            case null -> add(-1);
            case Record record -> addParts(record);
            case Map<?, ?> map -> {
                add(map.size());
                map.forEach((key, part) -> add(key).add(part));
            }
            case Collection<?> parts -> {
                add(parts.size());
                parts.forEach(this::add);
            }
            default -> addText(value);
        }
        return this;
    }

    private void addParts(Record record) {
        addText(record.getClass().getSimpleName());
        for (Method part : PARTS.get(record.getClass())) {
            try {
                add(part.invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a part of " + record.getClass() + " cannot be read", e);
            }
        }
    }

    private void addText(Object value) {
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        reserve(bytes.length);
        System.arraycopy(bytes, 0, content, size, bytes.length);
        size += bytes.length;
    }

    private void reserve(int bytes) {
        if (size + bytes > content.length) {
            content = Arrays.copyOf(content, Math.max(size + bytes, content.length * 2));
        }
    }

    long value() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, 0, size);
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
