package dev.tutti.flow;

import java.time.Duration;

/** What can move a flow along an edge. */
public sealed interface Trigger {
    /** The step's action was carried out. */
    record Done() implements Trigger {}

    /** The step's action could not be carried out, or not in full. */
    record Failed() implements Trigger {}

    /** Something happened while the flow waited, such as {@code units-changed} or a signal from outside. */
    record Event(String name) implements Trigger {}

    /** So much time has passed since the step was entered. */
    record After(Duration delay) implements Trigger {
        /** As people write it: {@code 90s}, {@code 30m}, {@code 12h} or {@code 30d}. */
        public String written() {
            return Delays.written(delay);
        }
    }

    Trigger DONE = new Done();
    Trigger FAILED = new Failed();

    /** The event that every change of an order's units is. */
    Trigger UNITS_CHANGED = new Event("units-changed");

    /** The event that the end of a hold is. */
    Trigger HOLD_RELEASED = new Event("hold-released");

    /** The event that a corrected address is. */
    Trigger ADDRESS_CHANGED = new Event("address-changed");

    /** The event that every answer about the order's money is, unless the step waits for that answer itself. */
    Trigger PAYMENT_CHANGED = new Event("payment-changed");
}
