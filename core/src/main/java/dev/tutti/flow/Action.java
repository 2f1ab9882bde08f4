package dev.tutti.flow;

import static dev.tutti.flow.FlowKind.FULFILMENT_ORDER;
import static dev.tutti.flow.FlowKind.ORDER;
import static dev.tutti.flow.FlowKind.RETURN;

import java.util.Arrays;

/** What a step can ask for. The vocabulary is closed: whoever runs the flow knows how to do each. */
public enum Action {
    /** Nothing; the flow stays until an event or a timer moves it on. */
    WAIT(ORDER, FULFILMENT_ORDER, RETURN),
    /** Look at what was said of where it goes. Fails if a parcel could not be sent there. */
    VALIDATE(ORDER),
    /** Place a hold for each of the step's rules that holds. Fails if any does. */
    SCREEN(ORDER),
    /** Choose nodes for all units that have none, and claim the stock. Fails when some units find none. */
    SOURCE(ORDER),
    /** Let units that found no stock wait for it. */
    PARK(ORDER),
    /** Give the nodes their work. */
    RELEASE(ORDER),
    /** Do not take the order at all; possible only while it is being placed. */
    REFUSE(ORDER),
    /** Cancel what found no stock. */
    CANCEL_UNFILLED(ORDER),
    /** Cancel all that has not left yet; of a return, wait no more for what has not come. */
    CANCEL(ORDER, FULFILMENT_ORDER, RETURN),
    /** Take from the node what it has not touched, and have it sourced elsewhere. */
    GIVE_BACK(FULFILMENT_ORDER),
    /** Ask a service outside and wait for its answer. Fails when it says no, or cannot be asked. */
    CALL(ORDER, FULFILMENT_ORDER, RETURN),
    /** Tell a service outside, and go on. */
    NOTIFY(ORDER, FULFILMENT_ORDER, RETURN),
    /** Keep all units from going on, for a reason that the step names, until somebody lets them. */
    HOLD(ORDER),
    /** Let go on what is held for the reason that the step names. */
    RELEASE_HOLD(ORDER),
    /** Ask a payment provider to hold what the order comes to, and wait. Fails when it says no. */
    AUTHORISE(ORDER),
    /** Ask the provider for the price of what has gone, of what is held, and go on. */
    CAPTURE(ORDER),
    /**
     * Make the money agree with the units, and wait until it does: take what has gone, give back what came back, let go
     * what is held for nothing. Fails when the provider will not.
     */
    SETTLE(ORDER),
    /** Give back the price of what was received, and wait until that is done. Fails when the provider will not. */
    REFUND(RETURN),
    /** Bill what the customer has and was not billed for, and credit what came back and was; of a return, the latter. */
    INVOICE(ORDER, RETURN),
    /** Wait no more for what is still owed; of a return, do not give the price of what was received back. */
    WRITE_OFF(ORDER, RETURN),
    /** Let a person look at it. */
    OPEN_EXCEPTION(ORDER, FULFILMENT_ORDER, RETURN),
    /** It is over. */
    CLOSE(ORDER, FULFILMENT_ORDER, RETURN);

    /** A bit for each. */
    private final int kinds;

    Action(FlowKind... kinds) {
        this.kinds = Arrays.stream(kinds).mapToInt(kind -> 1 << kind.ordinal()).sum();
    }

    /** Whether a flow of this kind may ask for it. */
    public boolean isFor(FlowKind kind) {
        return (kinds & 1 << kind.ordinal()) != 0;
    }

    /** What the step names besides, such as the service that is asked. */
    public Target target() {
        return switch (this) {
            case CALL, NOTIFY, AUTHORISE -> Target.DESTINATION;
            case HOLD, RELEASE_HOLD -> Target.HOLD;
            case OPEN_EXCEPTION -> Target.REASON;
            default -> Target.NONE;
        };
    }

    /** What a step may be about. */
    public enum Target {
        NONE,
        /** The code of a service outside. */
        DESTINATION,
        /** The type of a hold, such as {@code fraud}. */
        HOLD,
        /** What a person is told; it may be left out. */
        REASON
    }

    /** Whether the flow may have to wait at the step until somebody outside has answered. */
    public boolean asks() {
        return this == CALL || this == AUTHORISE || this == SETTLE || this == REFUND;
    }
}
