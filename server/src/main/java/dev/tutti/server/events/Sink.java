package dev.tutti.server.events;

import dev.tutti.postgres.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way in which an event gets to a subscription. */
interface Sink extends AutoCloseable {
    /** Sends one event and waits until it is certain what became of it, or time is over. */
    Answer send(Subscription to, List<String> secrets, CloudEvent event) throws InterruptedException;

    @Override
    void close();

    /** What was said to an event. */
    sealed interface Answer {
        /** Why it was not taken, or null if it was. */
        @Nullable
        String failure();

        record Taken() implements Answer {
            @Override
            public @Nullable String failure() {
                return null;
            }
        }

        /** Somebody is there, and will not have this one. */
        record Refused(String failure) implements Answer {}

        /** It can never get there, however often it is tried. */
        record Impossible(String failure) implements Answer {}

        /**
         * Nobody is there, or nobody who has time.
         *
         * @param answered whether somebody said so: then it may be this one that is too much for them
         */
        record Missed(String failure, boolean answered) implements Answer {}
    }
}
