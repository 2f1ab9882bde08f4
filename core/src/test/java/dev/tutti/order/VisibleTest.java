package dev.tutti.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "\u00a0",
                "\u3000",
                "\u200b",
                "\u2060",
                "\ufeff",
                "\u3164",
                "\u115f\u1160",
                "\u2800",
                "\u00ad "
            })
    void seesNothingWhereNothingIsShown(String text) {
        assertThat(Visible.isNothing(text)).isTrue();
        assertThat(Visible.of(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "Łódź", "東京", "123", "-", "\u200bx", "😀", "é"})
    void seesWhatIsShown(String text) {
        assertThat(Visible.isNothing(text)).isFalse();
    }

    @Test
    void bringsToOneFormWhatLooksAlike() {
        assertThat(Visible.of("  ａnna\u200b@x.com\u00a0")).isEqualTo("anna@x.com");
        assertThat(Visible.of("Lange Straße 1")).isEqualTo("Lange Straße 1");
    }
}
