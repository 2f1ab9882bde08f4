package dev.tutti.returns;

import dev.tutti.decision.BrokenInvariant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All returns of one order.
 *
 * @param all by number, from 1 without a gap
 */
public record Returns(List<Return> all) {
    public static final Returns NONE = new Returns(List.of());

    public Returns {
        all = List.copyOf(all);
    }

    public @Nullable Return find(int number) {
        return number >= 1 && number <= all.size() ? all.get(number - 1) : null;
    }

    /** Units of a line that are announced and have not come. */
    public int expected(int line) {
        int sum = 0;
        for (Return one : all) {
            ReturnLine part = one.line(line);
            sum += part == null ? 0 : part.expected();
        }
        return sum;
    }

    /** Units of a line that are back, while it is not known whether their price is given back. */
    public int undecided(int line) {
        int sum = 0;
        for (Return one : all) {
            ReturnLine part = one.line(line);
            sum += part == null ? 0 : part.undecided();
        }
        return sum;
    }

    /** Units of a line that are back, and whose price is not given back. */
    public int kept(int line) {
        int sum = 0;
        for (Return one : all) {
            ReturnLine part = one.line(line);
            sum += part == null ? 0 : part.kept();
        }
        return sum;
    }

    public Returns announced(Return one) {
        BrokenInvariant.unless(one.number() == all.size() + 1, "returns are numbered without a gap");
        List<Return> next = new ArrayList<>(all);
        next.add(one);
        return new Returns(next);
    }

    /** @param decided whether nobody is to decide about their price any more */
    public Returns received(int number, int line, int units, boolean decided) {
        ReturnLine part = all.get(number - 1).line(line);
        BrokenInvariant.unless(part != null && part.expected() >= units, "only what is expected is received");
        return with(number, one -> one.received(line, units, decided));
    }

    /** After units of a line came back so that no more than these can still come: of the newest, less is expected. */
    public Returns expectingAtMost(int line, int most) {
        Returns next = this;
        int tooMany = expected(line) - most;
        for (Return one : all.reversed()) {
            ReturnLine part = one.line(line);
            int less = part == null ? 0 : Math.min(tooMany, part.expected());
            if (less > 0) {
                next = next.with(one.number(), r -> r.expectingLess(line, less));
                tooMany -= less;
            }
        }
        return next;
    }

    public Returns cancelled(int number) {
        return with(number, Return::cancelled);
    }

    /** @param paidBack whether the price of what had come is given back */
    public Returns decided(int number, boolean paidBack) {
        return with(number, one -> one.decided(paidBack));
    }

    private Returns with(int number, UnaryOperator<Return> change) {
        List<Return> next = new ArrayList<>(all);
        next.set(number - 1, change.apply(next.get(number - 1)));
        return new Returns(next);
    }
}
