package dev.tutti.server.api;

import dev.tutti.network.Node;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** Nodes: made known, looked up. */
final class NodeEndpoints {
    private final Engine engine;

    NodeEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("PUT", "/v1/nodes", "nodes.write", this::put);
        routes.add("GET", "/v1/nodes", "nodes.read", this::list);
        routes.add("GET", "/v1/nodes/{code}", "nodes.read", this::get);
    }

    private void put(Call call) throws IOException {
        new Upserts<>(NodeJson::read, Node::code, nodes -> engine.catalogue().putNodes(nodes, call.audit("")))
                .take(call);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        Node node = new Sight(engine, call.caller().scope()).node(call.value(0));
        if (node == null) {
            throw NotDone.notFound("node");
        }
        call.reply(200, json -> NodeJson.write(json, node));
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        Sight sight = new Sight(engine, call.caller().scope());
        List<Node> nodes = engine.catalogue().network().nodes().stream()
                .filter(sight::sees)
                .sorted(Comparator.comparing(Node::code))
                .toList();
        Pages.reply(call, "nodes", nodes, Node::code, NodeJson::write);
    }
}
