package dev.tutti.server.demo;

import dev.tutti.network.GeoPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the customers live and which stores are near. */
final class Geography {
    private final List<Place> places;
    private final List<Place> stores;
    private final List<Home> homes;
    private final Map<String, Home> byPostcode = new HashMap<>();

    /** A town, where somebody lives. */
    record Home(String postcode, GeoPoint point, GeoPoint.Vector at, String city, String state) {}

    private Geography(List<Place> places, List<Home> homes) {
        this.places = places;
        this.stores = places.stream().filter(Place::isStore).toList();
        this.homes = homes;
        homes.forEach(home -> byPostcode.put(home.postcode(), home));
    }

    static Geography of(List<Place> places) {
        return new Geography(places, homes());
    }

    private static List<Home> homes() {
        List<Home> homes = new ArrayList<>();
        try (InputStream in = Demo.resource("customers.csv");
                Stream<String> lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines()) {
            lines.filter(line -> !line.startsWith("#")).skip(1).forEach(line -> {
                String[] fields = line.split(",", -1);
                GeoPoint point = new GeoPoint(Double.parseDouble(fields[1]), Double.parseDouble(fields[2]));
                homes.add(new Home(fields[0], point, point.toVector(), fields[3], fields[4]));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return homes;
    }

    List<Place> places() {
        return places;
    }

    List<Place> stores() {
        return stores;
    }

    Home anyHome(SplittableRandom random) {
        return homes.get(random.nextInt(homes.size()));
    }

    Place anyStore(SplittableRandom random) {
        return stores.get(random.nextInt(stores.size()));
    }

    @Nullable
    Home home(String postcode) {
        return byPostcode.get(postcode);
    }

    /** Where somebody may live whose postcode was typed without its last digits. */
    Home homeLike(String postcode) {
        return homes.stream()
                .filter(home -> home.postcode().startsWith(postcode))
                .findFirst()
                .orElseThrow();
    }

    Home nearestHome(Place store) {
        return homes.stream()
                .min(Comparator.comparingDouble(home -> store.at().milesTo(home.at())))
                .orElseThrow();
    }

    Place nearestStore(Home home) {
        return stores.stream()
                .min(Comparator.comparingDouble(store -> store.at().milesTo(home.at())))
                .orElseThrow();
    }
}
