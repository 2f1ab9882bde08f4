package dev.tutti.server;

import dev.tutti.server.http.Entrance;
import dev.tutti.server.http.ProblemValve;
import java.util.List;
import java.util.concurrent.Executors;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/**
 * The web server: Tomcat in Spring Boot's application context, its beans registered by hand. Nothing is scanned or
 * guessed, which is most of what a start would otherwise take.
 */
final class Web implements AutoCloseable {
    private static final int MOST_SWALLOWED = 32 << 20;

    private final ServletWebServerApplicationContext context;

    private Web(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    static Web start(int port, Entrance entrance) {
        ServletWebServerApplicationContext context = new ServletWebServerApplicationContext();
        context.registerBean(TomcatServletWebServerFactory.class, () -> tomcat(port));
        context.registerBean(ServletRegistrationBean.class, () -> {
            ServletRegistrationBean<Entrance> servlet = new ServletRegistrationBean<>(entrance, false);
            servlet.setUrlMappings(List.of("/*"));
            servlet.setName("gate");
            servlet.setLoadOnStartup(1);
            return servlet;
        });
        context.refresh();
        return new Web(context);
    }

    private static TomcatServletWebServerFactory tomcat(int port) {
        TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(port);
        tomcat.setShutdown(Shutdown.GRACEFUL);
        tomcat.setRegisterDefaultServlet(false);
        tomcat.addConnectorCustomizers(Web::configure);
        tomcat.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
        return tomcat;
    }

    private static void configure(Connector connector) {
        // Requests wait for the conveyor: on virtual threads, which cost a third of what pooled threads do here.
        connector.getProtocolHandler().setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        connector.setProperty("maxKeepAliveRequests", "-1");
        // A body that is too large is read to its end, as far as this, so that the caller gets to read why.
        connector.setProperty("maxSwallowSize", Integer.toString(MOST_SWALLOWED));
        // Codes may hold a slash; the routes decode each segment on its own.
        connector.setEncodedSolidusHandling("passthrough");
        connector.setXpoweredBy(false);
    }

    int port() {
        WebServer server = context.getWebServer();
        return server == null ? -1 : server.getPort();
    }

    /** Takes no new requests and waits a while for those under way. */
    @Override
    public void close() {
        context.close();
    }
}
