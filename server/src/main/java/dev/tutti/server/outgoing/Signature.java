package dev.tutti.server.outgoing;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of what the hub sends, as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> has them. */
public final class Signature {
    public static final String ID = "webhook-id";
    public static final String TIMESTAMP = "webhook-timestamp";
    public static final String SIGNATURE = "webhook-signature";

    /** An older or younger message is not believed. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    private static final String PREFIX = "whsec_";
    private static final String VERSION = "v1,";
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Signature() {}

    /** A new secret, as it is shown. */
    public static String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    /** Adds to a request that it is the hub's, if there is a secret to show it with. */
    public static HttpRequest.Builder sign(HttpRequest.Builder request, List<String> secrets, String id, byte[] body) {
        if (secrets.isEmpty()) {
            return request;
        }
        long now = System.currentTimeMillis() / 1_000;
        return request.header(ID, id)
                .header(TIMESTAMP, Long.toString(now))
                .header(SIGNATURE, of(secrets, id, now, body));
    }

    /**
     * What goes with a message: one signature for each secret that is in use.
     *
     * @param timestamp seconds since 1970
     */
    public static String of(List<String> secrets, String id, long timestamp, byte[] body) {
        List<String> signatures = new ArrayList<>();
        for (String secret : secrets) {
            signatures.add(VERSION + Base64.getEncoder().encodeToString(hmac(secret, id, timestamp, body)));
        }
        return String.join(" ", signatures);
    }

    /** Whether a message was signed with the secret, not long ago. */
    public static boolean matches(String secret, String id, long timestamp, byte[] body, String given, Instant now) {
        if (Math.abs(now.getEpochSecond() - timestamp) > WINDOW.toSeconds()) {
            return false;
        }
        byte[] wanted = (VERSION + Base64.getEncoder().encodeToString(hmac(secret, id, timestamp, body)))
                .getBytes(StandardCharsets.UTF_8);
        boolean matches = false;
        for (String one : given.split(" ", -1)) {
            matches |= MessageDigest.isEqual(wanted, one.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }

    private static byte[] hmac(String secret, String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
