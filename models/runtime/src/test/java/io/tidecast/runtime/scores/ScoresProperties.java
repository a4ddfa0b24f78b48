package io.tidecast.runtime.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.scores.BatchScores.Made;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the series, the models and the settings: scores that go on are those of everything at
 * once, in any order of arrival that is in time, with the bytes written and read in between, and
 * however many cells are added together.
 */
class ScoresProperties {

  private static final int ROUNDS = 120;
  private static final int MOST_TOGETHER = 10;
  private static final double EXACT = 1e-9;
  private static final double[][] LEVELS = {
    {},
    {0.5},
    {0.1, 0.9},
    {0.05, 0.25, 0.5, 0.75, 0.95},
    {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}
  };

  /** Something that arrives; a cell, or a forecast. */
  private record Event(double arrival, long cell, double[] values, Made made) {}

  /** One series with all that happens to it. */
  private static final class World {
    final ScoreSettings settings;
    final List<Contestant> models = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final BatchScores batch;
    final Random random;
    final int cells;
    final double missing;
    final long begin;
    final boolean fine;

    World(long seed) {
      random = new Random(seed);
      int horizon = 1 + random.nextInt(40);
      int channels = 1 + random.nextInt(3);
      settings =
          new ScoreSettings(
              random.nextBoolean()
                  ? ScoreSettings.leadsTo(horizon)
                  : List.of(1 + random.nextInt(5), 6 + random.nextInt(40)),
              channels,
              1 + random.nextInt(30),
              3 + random.nextInt(100),
              0.5 + 60 * random.nextDouble(),
              random.nextInt(6));
      batch = new BatchScores(settings);
      cells = 20 + random.nextInt(200);
      missing = random.nextBoolean() ? 0 : 0.2;
      begin = random.nextInt(2_000) - 1_000L;
      fine = random.nextBoolean();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        models.add(new Contestant("model-" + i, "1", targets(channels), LEVELS[random.nextInt(5)]));
      }
      happen();
    }

    private int[] targets(int channels) {
      return random.ints(0, channels).distinct().limit(1 + random.nextInt(channels)).toArray();
    }

    /** How long an event may be under way: as long as the cells stay open. */
    private double delay() {
      return settings.openCells() * 0.999 * random.nextDouble();
    }

    private double number() {
      double number = 100 * random.nextGaussian();
      return fine ? number : (float) number;
    }

    private void happen() {
      int every = 1 + random.nextInt(5);
      for (long cell = begin; cell < begin + cells; cell++) {
        if (random.nextDouble() < missing && cell < begin + cells - 1) {
          continue;
        }
        double arrival = cell + delay();
        double[] values = values();
        events.add(new Event(arrival, cell, values, null));
        if (settings.openCells() > 0 && random.nextInt(10) == 0) {
          // A correction comes after what it corrects.
          double[] corrected = values();
          double later = arrival + (cell + settings.openCells() * 0.999 - arrival) * 0.5;
          events.add(new Event(later, cell, corrected, null));
          values = corrected;
        }
        batch.close(cell, values);
        if (cell % every == 0) {
          for (Contestant model : models) {
            forecast(model, cell);
          }
        }
      }
      events.sort(Comparator.comparingDouble(Event::arrival));
    }

    private double[] values() {
      double[] values = new double[settings.channels()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble() < missing / 2 ? Double.NaN : number();
      }
      return values;
    }

    private void forecast(Contestant by, long origin) {
      int horizon = 1 + random.nextInt(50);
      double arrival = origin + delay();
      add(new Made(by, origin, 0, numbers(by, horizon)), arrival);
      if (random.nextInt(8) == 0) {
        add(
            new Made(by, origin, 1, numbers(by, horizon)),
            random.nextBoolean() ? arrival : origin + delay());
      }
    }

    private void add(Made made, double arrival) {
      batch.forecast(made);
      events.add(new Event(arrival, 0, null, made));
    }

    private double[][][] numbers(Contestant by, int horizon) {
      double[][][] numbers = new double[horizon][by.channels().length][1 + by.levels().length];
      for (double[][] step : numbers) {
        for (double[] target : step) {
          for (int i = 0; i < target.length; i++) {
            target[i] = number();
          }
          java.util.Arrays.sort(target, 1, target.length);
        }
      }
      return numbers;
    }

