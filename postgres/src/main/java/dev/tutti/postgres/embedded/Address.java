package dev.tutti.postgres.embedded;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** How clients reach the server; the one place that writes a JDBC address. */
final class Address {
    static final String HOST = "127.0.0.1";
    static final String USER = "tutti";
    static final String DATABASE = "tutti";

    private Address() {}

    static String of(int port, String database) {
        return "jdbc:postgresql://%s:%d/%s?user=%s"
                .formatted(HOST, port, URLEncoder.encode(database, StandardCharsets.UTF_8), USER);
    }

    static String withPassword(int port, String database, String password) {
        return of(port, database) + "&password=" + password;
    }
}
