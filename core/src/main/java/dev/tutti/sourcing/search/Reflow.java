package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.Arrays;

/**
 * Moves units away from stocks and capacities that are over-asked, at the least cost, by successive shortest paths.
 *
 * <p>The network runs line → stock → capacity → out; a line's unfilled units go out directly. The division handed in is
 * best without the shared limits, so after cutting the flow down to the limits its residual network has no negative
 * cycle, and sending the surplus out along shortest paths keeps it so (Ahuja, Magnanti and Orlin, <em>Network
 * Flows</em>, chapter 9). The number of paths is at most the surplus, not the order's units.
 */
final class Reflow {
    /** No division keeps to the limits with the lines fixed as they are. */
    static final long IMPOSSIBLE = Long.MAX_VALUE;

    /** More surplus than asked for, or the effort is spent. */
    static final long TOO_MUCH = Long.MAX_VALUE - 1;

    private static final int FREE = -1;
    private static final long FAR = Long.MAX_VALUE / 2;

    private final Effort effort;
    private int[] stockFlow = new int[0];
    private int[] capacityFlow = new int[0];
    private int[] surplus = new int[0];
    private long[] distance = new long[0];
    private int[] parent = new int[0];
    private int[] via = new int[0];
    private int[] queue = new int[0];
    private boolean[] queued = new boolean[0];
    private int out;
    private int firstStock;
    private int firstCapacity;
    private int head;
    private int size;

    Reflow(Effort effort) {
        this.effort = effort;
    }

    void prepare(Model m) {
        firstStock = m.lines;
        firstCapacity = firstStock + m.stocks;
        out = firstCapacity + m.capacities;
        if (stockFlow.length < m.stocks) {
            stockFlow = new int[m.stocks];
        }
        if (capacityFlow.length < m.capacities) {
            capacityFlow = new int[m.capacities];
        }
        if (distance.length <= out) {
            surplus = new int[out + 1];
            distance = new long[out + 1];
            parent = new int[out + 1];
            via = new int[out + 1];
            queue = new int[out + 1];
            queued = new boolean[out + 1];
        }
    }

    /** Changes the units until all limits hold; answers what that costs more, or IMPOSSIBLE, or TOO_MUCH. */
    long repair(Model m, boolean[] open, int[] fixed, int[] units, long mostSurplus) {
        long left = cutToLimits(m, units);
        if (left > mostSurplus) {
            return TOO_MUCH;
        }
        long cost = 0;
        while (left > 0) {
            if (effort.spent()) {
                return TOO_MUCH;
            }
            findPath(m, open, fixed, units);
            if (distance[out] >= FAR) {
                return IMPOSSIBLE;
            }
            int moved = push(m, units);
            cost += moved * distance[out];
            left -= moved;
        }
        return cost;
    }

    private long cutToLimits(Model m, int[] units) {
        Arrays.fill(stockFlow, 0, m.stocks, 0);
        Arrays.fill(capacityFlow, 0, m.capacities, 0);
        Arrays.fill(surplus, 0, out + 1, 0);
        for (int o = 0; o < m.options; o++) {
            if (units[o] > 0) {
                if (m.optionStock[o] != NONE) {
                    stockFlow[m.optionStock[o]] += units[o];
                } else if (m.packageCapacity[m.optionPackage[o]] != NONE) {
                    capacityFlow[m.packageCapacity[m.optionPackage[o]]] += units[o];
                }
            }
        }
        long total = 0;
        for (int s = 0; s < m.stocks; s++) {
            int over = Math.max(0, stockFlow[s] - m.stockUnits[s]);
            stockFlow[s] -= over;
            surplus[firstStock + s] = over;
            total += over;
            if (m.stockCapacity[s] != NONE) {
                capacityFlow[m.stockCapacity[s]] += stockFlow[s];
            }
        }
        for (int c = 0; c < m.capacities; c++) {
            int over = Math.max(0, capacityFlow[c] - m.capacityUnits[c]);
            capacityFlow[c] -= over;
            surplus[firstCapacity + c] = over;
            total += over;
        }
        return total;
    }

