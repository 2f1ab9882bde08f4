package dev.tutti.simulator.store;

import dev.tutti.conveyor.Audit;
import dev.tutti.conveyor.Key;
import dev.tutti.conveyor.KeyOwner;
import dev.tutti.conveyor.Store;
import dev.tutti.conveyor.StoreFailure;
import dev.tutti.decision.Aggregate;
import dev.tutti.hub.HubChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** The store as one server's process sees it. */
public final class Session implements Store<Aggregate, HubChange, Prepared> {
    private final Database database;
    private final Faults faults;
    private final List<SimulatedTransaction> open = new ArrayList<>();

    Session(Database database, Faults faults) {
        this.database = database;
        this.faults = faults;
    }

    /** The server's process is gone; the store does not know that yet. */
    public void abandon() {
        open.forEach(SimulatedTransaction::orphaned);
        open.clear();
    }

    @Override
    public Map<Long, Aggregate> load(SortedSet<Long> aggregates) {
        Fault fault = before(Call.LOAD);
        Map<Long, Aggregate> states = new HashMap<>();
        for (long id : aggregates) {
            Aggregate there = database.aggregate(id);
            if (there != null) {
                states.put(id, there);
            }
        }
        after(fault);
        return states;
    }

    @Override
    public Map<Key, KeyOwner> owners(SortedSet<Key> keys) {
        Fault fault = before(Call.OWNERS);
        Map<Key, KeyOwner> owners = new TreeMap<>();
        for (Key key : keys) {
            Unstorable.check(key.text());
            KeyOwner owner = database.keys().get(key);
            if (owner != null) {
                owners.put(key, owner);
            }
        }
        after(fault);
        return owners;
    }

    @Override
    public Prepared prepare(HubChange change, Audit audit) {
        Unstorable.checkEncoding(change);
        return new Prepared(change, audit);
    }

    @Override
    public Store.Transaction<Prepared> begin() {
        Fault fault = before(Call.BEGIN);
        SimulatedTransaction transaction = new SimulatedTransaction(database, this, database.nextTransaction());
        open.add(transaction);
        after(fault);
        return transaction;
    }

    @Override
    public boolean committed(long transaction) {
        Fault fault = before(Call.COMMITTED);
        if (database.isUndecided(transaction)) {
            throw new StoreFailure.Unreachable("transaction " + transaction + " is still in progress", lost());
        }
        after(fault);
        return database.isCommitted(transaction);
    }

    /** A fault that strikes before the call strikes now; one that strikes later is answered. */
    Fault before(Call call) {
        Fault fault = faults.at(call);
        switch (fault) {
            case CRASH_BEFORE -> throw new ServerCrash();
            case CONNECTION_LOST -> throw new StoreFailure.Unreachable("connection lost at " + call, lost());
            case CONFLICT -> {
                if (call != Call.COMMITTED) {
                    throw new StoreFailure.Conflict("could not serialize access", lost());
                }
            }
            case NONE, CRASH_AFTER, ANSWER_LOST_DONE, ANSWER_LOST_UNDONE, ANSWER_LOST_PENDING -> {}
        }
        return fault;
    }

    void after(Fault fault) {
        if (fault == Fault.CRASH_AFTER) {
            throw new ServerCrash();
        }
    }

    boolean tired() {
        return faults.tired();
    }

    void closed(SimulatedTransaction transaction) {
        open.remove(transaction);
    }

    /** The connection of a transaction broke. */
    void lost(SimulatedTransaction transaction) {
        if (open.remove(transaction)) {
            transaction.orphaned();
        }
    }

    static Throwable lost() {
        return NO_CAUSE;
    }

    private static final Throwable NO_CAUSE = new Throwable("simulated", null, false, false) {
        private static final long serialVersionUID = 1L;
    };
}
