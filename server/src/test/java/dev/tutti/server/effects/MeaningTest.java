package dev.tutti.server.effects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeaningTest {
    /** What is in doubt may have happened; only what certainly has not is asked for as if for the first time. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 |                  | Said          | Said
            200 | {"done": true}   | Said          | Said
            204 |                  | Said          | Said
            200 | <html>           | NotUnderstood | NotUnderstood
            202 |                  | Later         | Later
            100 |                  | Unknown       | Unknown
            301 |                  | Unknown       | Unknown
            303 |                  | Unknown       | Unknown
            307 |                  | Unknown       | Unknown
            400 |                  | Said          | Unknown
            401 |                  | NotThisTime   | NotThisTime
            402 | {"answers": {}}  | Said          | Unknown
            403 |                  | NotThisTime   | NotThisTime
            404 |                  | NotThisTime   | Never
            405 |                  | Said          | Unknown
            408 |                  | Unknown       | Unknown
            409 |                  | NotThisTime   | NotThisTime
            410 |                  | Said          | Unknown
            422 | <html>           | Said          | Unknown
            425 |                  | NotThisTime   | NotThisTime
            429 |                  | NotThisTime   | NotThisTime
            500 |                  | Unknown       | Unknown
            503 |                  | Unknown       | Unknown
            """)
    void isOfEachStatus(int status, String body, String asked, String lookedUp) {
        byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);

        assertThat(Meaning.of(status, bytes, false).getClass().getSimpleName()).isEqualTo(asked);
        assertThat(Meaning.of(status, bytes, true).getClass().getSimpleName()).isEqualTo(lookedUp);
        if (status >= 400 && Meaning.of(status, bytes, false) instanceof Meaning.Said said) {
            assertThat(said.done()).isFalse();
        }
    }
}
