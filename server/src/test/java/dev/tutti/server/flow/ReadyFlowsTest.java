package dev.tutti.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.decision.Spelling;
import dev.tutti.flow.Flow;
import dev.tutti.flow.Step;
import dev.tutti.order.OrderFlow;
import dev.tutti.server.json.Json;
import dev.tutti.server.json.JsonReader;
import dev.tutti.simulator.walk.Survey;
import dev.tutti.simulator.walk.Walk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The flows under examples: each is read, accepted, and leaves no order stuck. */
class ReadyFlowsTest {
    private static final boolean DEEP = Boolean.getBoolean("tutti.deep");
    private static final int WALKS = DEEP ? 1_000_000 : 5_000;
    private static final int MUTANTS = DEEP ? 5_000 : 300;

    static List<Flow> flows() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of("../examples/flows"))) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        List<Flow> flows = new ArrayList<>();
        for (Path file : files) {
            try (JsonReader in = JsonReader.yaml(Files.readAllBytes(file))) {
                in.begin();
                in.object();
                assertThat(in.nextField()).isEqualTo("flows");
                flows.addAll(in.list(100, flow -> FlowJson.read(in, 1)));
                assertThat(in.nextField()).isNull();
            }
        }
        return flows;
    }

    @Test
    void thereAreAtLeastEight() throws IOException {
        assertThat(flows()).hasSizeGreaterThanOrEqualTo(8);
    }

    @ParameterizedTest
    @MethodSource("flows")
    void isAcceptedAndLeavesNoOrderStuck(Flow flow) {
        OrderFlow verified = OrderFlow.verified(flow);
        assertThat(verified.findings()).isEmpty();
        for (long seed = 0; seed < WALKS; seed++) {
            assertThat(Walk.stuckOrUnforeseen(flow, Map.of(flow.name(), verified), seed))
                    .as("seed " + seed)
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void isReadAgainAsItIsWritten(Flow flow) {
        Flow read = FlowJson.stored(FlowJson.toStore(flow));

        assertThat(read.steps()).isEqualTo(flow.steps());
        assertThat(Json.bytes(json -> FlowJson.write(json, read)))
                .isEqualTo(Json.bytes(json -> FlowJson.write(json, flow)));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void isDrawnWithAllItsStepsAndOrders(Flow flow) throws Exception {
        Map<String, Long> waiting = Map.of(flow.steps().getLast().name(), 7L);

        String svg = FlowPicture.svg(flow, waiting);
        String mermaid = FlowPicture.mermaid(flow, waiting);

        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        for (Step step : flow.steps()) {
            assertThat(svg).contains(">" + step.name() + "<");
            assertThat(mermaid).contains("\"" + step.name());
        }
        String seven = "7 " + Spelling.of(flow.kind()).replace('-', ' ') + "s";
        assertThat(svg).contains(">" + seven + "<").contains(" units.");
        assertThat(mermaid).contains(seven);
    }

    @ParameterizedTest
    @MethodSource("flows")
    void noMutantThatGetsAnOrderStuckIsAccepted(Flow flow) {
        Survey survey = Survey.of(flow, flow.name().equals("paid") ? MUTANTS / 5 : MUTANTS);

        System.out.println(flow.name() + ": " + survey.words());
        assertThat(survey.missed()).isEmpty();
        assertThat(survey.stuck()).isPositive();
    }
}
