package dev.tutti.server.config;

import dev.tutti.flow.Flow;
import dev.tutti.server.flow.FlowJson;
import dev.tutti.server.flow.FlowPicture;
import dev.tutti.server.json.BadJson;
import dev.tutti.server.json.JsonReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ./tutti config draw FLOW}: a flow as a picture, with its orders if a server is asked. */
final class Draw {
    private String format = "mermaid";
    private String server = "http://127.0.0.1:8080";
    private String key;
    private @Nullable Path files;

    private Draw(Map<String, String> environment) {
        this.key = environment.getOrDefault("TUTTI_KEY", "").strip();
    }

    static void run(CommandLine line, Map<String, String> environment, PrintStream out) throws IOException {
        if (line.words().size() != 2) {
            throw new Options.Wrong("say which flow is to be drawn, and only that");
        }
        Draw draw = new Draw(environment);
        line.options().forEach(option -> draw.take(option.name(), option.value()));
        String flow = line.words().getLast();
        Path directory = draw.files;
        out.print(directory == null ? draw.asked(flow) : draw.fromFiles(flow, directory));
        out.flush();
    }

    private void take(String option, String value) {
        switch (option) {
            case "--format" -> {
                if (!List.of("svg", "mermaid").contains(value)) {
                    throw new Options.Wrong("--format is svg or mermaid, not " + value);
                }
                format = value;
            }
            case "--files" -> files = Path.of(value);
            case "--server" -> server = CommandLine.address(value);
            case "--key" -> key = value.strip();
            default -> throw new Options.Wrong("there is no option " + option);
        }
    }

    private String fromFiles(String code, Path directory) throws IOException {
        List<String> codes = new ArrayList<>();
        for (Path file : Directory.files(directory, new ArrayList<>())) {
            try (JsonReader in = JsonReader.yaml(Files.readAllBytes(file))) {
                for (Flow flow : flows(in)) {
                    if (flow.name().equals(code)) {
                        return format.equals("svg")
                                ? FlowPicture.svg(flow, Map.of())
                                : FlowPicture.mermaid(flow, Map.of());
                    }
                    codes.add(flow.name());
                }
            } catch (BadJson e) {
                throw new Options.Wrong(file + ": " + (e.path().isEmpty() ? "" : e.path() + ": ") + e.detail());
            }
        }
        throw new Options.Wrong("there is no flow " + code + " in " + directory + "; there "
                + (codes.isEmpty() ? "is none at all" : "are " + codes));
    }

    private static List<Flow> flows(JsonReader in) {
        List<Flow> flows = new ArrayList<>();
        in.begin();
        in.object();
        for (String name = in.nextField(); name != null; name = in.nextField()) {
            if (name.equals("flows") && !in.isNull()) {
                flows.addAll(in.list(Integer.MAX_VALUE, flow -> FlowJson.read(in, 1)));
            } else {
                in.tree();
            }
        }
        return flows;
    }

    private String asked(String code) {
        if (!key.matches("[!-~]+")) {
            throw new Options.Wrong(
                    key.isEmpty() ? "give a key, in TUTTI_KEY or with --key; or --files" : "this is no key");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        server + "/v1/flows/" + code.replaceAll("[^A-Za-z0-9._-]", "") + "/picture?format=" + format))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + key)
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            HttpResponse<String> reply =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (reply.statusCode() == 404) {
                throw new Options.Wrong("there is no flow " + code + " at " + server);
            }
            if (reply.statusCode() != 200) {
                throw new Options.Wrong(server + " answers " + reply.statusCode() + ": " + reply.body());
            }
            return reply.body();
        } catch (IOException e) {
            throw Unreachable.at(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted");
        }
    }
}
