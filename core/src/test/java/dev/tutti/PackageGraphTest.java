package dev.tutti;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The whole dependency graph of the core: who imports whom. No circles, nothing that is not written here. */
class PackageGraphTest {
    private static final String GRAPH = """
            quantity         <-
            decision         <-
            network          <-
            flow             <-
            flow.verify      <- flow
            inventory        <- decision network
            fulfilment       <- decision network
            sourcing.search  <-
            sourcing         <- fulfilment inventory network sourcing.search
            payment          <- decision
            returns          <- decision network
            invoice          <- decision
            promise          <- fulfilment inventory network sourcing
            inbound          <- decision inventory network
            reservation      <- decision fulfilment inventory network sourcing
            order            <- decision flow flow.verify fulfilment inventory invoice network payment quantity reservation returns sourcing
            conveyor         <- decision inventory
            hub              <- conveyor decision flow inbound inventory network order reservation sourcing
            """;

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tutti");

    @Test
    void isAsItIsWrittenHere() {
        assertThat(lines(graph())).isEqualTo(lines(GRAPH));
    }

    @Test
    void reachesNothingOutsideButTheJdkAndJspecify() {
        assertThat(CORE.stream()
                        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                        .map(d -> d.getTargetClass().getBaseComponentType().getPackageName())
                        .filter(p -> !p.isEmpty()
                                && !p.startsWith("dev.tutti")
                                && !p.startsWith("java.")
                                && !p.startsWith("org.jspecify")))
                .isEmpty();
    }

    private static String graph() {
        Map<String, TreeSet<String>> imports = new TreeMap<>();
        for (JavaClass type : CORE) {
            String from = shortName(type.getPackageName());
            TreeSet<String> to = imports.computeIfAbsent(from, p -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (target.startsWith("dev.tutti.") && !shortName(target).equals(from)) {
                    to.add(shortName(target));
                }
            }
        }
        return imports.entrySet().stream()
                .map(e -> e.getKey() + " <- " + String.join(" ", e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String shortName(String packageName) {
        return packageName.substring("dev.tutti.".length());
    }

    private static TreeSet<String> lines(String graph) {
        return graph.lines()
                .map(line -> line.trim().replaceAll("\\s+", " "))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
