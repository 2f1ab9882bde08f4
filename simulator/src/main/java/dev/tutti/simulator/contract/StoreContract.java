package dev.tutti.simulator.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The contract, case by case. */
public final class StoreContract {
    /**
     * One promise.
     *
     * @param body given a fresh harness, throws an {@link AssertionError} if the promise is broken
     */
    public record Case<W>(String name, Consumer<Harness<W>> body) {}

    private StoreContract() {}

    public static <W> List<Case<W>> cases() {
        List<Case<W>> cases = new ArrayList<>();
        cases.addAll(KeyCases.all());
        cases.addAll(OrderCases.all());
        cases.addAll(PositionCases.all());
        cases.addAll(CommitCases.all());
        return cases;
    }
}
