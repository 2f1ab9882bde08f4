package dev.tutti.sourcing;

import dev.tutti.inventory.Supply;
import dev.tutti.sourcing.search.SourcingProblem;
import java.util.Arrays;

/** What is on offer of one item; lines of the same item share it, and its stocks in the problem. */
final class Offer {
    private int item;
    private final Supply.Candidates candidates = new Supply.Candidates();
    private int[] stocks = {};
    private int[] left = {};

    void read(int of, Supply supply) {
        item = of;
        supply.read(of, candidates);
        if (stocks.length < size()) {
            stocks = new int[2 * size()];
            left = new int[2 * size()];
        }
        Arrays.fill(stocks, 0, size(), SourcingProblem.NONE);
        for (int i = 0; i < size(); i++) {
            left[i] = units(i);
        }
    }

    int item() {
        return item;
    }

    /** How many nodes have some. */
    int size() {
        return candidates.size();
    }

    int place(int i) {
        return candidates.place(i);
    }

    int units(int i) {
        return candidates.units(i);
    }

    /** Which one a node is; negative if it has nothing. */
    int indexOf(int node) {
        return candidates.indexOf(node);
    }

    /** The stock of the problem that a node's units are, which is added when it is first asked for. */
    int stock(int i, SourcingProblem.Builder problem) {
        if (stocks[i] == SourcingProblem.NONE) {
            stocks[i] = problem.addStock(units(i));
        }
        return stocks[i];
    }

    void take(int i, int units) {
        left[i] -= units;
    }

    /** What a plan leaves. */
    int left(int i) {
        return left[i];
    }
}
