package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Where to listen: as told, else where it listened last time, so that the addresses others hold stay good. */
final class Port {
    private Port() {}

    static int choose(int wanted, @Nullable ServerFile lastTime) throws IOException {
        if (wanted != 0) {
            return wanted;
        }
        return lastTime != null && isFree(lastTime.port()) ? lastTime.port() : anyFree();
    }

    static int anyFree() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(Address.HOST))) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName(Address.HOST))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
