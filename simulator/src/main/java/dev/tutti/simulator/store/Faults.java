package dev.tutti.simulator.store;

/** Says what goes wrong. */
public interface Faults {
    Fault at(Call call);

    /** Whether a call that has to wait for a lock has waited too long. */
    boolean tired();

    Faults NONE = new Faults() {
        @Override
        public Fault at(Call call) {
            return Fault.NONE;
        }

        @Override
        public boolean tired() {
            return false;
        }
    };
}
