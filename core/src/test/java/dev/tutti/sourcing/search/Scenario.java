package dev.tutti.sourcing.search;

import static dev.tutti.sourcing.search.SourcingProblem.NONE;

import java.util.ArrayList;
import java.util.List;

/**
 * A problem written as a table: one row per node with its parcel cost, the units it has room for ("-" is no limit) and,
 * per item, "stock@cost"; then one row per line that is asked: item, quantity, "split" or "whole", and what an unfilled
 * unit costs. Answers the plan as a sentence.
 */
final class Scenario {
    private final List<String> nodes = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> optionNodes = new ArrayList<>();
    private final SourcingProblem.Builder builder = SourcingProblem.builder();

    static String plan(String nodeTable, String asked) {
        return plan(nodeTable, asked, Integer.MAX_VALUE);
    }

    static String plan(String nodeTable, String asked, int maxPackages) {
        return new Scenario().solve(nodeTable, asked, maxPackages);
    }

    private String solve(String nodeTable, String asked, int maxPackages) {
        List<String[]> rows = rows(nodeTable);
        String[] header = rows.removeFirst();
        int[][] stocks = new int[rows.size()][header.length];
        for (int n = 0; n < rows.size(); n++) {
            String[] row = rows.get(n);
            int room = row[2].equals("-") ? NONE : builder.addCapacity(Integer.parseInt(row[2]));
            nodes.add(row[0]);
            builder.addPackage(Long.parseLong(row[1]), room);
            for (int i = 3; i < row.length; i++) {
                stocks[n][i] = row[i].equals("-") ? NONE : builder.addStock(Integer.parseInt(row[i].split("@")[0]));
            }
        }
        for (String[] line : rows(asked)) {
            lines.add(line[0]);
            builder.addLine(Integer.parseInt(line[1]), line[2].equals("split"), Long.parseLong(line[3]));
            int item = List.of(header).indexOf(line[0]);
            for (int n = 0; n < rows.size(); n++) {
                if (stocks[n][item] != NONE) {
                    builder.addOption(
                            n, stocks[n][item], Long.parseLong(rows.get(n)[item].split("@")[1]));
                    optionNodes.add(n);
                }
            }
        }
        SourcingProblem problem = builder.maxPackages(maxPackages).build();
        SourcingSolution solution = new ExactSearch().solve(problem);
        Plans.assertHolds(problem, solution);
        return sentence(problem, solution);
    }

    private static List<String[]> rows(String table) {
        List<String[]> rows = new ArrayList<>();
        table.lines().map(String::strip).forEach(line -> rows.add(line.split("\\s+")));
        return rows;
    }

    private String sentence(SourcingProblem problem, SourcingSolution solution) {
        List<String> parts = new ArrayList<>();
        for (int n = 0; n < nodes.size(); n++) {
            StringBuilder part = new StringBuilder();
            for (int l = 0; l < problem.lines(); l++) {
                for (int o = problem.optionStart(l); o < problem.optionStart(l + 1); o++) {
                    if (optionNodes.get(o) == n && solution.taken(o) > 0) {
                        part.append(' ').append(solution.taken(o)).append(' ').append(lines.get(l));
                    }
                }
            }
            if (!part.isEmpty()) {
                parts.add(nodes.get(n) + part);
            }
        }
        for (int l = 0; l < problem.lines(); l++) {
            if (solution.unfilled(l) > 0) {
                parts.add("unfilled " + solution.unfilled(l) + " " + lines.get(l));
            }
        }
        return String.join(", ", parts) + ": " + solution.cost();
    }
}
