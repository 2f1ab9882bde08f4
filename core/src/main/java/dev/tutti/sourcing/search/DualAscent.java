package dev.tutti.sourcing.search;

/**
 * First prices for {@link PackageBound}, by the dual ascent of Erlenkotter, <em>A Dual-Based Procedure for Uncapacitated
 * Facility Location</em> (Operations Research 26, 1978).
 *
 * <p>Prices start at each line's cheapest option and rise in turn, to the next dearer option at a time. Above an option's
 * cost, every rise is paid out of what its package costs; when that is used up, the price stands still. The sum of the
 * prices is then a bound already, and often close to the best.
 */
final class DualAscent {
    private final Effort effort;
    private long[] slack = new long[0];
    private int[] reached = new int[0];

    DualAscent(Effort effort) {
        this.effort = effort;
    }

    void price(Model m, long[] prices) {
        if (slack.length < m.packages) {
            slack = new long[m.packages];
        }
        if (reached.length < m.lines) {
            reached = new int[m.lines];
        }
        System.arraycopy(m.packageCost, 0, slack, 0, m.packages);
        for (int l = 0; l < m.lines; l++) {
            prices[l] = 0;
            reached[l] = m.optionStart[l];
        }
        boolean rising = true;
        while (rising && !effort.spent()) {
            rising = false;
            for (int l = 0; l < m.lines; l++) {
                rising |= rise(m, l, prices);
            }
        }
    }

    /** Raises one price to the next option's cost, or as far as the packages below allow; true if it can rise again. */
    private boolean rise(Model m, int l, long[] prices) {
        int next = reached[l];
        int end = m.optionStart[l + 1];
        while (next < end && m.optionCost[next] <= prices[l]) {
            next++;
        }
        reached[l] = next;
        long target = next < end ? m.optionCost[next] : m.unfilled[l];
        long most = target - prices[l];
        for (int o = m.optionStart[l]; o < next && most > 0; o++) {
            most = Math.min(most, slack[m.optionPackage[o]] / m.optionUnits[o]);
        }
        effort.spend(next - m.optionStart[l] + 1);
        if (most <= 0) {
            return false;
        }
        for (int o = m.optionStart[l]; o < next; o++) {
            slack[m.optionPackage[o]] -= most * m.optionUnits[o];
        }
        prices[l] += most;
        return prices[l] == target && next < end;
    }
}
