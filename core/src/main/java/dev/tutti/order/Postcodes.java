package dev.tutti.order;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What postcodes look like, country by country: 9 is a digit, A a letter, X either. Separators, and the letters of the
 * country before them, are left out before a postcode is compared. Source: the Universal Postal Union's descriptions of
 * postal addressing systems.
 */
final class Postcodes {
    /** Among the masks of a country whose addresses may have none. */
    private static final String OPTIONAL = "OPTIONAL";

    private static final Map<String, List<String>> FORMS = read("""
            AR 9999 A9999AAA
            AT BE BG CH CY DK HU LI LU LV NO NZ PH SI ZA AU 9999
            BR 99999999 99999
            CA A9A9A9
            CL 9999999 OPTIONAL
            CO 999999 OPTIONAL
            CN IN RO RU SG 999999
            CZ DE EE ES FI FR GR HR ID IT KR LT MC MX MY RS SE SK SM TH TR UA 99999
            GB A99AA A999AA AA99AA AA999AA A9A9AA AA9A9AA
            IE A99XXXX A9AXXXX OPTIONAL
            IL 9999999 99999
            IS 999
            JP 9999999
            MT AAA9999
            NL 9999AA
            PL 99999
            PT 9999999 9999
            SA 99999 999999999
            TW 999 99999 999999
            US 99999 999999999
            VN 99999 999999 OPTIONAL
            """);

    private static final String SEPARATORS = "[\\p{Z}\\p{Pd}]";

    private Postcodes() {}

    private static Map<String, List<String>> read(String table) {
        Map<String, List<String>> forms = new TreeMap<>();
        for (String line : table.lines().toList()) {
            List<String> words = List.of(line.strip().split(" "));
            List<String> countries =
                    words.stream().takeWhile(word -> word.matches("[A-Z]{2}")).toList();
            List<String> masks = words.subList(countries.size(), words.size());
            countries.forEach(country -> forms.put(country, masks));
        }
        return forms;
    }

    /** Whether addresses of a country must have one, as far as it is known. */
    static boolean isNeeded(String country) {
        List<String> masks = FORMS.getOrDefault(country, List.of());
        return !masks.isEmpty() && !masks.contains(OPTIONAL);
    }

    /** Whether a postcode may be one of a country; also if nothing is known of the country. */
    static boolean mayBe(String country, String postcode) {
        List<String> masks = FORMS.getOrDefault(country, List.of());
        if (masks.isEmpty()) {
            return true;
        }
        String text = postcode.toUpperCase(Locale.ROOT).strip();
        boolean digits = masks.stream().anyMatch(mask -> mask.startsWith("9"));
        // As in D-10115, LV-1010 and 〒100-0001: the country's sign, which is no part of it.
        String bare = (digits ? text.replaceFirst("^([A-Z]{1,2}[- ]|〒)", "") : text).replaceAll(SEPARATORS, "");
        return masks.stream().anyMatch(mask -> matches(mask, bare));
    }

    private static boolean matches(String mask, String text) {
        if (mask.length() != text.length()) {
            return false;
        }
        for (int i = 0; i < mask.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'A' && c <= 'Z';
            boolean fits = switch (mask.charAt(i)) {
                case '9' -> digit;
                case 'A' -> letter;
                default -> digit || letter;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
