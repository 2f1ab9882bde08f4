package dev.tutti.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutti.server.live.Albers.Point;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against {@code d3.geoAlbersUsa().scale(1300).translate([487.5, 305])}. */
class AlbersTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            # place,         latitude, longitude,       x,       y
            New York,         40.7128,  -74.0060, 869.719, 215.741
            San Francisco,    37.7749, -122.4194,  34.841, 261.436
            Miami,            25.7617,  -80.1918, 822.738, 572.541
            Seattle,          47.6062, -122.3321,  97.625,  46.319
            Kansas City,      39.0997,  -94.5786, 522.811, 295.691
            Anchorage,        61.2181, -149.9003, 112.277, 544.278
            Attu,             52.9,      172.9,   -55.892, 572.097
            Honolulu,         21.3069, -157.8583, 266.960, 549.190
            San Juan,         18.4655,  -66.1057,        ,
            """)
    void placesStandWhereTheOutlinesHaveThem(String place, double latitude, double longitude, Double x, Double y) {
        Point point = Albers.project(latitude, longitude);

        if (x == null || y == null) {
            assertThat(point).as(place).isNull();
        } else {
            assertThat(point).as(place).isNotNull();
            assertThat(point.x()).as(place).isCloseTo(x, within(0.001));
            assertThat(point.y()).as(place).isCloseTo(y, within(0.001));
        }
    }
}
