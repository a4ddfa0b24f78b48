package io.tidecast.page.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageStoreTest {

  private static final KeptLimits FEW = new KeptLimits(3, 10, 4, 1_000_000);

  private final PageStore store = new PageStore(FEW);

  @Test
  void shouldKeepTheNewestCellsInTheOrderOfTheirTimes() {
    for (int i : new int[] {5, 1, 3, 2, 4, 12, 11, 10, 9, 8, 7, 6, 0}) {
      store.add(new Cell("a", "0", i, 100 + i));
    }

    SeriesView view = store.look("a", null, 0);

    assertThat(view.cellMillis()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(view.cellValues()).startsWith(103, 104).endsWith(112);
  }

  @Test
  void shouldTellWhatHasChangedSince() {
    store.add(new Cell("a", "0", 1, 1));
    store.add(new Cell("a", "0", 2, 2));
    long mark = store.look("a", null, 0).mark();
    assertThat(store.look("a", null, mark).isEmpty()).isTrue();

    store.add(new Cell("a", "0", 1, 7));
    store.add(new Cell("b", "0", 9, 9));

    SeriesView view = store.look("a", null, mark);
    assertThat(view.cellMillis()).containsExactly(1);
    assertThat(view.cellValues()).containsExactly(7);
  }

  @Test
  void shouldKeepEarlierForecastsTheFurtherApartTheOlderTheyAre() {
    for (int origin = 0; origin < 100; origin++) {
      store.add(fan("a", Fan.PRIMARY, origin, 0));
    }

    long[] origins = store.look("a", null, 0).origins();

    assertThat(origins).hasSize(4).endsWith(99).isSorted();
    assertThat(origins[0]).isZero();
    assertThat(origins[2] - origins[1]).isLessThan(origins[1] - origins[0]);
    assertThat(store.fill().crowdedOut()).isZero();
  }

  @Test
  void shouldKeepTheNewestRevisionOfAForecast() {
    store.add(fan("a", Fan.PRIMARY, 5, 1));
    store.add(fan("a", Fan.PRIMARY, 5, 0));
    assertThat(store.look("a", null, 0).fans())
        .extracting(f -> f.by().revision())
        .containsExactly(1);

    store.add(fan("a", Fan.PRIMARY, 5, 2));

    assertThat(store.look("a", null, 0).fans())
        .extracting(f -> f.by().revision())
        .containsExactly(2);
  }

  /** A request may ask for a few steps of a forecast that is there in full. */
  @Test
  void shouldKeepTheLongerOfTwoForecastsOfOneRevision() {
    store.add(fan("a", Fan.PRIMARY, 5, 0));
    long mark = store.look("a", null, 0).mark();
    store.add(fan("a", Fan.PRIMARY, 5, 0, 1));
    assertThat(store.look("a", null, mark).isEmpty()).isTrue();
    assertThat(store.look("a", null, 0).fans())
        .extracting(f -> f.values().timesMillis().length)
        .containsExactly(8);

    store.add(fan("a", Fan.PRIMARY, 6, 0, 1));
    store.add(fan("a", Fan.PRIMARY, 6, 0));
    store.add(fan("a", Fan.PRIMARY, 5, 1, 1));
    store.add(fan("a", "member", 6, 0, 8));
    store.add(fan("a", "member", 6, 0, 2));

    assertThat(store.look("a", null, 0).fans())
        .as("a later revision, a longer one, one beside the primary")
        .extracting(f -> f.values().timesMillis().length)
        .containsExactly(1, 8, 8);
  }

  @Test
  void shouldKeepTheNewestForecastOfEachOtherModel() {
    store.add(fan("a", "member", 5, 0));
    store.add(fan("a", "member", 7, 0));
    store.add(fan("a", "member", 6, 0));

    assertThat(store.look("a", null, 0).fans()).extracting(Fan::originMillis).containsExactly(7L);
  }

  @Test
  void shouldCutOneTargetOutOfAForecast() {
    store.add(
        new Fan(
            "a",
            new Fan.Maker("m", "1", Fan.PRIMARY, false, Double.NaN, 0),
            0,
            0,
            List.of("load", "wind"),
            new Fan.Values(
                new long[] {1, 2},
                new float[] {10, 20, 11, 21},
                new double[] {.1, .9},
                new float[] {9, 11, 19, 21, 8, 12, 18, 22})));

    Fan wind = store.look("a", "wind", 0).fans().get(0);

    assertThat(store.look("a", null, 0).target()).isEqualTo("load");
    assertThat(wind.values().points()).containsExactly(20, 21);
    assertThat(wind.values().quantiles()).containsExactly(19, 21, 18, 22);
  }

  @Test
  void shouldReplaceAndTakeBackWhatWasNotExpected() {
    store.add(breach("anomaly", "above", false));
    store.add(breach("level shift", "above", false));
    long mark = store.look("a", null, 0).mark();

    // The direction is that of the corrected value.
    store.add(breach("anomaly", "below", true));

    assertThat(store.look("a", null, mark).breaches())
        .singleElement()
        .satisfies(b -> assertThat(b.withdrawn()).isTrue());
    assertThat(store.look("a", null, 0).breaches()).hasSize(2);
  }

  @Test
  void shouldCountWhatIsOfMoreSeriesUnlessOneIsAskedFor() {
    for (String name : List.of("a", "b", "c", "d", "d", "e")) {
      store.add(new Cell(name, "0", 1, 1));
    }
    assertThat(store.fill().series()).isEqualTo(3);
    assertThat(store.fill().leftOut()).isEqualTo(3);
    assertThat(store.look("d", null, 0)).isNull();

    store.want("d");
    store.add(new Cell("d", "0", 2, 2));

    assertThat(store.look("d", null, 0).cellMillis()).containsExactly(2);
  }

  @Test
  void shouldStayWithinItsMemoryWhateverComes() {
    PageStore small = new PageStore(new KeptLimits(1_000, 2_000, 24, 200_000));
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String name = "series-" + random.nextInt(50);
      switch (random.nextInt(4)) {
        case 0 -> small.add(new Cell(name, "t" + random.nextInt(3), random.nextInt(5_000), 1));
        case 1 -> small.add(fan(name, Fan.PRIMARY, random.nextInt(5_000), 0));
        case 2 -> small.add(fan(name, "member", random.nextInt(5_000), 0));
        default ->
            small.add(
                new Breach(
                    name,
                    "0",
                    random.nextInt(5_000),
                    "x",
                    "above",
                    1,
                    new Breach.Range(0, 0),
                    1,
                    false));
      }
      assertThat(small.fill().bytes()).isBetween(0L, 200_000L);
    }
    assertThat(small.fill().crowdedOut()).isPositive();
    assertThat(small.fill().series()).isPositive();
  }

  @Test
  void shouldStillTakeTheNewestForecastWhereMemoryIsShort() {
    PageStore small = new PageStore(new KeptLimits(10, 100, 24, 5_000));

    for (int origin = 0; origin < 100; origin++) {
      small.add(fan("a", Fan.PRIMARY, origin, 0));
    }

    assertThat(small.look("a", null, 0).origins()).endsWith(99);
    assertThat(small.fill().bytes()).isLessThanOrEqualTo(5_000);
  }

  @Test
  void shouldFindThoseThatBeginWithWhatIsSoughtFirst() {
    for (String name : List.of("north-west", "west", "East")) {
      store.add(new Cell(name, "0", 1, 1));
    }

    assertThat(store.search("west", 9).names()).containsExactly("west", "north-west");
    assertThat(store.search("EAST", 9).names()).containsExactly("East");
    assertThat(store.search("", 2).names()).hasSize(2);
    assertThat(store.search("", 2).count()).isEqualTo(3);
  }

  @Test
  void shouldShowTheFirstSeriesUnlessItHasNoForecast() {
    assertThat(store.first()).isNull();
    store.add(new Cell("b", "0", 1, 1));
    assertThat(store.first()).isEqualTo("b");

    store.add(fan("a", Fan.PRIMARY, 1, 0));
    assertThat(store.first()).isEqualTo("a");

    store.add(fan("b", Fan.PRIMARY, 1, 0));
    assertThat(store.first()).isEqualTo("b");
  }

  @Test
  void shouldRefuseAForecastWhoseValuesAreNotAllThere() {
    assertThatThrownBy(
            () ->
                new Fan(
                    "a",
                    new Fan.Maker("m", "1", Fan.PRIMARY, false, Double.NaN, 0),
                    0,
                    0,
                    List.of("0"),
                    new Fan.Values(new long[2], new float[1], new double[0], new float[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 steps, 1 targets and 0 levels: 1 and 0");
  }

  private static Breach breach(String kind, String direction, boolean withdrawn) {
    return new Breach("a", "0", 5, kind, direction, 9, new Breach.Range(1, 2), 1.5, withdrawn);
  }

  private static Fan fan(String series, String role, long origin, int revision) {
    return fan(series, role, origin, revision, 8);
  }

  private static Fan fan(String series, String role, long origin, int revision, int steps) {
    long[] times = new long[steps];
    Arrays.setAll(times, i -> origin + 1 + i);
    return new Fan(
        series,
        new Fan.Maker("model", "1", role, false, Double.NaN, revision),
        origin,
        origin,
        List.of("0"),
        new Fan.Values(times, new float[steps], new double[0], new float[0]));
  }
}
