package dev.tutti.server.api;

import dev.tutti.network.Channel;
import dev.tutti.server.engine.Engine;
import dev.tutti.server.http.Call;
import dev.tutti.server.http.NotDone;
import dev.tutti.server.http.Routes;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** Channels: made known, looked up. */
final class ChannelEndpoints {
    private final Engine engine;

    ChannelEndpoints(Engine engine) {
        this.engine = engine;
    }

    void register(Routes routes) {
        routes.add("PUT", "/v1/channels", "channels.write", this::put);
        routes.add("GET", "/v1/channels", "channels.read", this::list);
        routes.add("GET", "/v1/channels/{code}", "channels.read", this::get);
    }

    private void put(Call call) throws IOException {
        new Upserts<>(
                        in -> ChannelJson.read(in, engine.catalogue().flows()),
                        Channel::code,
                        channels -> engine.catalogue().putChannels(channels, call.audit("")))
                .take(call);
    }

    private void get(Call call) throws IOException {
        call.onlyQueries();
        Channel channel = new Sight(engine, call.caller().scope()).channel(call.value(0));
        if (channel == null) {
            throw NotDone.notFound("channel");
        }
        call.reply(200, json -> ChannelJson.write(json, channel));
    }

    private void list(Call call) throws IOException {
        call.onlyQueries("after", "limit");
        Sight sight = new Sight(engine, call.caller().scope());
        List<Channel> channels = engine.catalogue().network().channels().stream()
                .filter(sight::sees)
                .sorted(Comparator.comparing(Channel::code))
                .toList();
        Pages.reply(call, "channels", channels, Channel::code, ChannelJson::write);
    }
}
