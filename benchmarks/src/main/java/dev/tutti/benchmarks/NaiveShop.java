package dev.tutti.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * What a shop does by itself, over HTTP: one {@code UPDATE … WHERE} and one commit a request, on the same web server as
 * Tutti's. {@code URL ITEM}.
 */
final class NaiveShop extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final int CONNECTIONS = 32;
    private static final Logger WEB_SERVER = Logger.getLogger("org.apache");

    private final transient HikariDataSource database;
    private final int item;

    private NaiveShop(HikariDataSource database, int item) {
        this.database = database;
        this.item = item;
    }

    public static void main(String[] arguments) throws LifecycleException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(CONNECTIONS);
        WEB_SERVER.setLevel(Level.WARNING);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        Connector connector = new Connector();
        connector.setPort(0);
        connector.getProtocolHandler().setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "shop", new NaiveShop(new HikariDataSource(config), Integer.parseInt(arguments[1])))
                .addMapping("/*");
        tomcat.start();
        System.out.println("the shop answers on http://localhost:" + connector.getLocalPort());
        tomcat.getServer().await();
    }

    /** 201 for a unit, 409 when there is none left. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.getInputStream().readAllBytes();
        boolean bought = bought();
        byte[] answer = ("{\"bought\":" + bought + "}").getBytes(StandardCharsets.UTF_8);
        response.setStatus(bought ? 201 : 409);
        response.setContentType("application/json");
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
    }

    private boolean bought() {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("""
                        update position set reserved = reserved + 1
                        where item_id = ? and place_id = 1 and reserved + 1 <= on_hand
                        """)) {
            update.setInt(1, item);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
