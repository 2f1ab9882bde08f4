package dev.tutti.server.demo;

import java.util.List;
import java.util.SplittableRandom;

/** What people are called, where they live and what they say. None of them exists. */
final class People {
    private static final List<String> FIRST = List.of(
            "Ada", "Amir", "Ana", "Ben", "Chloe", "Daniel", "Elena", "Farid", "Grace", "Hana", "Ivan", "Jada", "Kofi",
            "Lena", "Marco", "Nadia", "Omar", "Priya", "Quinn", "Rosa", "Sam", "Tara", "Victor", "Wanda", "Yuki",
            "Zoe");
    private static final List<String> LAST = List.of(
            "Abbott",
            "Baker",
            "Castillo",
            "Dubois",
            "Ellis",
            "Fischer",
            "Garcia",
            "Hughes",
            "Ito",
            "Jensen",
            "Khan",
            "Larsen",
            "Moreno",
            "Nguyen",
            "Okafor",
            "Patel",
            "Quigley",
            "Rivera",
            "Silva",
            "Turner",
            "Usman",
            "Vega",
            "Walker",
            "Xu",
            "Young",
            "Zimmer");
    private static final List<String> STREETS =
            List.of("Main St", "Oak Ave", "Maple Dr", "2nd St", "Church Rd", "Lake View Ln", "Hill St", "Park Ave");
    private static final List<String> CANCELS =
            List.of("ordered by mistake", "found it elsewhere", "changed my mind", "wrong address", "too slow");
    private static final List<String> RETURNS =
            List.of("does not fit", "not as described", "changed my mind", "arrived too late", "unwanted gift");
    private static final List<String> BROKEN = List.of("damaged in transit", "does not work", "parts are missing");
    private static final List<String> CARRIERS = List.of("UPS", "FedEx", "USPS");

    private People() {}

    private static String any(List<String> words, SplittableRandom random) {
        return words.get(random.nextInt(words.size()));
    }

    static String name(SplittableRandom random) {
        return any(FIRST, random) + " " + any(LAST, random);
    }

    static String street(SplittableRandom random) {
        return 1 + random.nextInt(9_900) + " " + any(STREETS, random);
    }

    static String reasonToCancel(SplittableRandom random) {
        return any(CANCELS, random);
    }

    /** @param whole whether the thing can be sold again */
    static String reasonToReturn(boolean whole, SplittableRandom random) {
        return any(whole ? RETURNS : BROKEN, random);
    }

    static String carrier(SplittableRandom random) {
        return any(CARRIERS, random);
    }
}
