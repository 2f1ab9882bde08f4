package dev.tutti.conveyor;

import dev.tutti.inventory.LedgerEntry;
import java.util.List;
import java.util.function.Consumer;

/**
 * A command on its way, with all the conveyor must know about it.
 *
 * @param <S> an aggregate's state
 * @param <C> a command
 */
public final class Job<S, C> {
    private final Lane lane;
    private final int weight;
    private final long aggregate;
    private final boolean creates;
    private final long other;
    private final C command;
    private final List<KeyClaim> keys;
    private final Audit audit;
    private final Consumer<Answer<S>> reply;
    private List<LedgerEntry> booked = List.of();
    private int losses;
    private int skips;
    private int reruns;

    /**
     * @param aggregate the aggregate's id, also of one that does not exist yet
     * @param creates whether the command begins the aggregate, so that there is nothing to load or lock
     * @param other the id of another aggregate that the command may change as well; 0 if there is none
     * @param keys each of which may be claimed by one command only
     * @param reply called once, by the thread that carried the command
     */
    public Job(
            Lane lane,
            long aggregate,
            boolean creates,
            long other,
            C command,
            List<KeyClaim> keys,
            Audit audit,
            Consumer<Answer<S>> reply) {
        this(lane, 1, aggregate, creates, other, command, keys, audit, reply);
    }

    /** @param weight of how many ordinary commands it takes the place in a round, 1 or more */
    public Job(
            Lane lane,
            int weight,
            long aggregate,
            boolean creates,
            long other,
            C command,
            List<KeyClaim> keys,
            Audit audit,
            Consumer<Answer<S>> reply) {
        this.lane = lane;
        this.weight = weight;
        this.aggregate = aggregate;
        this.creates = creates;
        this.other = other;
        this.command = command;
        this.keys = List.copyOf(keys);
        this.audit = audit;
        this.reply = reply;
    }

    public Lane lane() {
        return lane;
    }

    /** Of how many ordinary commands it takes the place in a round. */
    public int weight() {
        return weight;
    }

    public long aggregate() {
        return aggregate;
    }

    public boolean creates() {
        return creates;
    }

    public long other() {
        return other;
    }

    public C command() {
        return command;
    }

    public List<KeyClaim> keys() {
        return keys;
    }

    public Audit audit() {
        return audit;
    }

    /** How often the guard refused what was planned for it. */
    public int losses() {
        return losses;
    }

    void lost() {
        losses++;
    }

    /** How often its aggregate was locked by somebody else. */
    int skips() {
        return skips;
    }

    void skipped() {
        skips++;
    }

    int reruns() {
        return reruns;
    }

    void rerun() {
        reruns++;
    }

    /** What it did to the stock, in the order of its claims; known when it is answered as done. */
    public List<LedgerEntry> booked() {
        return booked;
    }

    void booked(List<LedgerEntry> entries) {
        booked = List.copyOf(entries);
    }

    void answer(Answer<S> answer) {
        reply.accept(answer);
    }
}
