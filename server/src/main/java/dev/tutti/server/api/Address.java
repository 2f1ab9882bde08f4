package dev.tutti.server.api;

import dev.tutti.order.Contact;
import dev.tutti.server.json.JsonReader;
import java.util.List;

/** An address as it is being read: personal from its first letter on, so it ends in a {@link Contact} and nowhere else. */
final class Address {
    private static final int MOST = 200;

    private String name = "";
    private List<String> street = List.of();
    private String city = "";
    private String region = "";
    private String postcode = "";
    private String country = "";
    private String email = "";
    private String phone = "";

    static Address read(JsonReader in) {
        Address address = new Address();
        in.object();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            if (!address.take(field, in)) {
                throw in.unknownField();
            }
        }
        return address;
    }

    /** @return false if an address has no such field */
    boolean take(String field, JsonReader in) {
        switch (field) {
            case "name" -> name = in.text(MOST);
            case "street" -> street = in.isArray() ? in.list(10, line -> line.text(MOST)) : List.of(in.text(MOST));
            case "city" -> city = in.text(MOST);
            case "region" -> region = in.text(MOST);
            case "postcode" -> postcode = in.text(20);
            case "country" -> country = countryCode(in);
            case "email" -> email = in.text(320);
            case "phone" -> phone = in.text(40);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String countryCode(JsonReader in) {
        String code = in.text(100);
        if (code.length() != 2 || !isCapital(code.charAt(0)) || !isCapital(code.charAt(1))) {
            throw in.invalid("a country is two capital letters, as in ISO 3166");
        }
        return code;
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    String country() {
        return country;
    }

    String postcode() {
        return postcode;
    }

    Contact contact(int shipGroup) {
        return new Contact(shipGroup, name, street, city, region, postcode, country, email, phone);
    }
}
