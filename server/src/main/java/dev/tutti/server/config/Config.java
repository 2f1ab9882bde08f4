package dev.tutti.server.config;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./tutti config plan|apply DIR}: what files say, put to a running server; and flows, drawn. */
public final class Config {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Options options;
    private final PrintStream out;
    private final PrintStream err;

    private Config(Options options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        // Arrows and dashes are UTF-8 whatever the terminal's locale says of itself.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(arguments, System.getenv(), out, err));
    }

    /** @return the code the process ends with */
    public static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (Arrays.asList(arguments).contains("--help")) {
            out.print(Options.HELP);
            return DONE;
        }
        try {
            CommandLine line = CommandLine.of(arguments);
            if (!line.words().isEmpty() && line.words().getFirst().equals("draw")) {
                Draw.run(line, environment, out);
                return DONE;
            }
            return new Config(Options.parse(line, environment), out, err).run();
        } catch (Options.Wrong e) {
            err.println("tutti: " + e.getMessage());
            return REFUSED;
        } catch (Unreachable e) {
            err.println("tutti: " + e.getMessage());
            return FAILED;
        } catch (IOException e) {
            err.println("tutti: the files cannot be read: " + e.getMessage());
            return FAILED;
        }
    }

    private int run() throws IOException {
        Gathered gathered = Gathered.from(options.directory());
        if (gathered.files() == 0 && gathered.faults().isEmpty()) {
            throw new Options.Wrong("there is no *.yaml or *.yml in " + options.directory());
        }
        if (gathered.tooLarge()) {
            throw new Options.Wrong("the files in " + options.directory()
                    + " are more than a server takes at once (64 MB as JSON); send items as lines to PUT /v1/items");
        }
        return gathered.faults().isEmpty() ? ask(gathered) : tellAll(gathered);
    }

    /** An answer of the server. */
    private record Answer(int status, JsonNode body) {
        String detail() {
            return body.path("detail").asString("it answers " + status + ", and says no more");
        }

        List<Fault> faults(Gathered gathered) throws IOException {
            JsonNode problems = body.path("problems");
            List<Fault> faults = new ArrayList<>(gathered.located(problems));
            int more = body.path("count").asInt(0) - problems.size();
            if (more > 0) {
                faults.add(new Fault("", 0, "", "and " + more + " more"));
            }
            return faults;
        }
    }

    private int ask(Gathered gathered) throws IOException {
        Answer answer = send(options.action(), gathered);
        if (answer.status() == 200) {
            new Told(answer.body(), out).tell(options.action());
            return DONE;
        }
        if (answer.body().has("problems")) {
            return refuse(answer.faults(gathered));
        }
        err.println("tutti: " + Told.printable(answer.detail()));
        return answer.status() >= 500 ? FAILED : REFUSED;
    }

    /** The files are wrong already; what the server finds in the rest of them is told as well. */
    private int tellAll(Gathered gathered) throws IOException {
        List<Fault> faults = new ArrayList<>(gathered.faults());
        try {
            faults.addAll(send(Options.Action.PLAN, gathered).faults(gathered));
        } catch (Unreachable e) {
            faults.add(new Fault("", 0, "", "the rest was not looked at: " + e.getMessage()));
        }
        return refuse(faults);
    }

    private int refuse(List<Fault> faults) {
        faults.stream().sorted(Fault.IN_ORDER).forEach(fault -> err.println(Told.printable(fault.words())));
        err.println("tutti: refused, nothing was changed");
        return REFUSED;
    }

    private Answer send(Options.Action action, Gathered gathered) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(options.server() + action.path()))
                .timeout(Duration.ofMinutes(10))
                .header("Authorization", "Bearer " + options.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gathered.document(options)))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
        } catch (IOException e) {
            throw Unreachable.at(options.server());
        } catch (JacksonException e) {
            throw new Unreachable("what answers at " + options.server() + " is not Tutti");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted");
        }
    }
}
