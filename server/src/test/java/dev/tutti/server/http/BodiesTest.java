package dev.tutti.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private final Bodies bodies = new Bodies(400);

    @Test
    void oneCallerHasAShareAndTheOthersTheRest() {
        bodies.hold(1, 60);
        bodies.hold(1, 40);

        assertThatThrownBy(() -> bodies.hold(1, 1)).isInstanceOf(NotDone.class);
        bodies.hold(2, 100);
        bodies.hold(3, 100);
        bodies.hold(4, 100);
        assertThatThrownBy(() -> bodies.hold(5, 1)).isInstanceOf(NotDone.class);

        bodies.letGo(1, 100);
        bodies.hold(5, 1);
        assertThat(bodies.held()).isEqualTo(301);
    }

    @Test
    void whatFoundNoRoomTakesNone() {
        assertThatThrownBy(() -> bodies.hold(1, 101)).isInstanceOf(NotDone.class);
        assertThat(bodies.held()).isZero();
        bodies.hold(1, 100);
    }

    @Test
    void readsToTheEndOrUntilItIsFull() throws IOException {
        byte[] into = new byte[5];
        assertThat(Bodies.read(new ByteArrayInputStream(new byte[] {1, 2, 3}), into, 0, Bodies.deadline()))
                .isEqualTo(3);
        assertThat(into).containsExactly(1, 2, 3, 0, 0);
        assertThat(Bodies.read(new ByteArrayInputStream(new byte[9]), into, 3, Bodies.deadline()))
                .isEqualTo(5);
    }
}
