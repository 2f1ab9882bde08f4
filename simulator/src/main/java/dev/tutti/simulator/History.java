package dev.tutti.simulator;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Store;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.JournalRow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that became known, in order, as text; and a hash over all of it (FNV-1a, 64 bits). */
final class History {
    private final @Nullable Consumer<String> printer;
    private long hash = 0xcbf29ce484222325L;
    long commits;
    long commands;
    long postings;
    long done;
    long repeated;
    long refused;

    History(@Nullable Consumer<String> printer) {
        this.printer = printer;
    }

    void committed(Commit commit) {
        commits++;
        commands += commit.journal().size();
        postings += commit.postings().size();
        for (JournalRow row : commit.journal()) {
            StringBuilder line = new StringBuilder(200);
            line.append("commit ").append(commit.transaction()).append(": ");
            switch (row.change()) {
                case HubChange.OrderChanged change -> {
                    line.append("order ")
                            .append(row.aggregate())
                            .append(" to version ")
                            .append(row.toVersion());
                    line.append(' ').append(change.events()).append(" due ").append(change.due());
                }
                case HubChange.ReservationChanged(var after, var due) ->
                    line.append(after).append(" due ").append(due);
                case HubChange.InboundChanged(var after, var command) -> line.append(after);
                case HubChange.StockPosted posted -> line.append(posted.document());
            }
            note(line.append(" by ").append(row.audit()));
        }
        for (Store.Posting posting : commit.postings()) {
            note(new StringBuilder(200)
                    .append("  ")
                    .append(posting.entry())
                    .append(" for ")
                    .append(posting.cause()));
        }
    }

    void answered(String tag, Answer<Aggregate> answer) {
        switch (answer) {
            case Answer.Done<Aggregate> d -> {
                done++;
                note(new StringBuilder(tag).append(" done"));
            }
            case Answer.Repeated<Aggregate>(long owner) -> {
                repeated++;
                note(new StringBuilder(tag).append(" done before by ").append(owner));
            }
            case Answer.Refused<Aggregate>(var refusal) -> {
                refused++;
                note(new StringBuilder(tag).append(" refused: ").append(refusal));
            }
        }
    }

    void note(CharSequence text) {
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = h;
        if (printer != null) {
            printer.accept(text.toString());
        }
    }

    long hash() {
        return hash;
    }
}
