package dev.tutti.sourcing.search;

import java.util.Arrays;

/**
 * A {@link Model} in which some lines are taken apart into their units, each a line of its own, so that a programme over
 * lines that stay whole can divide them.
 */
final class UnitByUnit {
    final Model model = new Model();
    private boolean[] apart = new boolean[0];
    /** By package, the line that was last seen to have an option there, counted from 1. */
    private int[] seen = new int[0];

    void begin(Model m) {
        if (apart.length < m.lines) {
            apart = new boolean[m.lines];
        }
        Arrays.fill(apart, 0, m.lines, false);
        if (seen.length < m.packages) {
            seen = new int[m.packages];
        }
        Arrays.fill(seen, 0, m.packages, 0);
    }

    /**
     * Takes apart the lines that were given more of an option than it has.
     *
     * @param taken units by the options' indices in the problem
     * @return whether there was one that may be divided, and all such have one option a package, as the programme needs it
     */
    boolean takeApart(Model m, int[] taken) {
        boolean any = false;
        for (int o = 0; o < m.options; o++) {
            int line = m.optionLine[o];
            if (taken[m.optionId[o]] > m.optionUnits[o] && !m.atomic[line] && !apart[line]) {
                if (hasTwoInOnePackage(m, line)) {
                    return false;
                }
                apart[line] = true;
                any = true;
            }
        }
        return any;
    }

    private boolean hasTwoInOnePackage(Model m, int line) {
        for (int o = m.optionStart[line]; o < m.optionStart[line + 1]; o++) {
            if (seen[m.optionPackage[o]] == line + 1) {
                return true;
            }
            seen[m.optionPackage[o]] = line + 1;
        }
        return false;
    }

    /** How many lines there are now. */
    int lines(Model m) {
        int lines = 0;
        for (int l = 0; l < m.lines; l++) {
            lines += apart[l] ? m.quantity[l] : 1;
        }
        return lines;
    }

    void build(Model m) {
        int options = 0;
        for (int l = 0; l < m.lines; l++) {
            options += (apart[l] ? m.quantity[l] : 1) * (m.optionStart[l + 1] - m.optionStart[l]);
        }
        model.ensureLines(lines(m));
        model.ensureOptions(options);
        model.ensurePackages(m.packages);
        model.lines = 0;
        model.options = 0;
        for (int l = 0; l < m.lines; l++) {
            int first = model.lines;
            for (int u = apart[l] ? m.quantity[l] : 1; u > 0; u--) {
                add(m, l, first);
            }
        }
        model.optionStart[model.lines] = model.options;
        System.arraycopy(m.packageCost, 0, model.packageCost, 0, m.packages);
        model.packages = m.packages;
        model.maxPackages = m.maxPackages;
        model.linkPackages();
    }

    private void add(Model m, int l, int first) {
        int line = model.lines++;
        model.firstUnit[line] = first;
        model.divided[line] = apart[l];
        model.quantity[line] = apart[l] ? 1 : m.quantity[l];
        model.unfilled[line] = m.unfilled[l];
        model.optionStart[line] = model.options;
        for (int o = m.optionStart[l]; o < m.optionStart[l + 1]; o++) {
            int k = model.options++;
            model.optionId[k] = m.optionId[o];
            model.optionLine[k] = line;
            model.optionPackage[k] = m.optionPackage[o];
            model.optionUnits[k] = m.optionUnits[o];
            model.optionCost[k] = m.optionCost[o];
        }
    }
}
