package dev.tutti.server.demo;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API answered. */
record Reply(int status, String body) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    boolean isDone() {
        return status < 300;
    }

    JsonNode json() {
        return MAPPER.readTree(body);
    }

    /** The results of the lines that were not taken. */
    List<JsonNode> problems() {
        return body.lines()
                .map(MAPPER::readTree)
                .filter(line -> line.path("status").asInt(0) >= 300)
                .toList();
    }

    /** The stable code of a problem. */
    String code() {
        return isDone() ? "" : json().path("code").asString("");
    }
}
