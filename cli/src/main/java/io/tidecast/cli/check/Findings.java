package io.tidecast.cli.check;

import io.tidecast.cli.check.CheckReport.Refusal;
import io.tidecast.cli.check.CheckReport.Understood;
import io.tidecast.cli.console.Requirements;
import io.tidecast.cli.console.ShortBytes;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.runtime.grid.GridStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what became of the records that were read. They come in runs: within one, the records of
 * a series follow each other as they were written. One thread.
 */
final class Findings {

  /** So many distances make a rule. */
  private static final int LEAST_DISTANCES = 3;

  private static final int MOST_REFUSALS = 10;

  private static final int MOST_DETAILS = 4;

  private final JobConfig config;
  private final Channels channels;
  private final int mostShown;
  private final List<Measurement> observations = new ArrayList<>();
  private final Map<String, List<Rejection>> rejections = new LinkedHashMap<>();
  private final TreeSet<String> series = new TreeSet<>();
  private final List<Long> distances = new ArrayList<>();
  private final Map<String, TreeSet<Long>> timesOfRun = new TreeMap<>();
  private long records;
  private long refused;
  private long passedOver;
  private long older;
  private long later;
  private long furthestBehindMillis;
  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;

  /**
   * What the values of an observation are called, and what it is a series of.
   *
   * @param names one for each value; empty where they have none
   * @param separator between a series and the channel that is one of its own; null where channels
   *     stay together
   */
  record Channels(List<String> names, @Nullable String separator) {

    private String name(int channel, int count) {
      if (channel < names.size()) {
        return names.get(channel);
      }
      return count == 1 ? "value" : "channel " + (channel + 1);
    }
  }

  /**
   * @param mostShown observations that are shown of those that are understood
   */
  Findings(JobConfig config, Channels channels, int mostShown) {
    this.config = config;
    this.channels = channels;
    this.mostShown = mostShown;
  }

  /** Takes what became of the next record of a run, at least one outcome. */
  void add(List<ParsedMeasurement> outcomes) {
    records++;
    for (ParsedMeasurement outcome : outcomes) {
      Measurement accepted = outcome.accepted();
      Rejection rejection = outcome.rejection();
      if (accepted != null) {
        add(accepted);
      } else if (rejection != null) {
        refused++;
        rejections.computeIfAbsent(kind(rejection), none -> new ArrayList<>()).add(rejection);
      } else if (outcome.passedOver() != null) {
        passedOver += outcome.passedOver().count();
      }
    }
  }

  private void add(Measurement accepted) {
    observations.add(accepted);
    earliest = Math.min(earliest, accepted.timeMillis());
    latest = Math.max(latest, accepted.timeMillis());
    TreeSet<Long> times = timesOfRun.computeIfAbsent(accepted.series(), none -> new TreeSet<>());
    if (!times.isEmpty()) {
      long newest = times.last();
      GridStep step = config.series().step();
      if (step.cell(accepted.timeMillis()) < step.cell(newest)) {
        older++;
        furthestBehindMillis = Math.max(furthestBehindMillis, newest - accepted.timeMillis());
      } else if (step.cell(accepted.timeMillis()) > step.cell(newest)) {
        later++;
      }
    }
    times.add(accepted.timeMillis());
    if (channels.separator() == null) {
      series.add(accepted.series());
    } else {
      channels.names().forEach(name -> series.add(accepted.series() + channels.separator() + name));
    }
  }

  /** Two of one kind differ in what was found alone, which stands after the requirement. */
  private static String kind(Rejection rejection) {
    return rejection.code().code() + " " + Requirements.of(rejection.detail());
  }

  /** Says that what comes next does not follow what came. */
  void endOfRun() {
    for (TreeSet<Long> times : timesOfRun.values()) {
      @Nullable Long before = null;
      for (long time : times) {
        if (before != null) {
          distances.add(time - before);
        }
        before = time;
      }
    }
    timesOfRun.clear();
  }

  long records() {
    return records;
  }

  long understood() {
    return observations.size();
  }

  long refused() {
    return refused;
  }

  /** Observations of an earlier cell than one before of their series and run. */
  long older() {
    return older;
  }

  /** Returns how many are of a later cell than all before of their series and their run. */
  long later() {
    return later;
  }

  /** How much earlier such an observation is at most. */
  Duration furthestBehind() {
    return Duration.ofMillis(furthestBehindMillis);
  }

  /** The latest time that was seen, epoch milliseconds; empty without an observation. */
  OptionalLong latest() {
    return observations.isEmpty() ? OptionalLong.empty() : OptionalLong.of(latest);
  }

  /** From the earliest to the latest time that was seen. */
  Duration span() {
    return observations.isEmpty() ? Duration.ZERO : Duration.ofMillis(latest - earliest);
  }

  /** What lies between two records of a series as a rule: the median; empty without a rule. */
  Optional<Duration> apart() {
    if (distances.size() < LEAST_DISTANCES) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofMillis(distances.stream().sorted().toList().get(distances.size() / 2)));
  }

  /**
   * The same for people and programs.
   *
   * @param available records that there are; null where that is not known
   */
  CheckReport.Records report(String origin, @Nullable Long available) {
    return new CheckReport.Records(
        origin,
        available,
        records,
        observations.size(),
        refused,
        passedOver,
        series.size(),
        apart().map(Duration::toString).orElse(null),
        observations.isEmpty() ? null : Instant.ofEpochMilli(earliest).toString(),
        observations.isEmpty() ? null : Instant.ofEpochMilli(latest).toString(),
        shown(),
        rejections.values().stream()
            .sorted((a, b) -> b.size() - a.size())
            .limit(MOST_REFUSALS)
            .map(this::refusal)
            .toList());
  }

  /** The first and the last, as many of the ones as of the others. */
  private List<Understood> shown() {
    int count = observations.size();
    List<Understood> shown = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (count <= mostShown || i < mostShown - mostShown / 2 || i >= count - mostShown / 2) {
        shown.add(understood(observations.get(i)));
      }
    }
    return shown;
  }

  private Understood understood(Measurement one) {
    GridStep step = config.series().step();
    long cell = step.cell(one.timeMillis());
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    for (int i = 0; i < one.values().length; i++) {
      double value = one.values()[i];
      values.put(channels.name(i, one.values().length), Double.isNaN(value) ? null : value);
    }
    return new Understood(
        place(one.source()),
        one.series(),
        Instant.ofEpochMilli(one.timeMillis()).toString(),
        Instant.ofEpochMilli(step.startMillis(cell)).toString(),
        Instant.ofEpochMilli(step.startMillis(cell + 1)).toString(),
        values);
  }

  private Refusal refusal(List<Rejection> all) {
    Rejection first = all.get(0);
    RecordOrigin source = first.source();
    return new Refusal(
        first.code().code(),
        all.stream().map(Rejection::detail).distinct().limit(MOST_DETAILS).toList(),
        all.size(),
        source == null ? "" : place(source),
        source == null ? "" : ShortBytes.of(source.value(), source.valueLength()));
  }

  private String place(RecordOrigin source) {
    return config.source().format() instanceof SourceFormat.Csv
        ? "%s line %d".formatted(Path.of(source.topic()).getFileName(), source.offset())
        : "%s-%d@%d".formatted(source.topic(), source.partition(), source.offset());
  }
}
