package dev.tutti.server.events;

import dev.tutti.postgres.Subscription;
import dev.tutti.server.outgoing.Heard;
import dev.tutti.server.outgoing.Outgoing;
import dev.tutti.server.outgoing.Signature;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;

/** Sends events to webhooks, signed. */
final class Post implements Sink {
    /** Those that say: not now; and what stands in between says so of itself. */
    private static final Set<Integer> LATER = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

    private final Outgoing outgoing = new Outgoing();

    @Override
    public Answer send(Subscription to, List<String> secrets, CloudEvent event) throws InterruptedException {
        Heard heard = outgoing.send(
                Outgoing.look(to.url(), to.inside()),
                to.timeoutSeconds(),
                Outgoing.NO_BODY,
                request -> Signature.sign(request, secrets, event.id(), event.body())
                        .header("Content-Type", CloudEvent.CONTENT_TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(event.body())));
        return switch (heard) {
            case Heard.NotSent(var why) -> new Answer.Missed(why, false);
            case Heard.Lost(var why) -> new Answer.Missed(why, false);
            case Heard.Answered(var status, var body) -> {
                String failure = "HTTP " + status;
                boolean refused = status >= 400 && status < 500 && !LATER.contains(status);
                yield status >= 200 && status < 300
                        ? new Answer.Taken()
                        : refused ? new Answer.Refused(failure) : new Answer.Missed(failure, true);
            }
        };
    }

    @Override
    public void close() {
        outgoing.close();
    }
}
