package dev.tutti.simulator.audit;

import static dev.tutti.simulator.audit.Invariant.ACKNOWLEDGED_IS_DURABLE;
import static dev.tutti.simulator.audit.Invariant.AUDITED;
import static dev.tutti.simulator.audit.Invariant.KEYS_UNIQUE;

import dev.tutti.conveyor.Answer;
import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyClaim;
import dev.tutti.conveyor.KeyKind;
import dev.tutti.decision.Aggregate;
import dev.tutti.decision.RefusalCode;
import dev.tutti.hub.HubChange;
import dev.tutti.hub.HubCommand;
import dev.tutti.reservation.ReservationCommand;
import dev.tutti.reservation.ReservationState;
import dev.tutti.simulator.store.Commit;
import dev.tutti.simulator.store.JournalRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the clients asked for and were told, held against what was carried out. */
final class ClientJournals {
    // Looked up by key only.
    private final Map<String, Submission> submitted = new HashMap<>();
    private final Map<String, Integer> delivered = new HashMap<>();
    private final Map<String, JournalRow> carriedOut = new HashMap<>();
    private final Map<Long, String> tagOfRequest = new HashMap<>();
    private final Map<Key, Submission> firstWithKey = new TreeMap<>();
    private final Map<String, Answer<Aggregate>> answered = new TreeMap<>();

    void submitted(Submission submission) {
        submitted.put(submission.tag(), submission);
    }

    /** A message reaches a server; it may do so twice. */
    void delivered(String tag) {
        delivered.merge(tag, 1, Integer::sum);
    }

    void committed(Commit commit, Instant now) {
        for (JournalRow row : commit.journal()) {
            if (isTakenOver(row)) {
                // By an order, whose row says who asked for it.
                continue;
            }
            String name = "order " + row.aggregate();
            Audit audit = row.audit();
            if (audit.actor().isEmpty()
                    || audit.origin().isEmpty()
                    || audit.at().isAfter(now)) {
                throw new Violation(AUDITED, name, "nobody has done " + row.change() + ": " + audit);
            }
            Submission submission = submitted.get(audit.reason());
            if (submission == null
                    || submission.aggregate() != row.aggregate()
                    || !sameCommand(submission.command(), row.change())) {
                throw new Violation(AUDITED, name, audit + " does not lead to " + row.change());
            }
            String before = tagOfRequest.put(submission.request(), submission.tag());
            if (before != null) {
                throw new Violation(
                        KEYS_UNIQUE, name, submission + " was carried out twice, as " + before + " and now");
            }
            carriedOut.put(submission.tag(), row);
            for (KeyClaim claim : submission.keys()) {
                if (firstWithKey.put(claim.key(), submission) != null) {
                    throw new Violation(KEYS_UNIQUE, name, "the key " + claim.key() + " was used before");
                }
                if (!commit.keys().contains(claim.key())) {
                    throw new Violation(KEYS_UNIQUE, name, "the key " + claim.key() + " was not kept");
                }
            }
        }
        for (Key key : commit.keys()) {
            if (key.kind() != KeyKind.ALIKE && !firstWithKey.containsKey(key)) {
                throw new Violation(KEYS_UNIQUE, "key " + key.text(), "is kept for a command that was not carried out");
            }
        }
    }

    private static boolean isTakenOver(JournalRow row) {
        return row.change() instanceof HubChange.ReservationChanged(var after, var due)
                && after.state() == ReservationState.TAKEN;
    }

    private static boolean sameCommand(HubCommand command, HubChange change) {
        return switch (change) {
            case HubChange.ReservationChanged(var after, var due) ->
                command instanceof HubCommand.ForReservation(var asked)
                        && switch (asked) {
                            case ReservationCommand.Reserve reserve ->
                                after.version() == 1 && after.id().equals(reserve.id());
                            case ReservationCommand.Extend extend ->
                                after.until().equals(extend.until());
                            case ReservationCommand.Yield yielded -> after.state() == ReservationState.RELEASED;
                            case ReservationCommand.Release release -> after.state() == ReservationState.RELEASED;
                            case ReservationCommand.Wake wake -> after.state() == ReservationState.EXPIRED;
                        };
            case HubChange.OrderChanged order ->
                command instanceof HubCommand.ForOrder(var asked) && asked.equals(order.command());
            case HubChange.InboundChanged inbound ->
                command instanceof HubCommand.ForInbound(var asked) && asked.equals(inbound.command());
            case HubChange.StockPosted stock ->
                command instanceof HubCommand.ForStock(var document) && document.equals(stock.document());
        };
    }

    /** An answer leaves a server. */
    void answered(String tag, Answer<Aggregate> answer) {
        Submission submission = submitted.get(tag);
        if (submission == null) {
            throw new Violation(ACKNOWLEDGED_IS_DURABLE, tag, "nobody asked");
        }
        check(submission, answer);
        answered.put(tag, answer);
    }

    /** All that was answered still holds. */
    void recheck() {
        answered.forEach((tag, answer) -> {
            Submission submission = submitted.get(tag);
            if (submission != null && !(answer instanceof Answer.Refused)) {
                check(submission, answer);
            }
        });
    }

    private void check(Submission submission, Answer<Aggregate> answer) {
        JournalRow row = carriedOut.get(submission.tag());
        String name = "order " + submission.aggregate();
        switch (answer) {
            case Answer.Done<Aggregate>(@Nullable Aggregate next) -> {
                boolean nothingToDo = row == null && next != null && Auditor.mayDoNothing(submission.command());
                if (row == null ? !nothingToDo : next != null && row.toVersion() != next.version()) {
                    throw new Violation(
                            ACKNOWLEDGED_IS_DURABLE, name, submission + " was answered as done, and is not");
                }
            }
            case Answer.Repeated<Aggregate>(long owner) -> {
                if (row != null && delivered.getOrDefault(submission.tag(), 0) == 1) {
                    throw new Violation(
                            ACKNOWLEDGED_IS_DURABLE,
                            name,
                            submission + " came once, is done, and was taken for a copy");
                }
                Submission first = firstOf(submission);
                if (first == null || first.aggregate() != owner || !sameContent(first, submission)) {
                    throw new Violation(
                            KEYS_UNIQUE,
                            name,
                            submission + " was answered as done before, for order " + owner + ", by " + first);
                }
            }
            case Answer.Refused<Aggregate>(var refusal) -> {
                if (row != null) {
                    throw new Violation(
                            ACKNOWLEDGED_IS_DURABLE, name, submission + " was refused as " + refusal + ", and is done");
                }
                Submission first = firstOf(submission);
                if (refusal.code() == RefusalCode.KEY_REUSED) {
                    if (first == null || sameContent(first, submission)) {
                        throw new Violation(KEYS_UNIQUE, name, submission + " is no reuse of " + first);
                    }
                } else if (first != null && !Auditor.speaksOfTheMoment(refusal.code())) {
                    throw new Violation(
                            KEYS_UNIQUE,
                            name,
                            submission + " was refused as " + refusal + ", but done before by " + first);
                }
            }
        }
    }

    private @Nullable Submission firstOf(Submission submission) {
        for (KeyClaim claim : submission.keys()) {
            Submission first = firstWithKey.get(claim.key());
            if (first != null) {
                return first;
            }
        }
        return null;
    }

    private static boolean sameContent(Submission a, Submission b) {
        return a.keys().isEmpty()
                || a.keys().getFirst().fingerprint() == b.keys().getFirst().fingerprint();
    }
}