    /** Shortest distances from all places with a surplus (Bellman and Ford, with a queue). */
    private void findPath(Model m, boolean[] open, int[] fixed, int[] units) {
        effort.spend(out / 4 + 1);
        Arrays.fill(distance, 0, out + 1, FAR);
        head = 0;
        size = 0;
        for (int v = firstStock; v < out; v++) {
            if (surplus[v] > 0) {
                distance[v] = 0;
                parent[v] = NONE;
                enqueue(v);
            }
        }
        while (size > 0) {
            int v = queue[head];
            head = head == out ? 0 : head + 1;
            size--;
            queued[v] = false;
            if (v < firstStock) {
                leaveLine(m, v, open, fixed, units);
            } else if (v < firstCapacity) {
                leaveStock(m, v, units);
            } else {
                leaveCapacity(m, v, units);
            }
            effort.spend(1);
        }
    }

    private void leaveLine(Model m, int l, boolean[] open, int[] fixed, int[] units) {
        if (fixed[l] == FREE) {
            for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
                if (units[o] < m.optionUnits[o] && open[m.optionPackage[o]]) {
                    reach(target(m, o), distance[l] + m.optionCost[o], l, o);
                }
            }
            effort.spend(m.optionStart[l + 1] - m.optionStart[l]);
            reach(out, distance[l] + m.unfilled[l], l, NONE);
        }
    }

    private void leaveStock(Model m, int v, int[] units) {
        int s = v - firstStock;
        if (stockFlow[s] < m.stockUnits[s]) {
            reach(m.stockCapacity[s] == NONE ? out : firstCapacity + m.stockCapacity[s], distance[v], v, NONE);
        }
        for (int i = m.stockStart[s]; i < m.stockStart[s + 1]; i++) {
            giveBack(m, v, m.stockOptions[i], units);
        }
    }

    private void leaveCapacity(Model m, int v, int[] units) {
        int c = v - firstCapacity;
        if (capacityFlow[c] < m.capacityUnits[c]) {
            reach(out, distance[v], v, NONE);
        }
        for (int i = m.directStart[c]; i < m.directStart[c + 1]; i++) {
            giveBack(m, v, m.directOptions[i], units);
        }
        effort.spend(m.capacityStart[c + 1] - m.capacityStart[c]);
        for (int i = m.capacityStart[c]; i < m.capacityStart[c + 1]; i++) {
            int s = m.capacityStocks[i];
            if (stockFlow[s] > 0) {
                reach(firstStock + s, distance[v], v, NONE);
            }
        }
    }

    private void giveBack(Model m, int v, int o, int[] units) {
        if (units[o] > 0) {
            reach(m.optionLine[o], distance[v] - m.optionCost[o], v, o);
        }
        effort.spend(1);
    }

    private int target(Model m, int o) {
        if (m.optionStock[o] != NONE) {
            return firstStock + m.optionStock[o];
        }
        int c = m.packageCapacity[m.optionPackage[o]];
        return c == NONE ? out : firstCapacity + c;
    }

    private void reach(int v, long length, int from, int option) {
        if (length < distance[v]) {
            distance[v] = length;
            parent[v] = from;
            via[v] = option;
            if (v != out && !queued[v]) {
                enqueue(v);
            }
        }
    }

    private void enqueue(int v) {
        int tail = head + size;
        queue[tail > out ? tail - out - 1 : tail] = v;
        queued[v] = true;
        size++;
    }

    private int push(Model m, int[] units) {
        int most = Integer.MAX_VALUE;
        int v = out;
        for (; parent[v] != NONE || v == out; v = parent[v]) {
            most = Math.min(most, room(m, parent[v], v, units));
        }
        most = Math.min(most, surplus[v]);
        surplus[v] -= most;
        for (v = out; parent[v] != NONE || v == out; v = parent[v]) {
            move(parent[v], v, most, units);
        }
        return most;
    }

    private int room(Model m, int from, int to, int[] units) {
        int o = via[to];
        if (from < firstStock) {
            return o == NONE ? Integer.MAX_VALUE : m.optionUnits[o] - units[o];
        }
        if (to < firstStock) {
            return units[o];
        }
        if (from < firstCapacity) {
            return m.stockUnits[from - firstStock] - stockFlow[from - firstStock];
        }
        return to == out
                ? m.capacityUnits[from - firstCapacity] - capacityFlow[from - firstCapacity]
                : stockFlow[to - firstStock];
    }

    private void move(int from, int to, int moved, int[] units) {
        int o = via[to];
        if (from < firstStock) {
            if (o != NONE) {
                units[o] += moved;
            }
        } else if (to < firstStock) {
            units[o] -= moved;
        } else if (from < firstCapacity) {
            stockFlow[from - firstStock] += moved;
        } else if (to == out) {
            capacityFlow[from - firstCapacity] += moved;
        } else {
            stockFlow[to - firstStock] -= moved;
        }
    }
}
