package dev.tutti.decision;

/**
 * The answer to a command that cannot be carried out as asked. Nothing was changed.
 *
 * @param code stable, for programs
 * @param detail one sentence, for people
 * @param path where in the command, as in {@code lines[3].quantity}; empty when it is about the whole
 */
public record Refusal(RefusalCode code, String detail, String path) {
    public static Refusal of(RefusalCode code, String detail) {
        return new Refusal(code, detail, "");
    }

    public static Refusal at(String path, RefusalCode code, String detail) {
        return new Refusal(code, detail, path);
    }
}
