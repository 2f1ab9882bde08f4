package dev.tutti.simulator;

import dev.tutti.conveyor.Lane;
import dev.tutti.order.Order;
import dev.tutti.order.OrderCommand;
import dev.tutti.order.OrderEvent;
import dev.tutti.order.Outside;
import dev.tutti.payment.Transaction;
import dev.tutti.payment.Transaction.Kind;
import dev.tutti.simulator.audit.Invariant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A payment provider: is asked for what was committed, at least once, answers late, twice, or so that nobody hears. It
 * does each thing once, keeps its own books, and never gives what it does not have.
 */
final class Provider {
    private static final int PERCENT_AGREED = 85;

    private final World world;
    private final Chance chance;
    private final List<Asked> open = new ArrayList<>();
    private final Map<Asked, Boolean> said = new HashMap<>();
    private final Map<String, Long> books = new HashMap<>();

    /** What it is asked, by the order's number and the effect's. */
    private record Asked(long order, int number, Transaction money) {
        String account(Kind kind) {
            return order + " " + money.payment() + " " + kind;
        }
    }

    Provider(World world) {
        this.world = world;
        this.chance = world.chance;
    }

    /** What has just been committed is to be asked for. */
    void hears(long order, List<OrderEvent> events) {
        for (OrderEvent event : events) {
            if (event instanceof OrderEvent.EffectIntended intended && intended.money() != null) {
                open.add(new Asked(order, intended.number(), intended.money()));
            }
        }
    }

    /** Answers something, perhaps. */
    void answer() {
        if (!open.isEmpty()) {
            answer(chance.below(open.size()));
        }
    }

    /** Answers all there is; true if there was anything. */
    boolean answerAll() {
        boolean any = false;
        for (int i = open.size() - 1; i >= 0; i--) {
            any = true;
            answer(i);
        }
        return any;
    }

    private void answer(int which) {
        Asked asked = open.get(which);
        Order order = world.order(asked.order());
        Outside.Effect effect = order == null ? null : order.outside().effect(asked.number());
        if (effect != null && effect.done() != null) {
            if (!effect.done().equals(said.get(asked))) {
                throw Invariant.ONE_EFFECT.violatedAt("order " + asked.order(), "knows otherwise of " + asked);
            }
            open.remove(which);
            return;
        }
        boolean agreed = said.computeIfAbsent(asked, this::decide);
        if (world.isQuiet() || chance.percent(70)) {
            world.ask(
                    "provider",
                    Lane.DUE,
                    asked.order(),
                    new OrderCommand.AnswerEffect(asked.number(), agreed, new TreeMap<>(), ""));
        }
    }

    private boolean decide(Asked asked) {
        if (!world.isQuiet() && !chance.percent(PERCENT_AGREED)) {
            return false;
        }
        long after =
                books.merge(asked.account(asked.money().kind()), asked.money().amount(), Long::sum);
        long held = sum(asked, Kind.AUTHORISE) - sum(asked, Kind.CAPTURE) - sum(asked, Kind.VOID);
        if (held < 0 || sum(asked, Kind.REFUND) > sum(asked, Kind.CAPTURE)) {
            throw Invariant.PAID_WITHIN_BOUNDS.violatedAt(
                    "order " + asked.order(), asked + " comes to " + after + " and is more than there is");
        }
        return true;
    }

    private long sum(Asked asked, Kind kind) {
        return books.getOrDefault(asked.account(kind), 0L);
    }
}
