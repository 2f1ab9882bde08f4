package dev.tutti.simulator;

import dev.tutti.simulator.store.Call;
import dev.tutti.simulator.store.Fault;
import dev.tutti.simulator.store.Faults;
import java.util.List;

/** Faults by chance, until they are switched off. */
final class WorldFaults implements Faults {
    private static final List<Fault> ANYWHERE = List.of(
            Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CONNECTION_LOST, Fault.CONNECTION_LOST, Fault.CONFLICT);

    private static final List<Fault> AT_COMMIT = List.of(
            Fault.CRASH_BEFORE,
            Fault.CRASH_AFTER,
            Fault.CONNECTION_LOST,
            Fault.CONFLICT,
            Fault.ANSWER_LOST_DONE,
            Fault.ANSWER_LOST_UNDONE,
            Fault.ANSWER_LOST_PENDING);

    private final Chance chance;
    private int onceIn;

    WorldFaults(Chance chance, int onceIn) {
        this.chance = chance;
        this.onceIn = onceIn;
    }

    void off() {
        onceIn = 0;
    }

    @Override
    public Fault at(Call call) {
        int times = call == Call.COMMIT ? onceIn / 3 : onceIn;
        if (!chance.oneIn(times)) {
            return Fault.NONE;
        }
        return chance.of(call == Call.COMMIT ? AT_COMMIT : ANYWHERE);
    }

    @Override
    public boolean tired() {
        return onceIn > 0 && chance.oneIn(20);
    }
}
