package dev.tutti.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.flow.Condition;
import dev.tutti.flow.FactType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    private static final Conditions CONDITIONS = new Conditions(
            new TreeMap<>(Map.of(
                    "units.open", FactType.NUMBER, "order.country", FactType.TEXT, "order.exception", FactType.TRUTH)),
            List.of("attributes"));

    /** Two units are open, it goes to France, a person must look at it, and it is a gift. */
    private static Object fact(String name) {
        return switch (name) {
            case "units.open" -> 2L;
            case "order.country" -> "FR";
            case "order.exception" -> true;
            case "attributes.gift" -> "yes";
            default -> "";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            units.open > 0                                          ; true
            units.open > 2                                          ; false
            units.open >= 2                                         ; true
            units.open < 3                                          ; true
            units.open <= 1                                         ; false
            units.open == 2                                         ; true
            units.open != 2                                         ; false
            3 > units.open                                          ; true
            2 < units.open                                          ; false
            units.open in [1, 2]                                    ; true
            units.open > -1                                         ; true
            order.country == "FR"                                   ; true
            order.country != "FR"                                   ; false
            order.country in ["DE", "FR"]                           ; true
            !(order.country in ["DE"])                              ; true
            order.exception                                         ; true
            !order.exception                                        ; false
            order.exception == false                                ; false
            order.exception != false                                ; true
            attributes.gift == "yes"                                ; true
            attributes["gift"] == "yes"                             ; true
            attributes["gift-wrap"] == ""                           ; true
            attributes["in"] == ""                                  ; true
            attributes["a.b \\" c"] == "\\r\\u0001"                  ; false
            attributes.other == ""                                  ; true
            units.open > 0 && order.country == "DE"                 ; false
            units.open > 5 || (order.country == "FR" && !(units.open == 7)) ; true
            true                                                    ; true
            false                                                   ; false
            """)
    void saysWhatItSays(String text, boolean holds) throws NotACondition {
        Condition condition = CONDITIONS.compile(text);

        assertThat(condition.holds(ConditionsTest::fact)).isEqualTo(holds);
        assertThat(CONDITIONS.compile(condition.text())).as(condition.text()).isEqualTo(condition);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0007', textBlock = """
            units.open >                                 | 13 | mismatched input
            units.opne > 0                               | 1  | there is no fact units.opne; there are order.country, order.exception, units.open, attributes.…
            units.open > "0"                             | 12 | found no matching overload
            units.open                                   | 6  | expected type 'bool'
            units.open + 1 > 2                           | 12 | a fact can be compared with a constant
            units.open > units.open                      | 12 | a fact can be compared with a constant
            order.country > "A"                          | 15 | only numbers are more or less
            order.country.startsWith("F")                | 25 | there is no startsWith
            [1, 2].exists(x, x == units.open)            | 14 | there is no exists in a condition
            units.open > 0 ? true : false                | 16 | there is no ?: in a condition
            order.country in ["DE", 1]                   | 18 | the list has either texts or whole numbers
            order.country in []                          | 18 | the list has either texts or whole numbers
            order.country in [order.country]             | 24 | the list has texts or whole numbers
            units.open == 9000000000000000000            | 12 | a number is at most
            attributes[order.country] == "x"             | 11 | a fact can be compared with a constant
            """)
    void whatIsNoneIsRefusedWithItsPlace(String text, int column, String why) {
        assertThatThrownBy(() -> CONDITIONS.compile(text))
                .isInstanceOfSatisfying(
                        NotACondition.class,
                        not -> assertThat(not.column()).as(not.getMessage()).isEqualTo(column))
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "!", "units.open > 0 && "})
    void aBombIsRefused(String charge) {
        assertThatThrownBy(() -> CONDITIONS.compile(charge.repeat(3_000) + "true"))
                .isInstanceOf(NotACondition.class);
    }
}
