package dev.tutti.server.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells contents apart: the first 64 bits of SHA-256 over what was understood of a request, in one order and with
 * defaults filled in, so that white space and the order of fields do not matter.
 */
final class Fingerprint {
    private byte[] content = new byte[1024];
    private int size;

    Fingerprint add(long number) {
        reserve(8);
        ByteBuffer.wrap(content).putLong(size, number);
        size += 8;
        return this;
    }

    Fingerprint add(@Nullable Object value) {
        if (value == null) {
            return add(-1);
        }
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        reserve(bytes.length);
        System.arraycopy(bytes, 0, content, size, bytes.length);
        size += bytes.length;
        return this;
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
