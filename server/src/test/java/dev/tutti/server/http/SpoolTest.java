package dev.tutti.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 65_537, 1_000_000})
    void whatWasWrittenIsRead(int bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] all = new byte[bytes];
        random.nextBytes(all);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Spool spool = new Spool()) {
            for (int at = 0; at < bytes; ) {
                int length = Math.min(bytes - at, random.nextInt(100) == 0 ? 70_000 : 1 + random.nextInt(300));
                spool.write(all, at, length);
                at += length;
            }
            spool.transferTo(read);
        }
        assertThat(read.toByteArray()).isEqualTo(all);
    }
}
