package io.tidecast.cli.read;

import io.tidecast.flink.read.RecordDecoder;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes forecasts of their points, wherever in the topic those are. A point that is not there is
 * NaN in its forecast.
 */
final class PointGroups implements Gathering<Forecast> {

  /** A forecast to which no point comes for so long has all of its points. */
  static final Duration QUIET = Duration.ofSeconds(1);

  /** As many fit into memory. Where a compacted topic has kept no whole forecast, that ends it. */
  private static final int MOST_POINTS = 1_000_000;

  /** More than any model says; it bounds memory. */
  private static final int MOST_AHEAD = 100_000;

  private final RecordDecoder<ForecastPoint> decoder;
  private final Predicate<ForecastPoint> wanted;
  private final Spacing spacing;
  private final Map<Id, Group> groups = new LinkedHashMap<>();
  private final List<Decoded<Forecast>> unread = new ArrayList<>();
  private int points;

  /** Says what forecast a point is of. */
  private record Id(
      String series,
      Instant origin,
      int revision,
      String model,
      String version,
      Instant issuedAt,
      String role) {}

  /**
   * How points are apart.
   *
   * @param stepMillis from one to the next of a forecast
   * @param nanos counts, to tell when they come
   */
  record Spacing(long stepMillis, LongSupplier nanos) {}

  /**
   * @param wanted whether a point is asked for; what cannot be read always is
   */
  PointGroups(
      RecordDecoder<ForecastPoint> decoder, Predicate<ForecastPoint> wanted, Spacing spacing) {
    this.decoder = decoder;
    this.wanted = wanted;
    this.spacing = spacing;
  }

  @Override
  public void add(ConsumerRecord<byte[], byte[]> record) {
    Decoded<ForecastPoint> decoded = Decoded.of(record, decoder);
    ForecastPoint point = decoded.value();
    if (point == null) {
      unread.add(new Decoded<>(record, null, decoded.problem()));
    } else if (point.getLead() < 1 || point.getLead() > MOST_AHEAD) {
      unread.add(
          new Decoded<>(
              record,
              null,
              "lead must be 1 to %d: lead=%d".formatted(MOST_AHEAD, point.getLead())));
    } else if (wanted.test(point)) {
      points++;
      Id id =
          new Id(
              point.getSeries(),
              point.getOrigin(),
              point.getRevision(),
              point.getModelId(),
              point.getModelVersion(),
              point.getIssuedAt(),
              point.getRole());
      groups
          .computeIfAbsent(id, none -> new Group(record))
          .add(record, point, spacing.nanos().getAsLong());
    }
  }

  @Override
  public boolean isEnough(int last) {
    List<Decoded<Forecast>> newest = newest(last);
    return points >= MOST_POINTS
        || (newest.size() >= last && newest.stream().allMatch(PointGroups::isWhole));
  }

  private static boolean isWhole(Decoded<Forecast> decoded) {
    Forecast forecast = decoded.value();
    return forecast == null || forecast.getPoints().stream().noneMatch(one -> one.isNaN());
  }

  @Override
  public List<Decoded<Forecast>> newest(int last) {
    List<Decoded<Forecast>> found = new ArrayList<>(unread);
    groups.values().forEach(group -> found.add(group.forecast(spacing.stepMillis())));
    found.sort(Comparator.comparingLong(one -> one.record().timestamp()));
    return List.copyOf(found.subList(Math.max(0, found.size() - last), found.size()));
  }

  @Override
  public List<Decoded<Forecast>> settled() {
    List<Decoded<Forecast>> settled = new ArrayList<>(unread);
    unread.clear();
    long now = spacing.nanos().getAsLong();
    for (Iterator<Group> all = groups.values().iterator(); all.hasNext(); ) {
      Group group = all.next();
      if (now - group.touched >= QUIET.toNanos()) {
        settled.add(group.forecast(spacing.stepMillis()));
        all.remove();
      }
    }
    return settled;
  }

  /** The points of one forecast. */
  private static final class Group {

    private final List<ForecastPoint> points = new ArrayList<>();
    private ConsumerRecord<byte[], byte[]> last;
    private long touched;

    Group(ConsumerRecord<byte[], byte[]> first) {
      this.last = first;
    }

    void add(ConsumerRecord<byte[], byte[]> record, ForecastPoint point, long now) {
      points.add(point);
      last = record.timestamp() >= last.timestamp() ? record : last;
      touched = now;
    }

    Decoded<Forecast> forecast(long stepMillis) {
      int horizon = points.stream().mapToInt(ForecastPoint::getLead).max().orElseThrow();
      // In the order of the model, where the first step has come.
      List<String> named = points.stream().map(ForecastPoint::getTarget).distinct().toList();
      List<String> numbers = IntStream.range(0, named.size()).mapToObj(Integer::toString).toList();
      boolean numbered = named.containsAll(numbers);
      List<String> targets = numbered ? numbers : named;
      List<Double> levels =
          points.stream()
              .filter(point -> !point.getQuantiles().isEmpty())
              .map(ForecastPoint::getQuantileLevels)
              .findFirst()
              .orElse(List.of());
      Double[] values = nothing((long) horizon * targets.size());
      Double[] quantiles = nothing((long) values.length * levels.size());
      for (ForecastPoint point : points) {
        int at = (point.getLead() - 1) * targets.size() + targets.indexOf(point.getTarget());
        values[at] = point.getValue();
        for (int i = 0; i < levels.size() && point.getQuantiles().size() == levels.size(); i++) {
          quantiles[at * levels.size() + i] = point.getQuantiles().get(i);
        }
      }
      ForecastPoint any = points.get(0);
      Forecast forecast =
          new Forecast(
              any.getSeries(),
              any.getOrigin(),
              any.getIssuedAt(),
              stepMillis,
              horizon,
              any.getModelId(),
              any.getModelVersion(),
              targets.size(),
              numbered ? List.of() : targets,
              List.of(values),
              levels,
              List.of(quantiles),
              any.getFilledCells(),
              any.getFallback(),
              any.getRevision(),
              any.getRole(),
              any.getWeight());
      return new Decoded<>(last, forecast, null);
    }

    private static Double[] nothing(long length) {
      Double[] values = new Double[Math.toIntExact(length)];
      Arrays.fill(values, Double.NaN);
      return values;
    }
  }
}
