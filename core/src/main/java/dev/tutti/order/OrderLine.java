package dev.tutti.order;

import dev.tutti.fulfilment.UnitState;
import dev.tutti.fulfilment.Units;
import org.jspecify.annotations.Nullable;

/**
 * One item in one quantity.
 *
 * @param number counts the order's lines from 1
 * @param item the item's number
 * @param splittable whether its units may come from more than one node
 * @param kit of which it is a part; null if it was ordered as it is
 * @param units where they are now; their sum is what was ordered
 */
public record OrderLine(
        int number,
        int item,
        int shipGroup,
        boolean splittable,
        LineMoney money,
        @Nullable Kit kit,
        Units units) {
    /** Units that the customer has. */
    public int atCustomer() {
        int sum = 0;
        for (UnitState state : UnitState.values()) {
            sum += state.isWithTheCustomer() ? units.in(state) : 0;
        }
        return sum;
    }

    OrderLine with(Units moved) {
        return new OrderLine(number, item, shipGroup, splittable, money, kit, moved);
    }
}