    SeriesScores live(Scoring scoring, boolean throughBytes) {
      SeriesScores live = scoring.begin();
      for (Event event : events) {
        if (event.made() != null) {
          live.forecast(event.made().forecast());
        } else {
          assertThat(live.close(event.cell(), event.values())).isTrue();
        }
        if (throughBytes && random.nextInt(5) == 0) {
          live = scoring.read(live.bytes());
        }
      }
      return live;
    }
  }

  @Test
  void shouldBeThoseOfEverythingAtOnce() {
    int scored = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      Scoring scoring = new Scoring(world.settings, 1 + seed / 2 % MOST_TOGETHER);
      List<Score> live = world.live(scoring, seed % 2 == 0).scores();
      assertThat(scoring.taken().late()).as("late of %d", seed).isZero();
      assertThat(scoring.taken().dropped()).as("dropped of %d", seed).isZero();
      for (Contestant model : world.models) {
        List<Score> expected = world.batch.scores(model, world.begin + world.cells - 1);
        List<Score> actual = live.stream().filter(score -> score.by().is(model)).toList();
        assertThat(actual).as("bands of %d", seed).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
          assertSame(actual.get(i), expected.get(i), "world " + seed);
          scored++;
        }
      }
    }
    assertThat(scored).isGreaterThan(ROUNDS * 4);
  }

  private static void assertSame(Score actual, Score expected, String world) {
    assertThat(actual.channel()).as(world).isEqualTo(expected.channel());
    assertThat(actual.firstLead()).as(world).isEqualTo(expected.firstLead());
    assertThat(actual.lastLead()).as(world).isEqualTo(expected.lastLead());
    assertThat(actual.cell()).as(world).isEqualTo(expected.cell());
    assertSame(actual.window(), expected.window(), world + ", window");
    assertSame(actual.weighted(), expected.weighted(), world + ", weighted");
  }

  private static void assertSame(Figures actual, Figures expected, String what) {
    double[] live = BatchScores.numbers(actual);
    double[] batch = BatchScores.numbers(expected);
    for (int i = 0; i < batch.length; i++) {
      String name = Figures.class.getRecordComponents()[i].getName() + " of " + what;
      if (Double.isNaN(batch[i])) {
        assertThat(live[i]).as(name).isNaN();
      } else {
        assertThat(Math.abs(live[i] - batch[i]))
            .as("%s: live %s, batch %s", name, live[i], batch[i])
            .isLessThanOrEqualTo(EXACT * Math.max(1, Math.abs(batch[i])));
      }
    }
  }

  @Test
  void shouldGoOnFromTheirBytesToTheLastBit() {
    for (int seed = 0; seed < ROUNDS / 5; seed++) {
      ScoreSettings settings = new World(seed).settings;
      int together = 1 + seed % MOST_TOGETHER;
      byte[] whole = new World(seed).live(new Scoring(settings, together), false).bytes();
      byte[] cut = new World(seed).live(new Scoring(settings, together), true).bytes();
      assertThat(cut).as("world %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void shouldBeReadByWhoAddsAnotherNumberOfCellsTogether() {
    for (int seed = 0; seed < ROUNDS / 5; seed++) {
      ScoreSettings settings = new World(seed).settings;
      Scoring some = new Scoring(settings, 2 + seed % MOST_TOGETHER);
      SeriesScores together = new World(seed).live(some, false);
      byte[] bytes = together.bytes();
      Scoring each = new Scoring(settings);
      SeriesScores atOnce = new World(seed).live(each, false);

      List<Score> expected = atOnce.scores();
      for (SeriesScores one :
          List.of(new Scoring(settings).read(bytes), some.read(atOnce.bytes()), together)) {
        List<Score> actual = one.scores();
        assertThat(actual).as("world %d", seed).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
          assertSame(actual.get(i), expected.get(i), "world " + seed);
        }
      }
      Scoring caughtUp = new Scoring(settings, 2 + seed % MOST_TOGETHER);
      SeriesScores behind = new World(seed).live(caughtUp, false);
      caughtUp.catchUp();
      assertThat(caughtUp.taken().joined()).isEqualTo(each.taken().joined());
      assertThat(behind.bytes()).isEqualTo(bytes);
      assertThat(together.waiting()).isEqualTo(atOnce.waiting());
      assertThat(some.taken().joined()).isEqualTo(each.taken().joined());
      assertThat(some.taken().waiting()).isEqualTo(each.taken().waiting());
    }
  }
}
