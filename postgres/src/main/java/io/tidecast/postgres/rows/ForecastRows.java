package io.tidecast.postgres.rows;

import io.tidecast.flink.read.RecordDecoder;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Makes a row of each point of a forecast, and one of its model. */
final class ForecastRows {

  private static final String PRIMARY = "primary";
  private static final int MOST_AHEAD = 100_000;

  private ForecastRows() {}

  /**
   * Of whole forecasts.
   *
   * @param step of the job, from one point to the next
   */
  static RowMaker ofForecasts(RecordDecoder<Forecast> decoder, GridStep step) {
    return (record, out) -> whole(decoder.decode(record), step).forEach(out);
  }

  /** Of forecasts whose points are records. */
  static RowMaker ofPoints(RecordDecoder<ForecastPoint> decoder) {
    return (record, out) -> point(decoder.decode(record), out);
  }

  private static List<Row> whole(Forecast forecast, GridStep step) {
    int targets = forecast.getChannels();
    int levels = forecast.getQuantiles().isEmpty() ? 0 : forecast.getQuantileLevels().size();
    long points = (long) forecast.getHorizon() * targets;
    if (forecast.getHorizon() < 1
        || forecast.getHorizon() > MOST_AHEAD
        || targets < 1
        || points != forecast.getPoints().size()
        || points * levels != forecast.getQuantiles().size()
        || (!forecast.getTargets().isEmpty() && targets != forecast.getTargets().size())) {
      throw new IllegalArgumentException(
          "points and quantiles must be as many as the horizon, targets and levels say: horizon=%d, channels=%d, points=%d, quantiles=%d"
              .formatted(
                  forecast.getHorizon(),
                  targets,
                  forecast.getPoints().size(),
                  forecast.getQuantiles().size()));
    }
    Maker maker = new Maker(forecast, levelsOf(forecast.getQuantileLevels(), levels));
    List<Row> rows = new ArrayList<>((int) points + targets + 1);
    long origin = step.cell(forecast.getOrigin().toEpochMilli());
    for (int ahead = 0; ahead < forecast.getHorizon(); ahead++) {
      Instant time = Instant.ofEpochMilli(step.startMillis(origin + ahead + 1));
      for (int target = 0; target < targets; target++) {
        int at = ahead * targets + target;
        rows.add(
            maker.point(
                name(forecast, target),
                time,
                ahead + 1,
                forecast.getPoints().get(at),
                Column.numbers("quantiles", forecast.getQuantiles(), at * levels, levels)));
      }
    }
    for (int target = 0; target < targets; target++) {
      rows.add(maker.series(name(forecast, target)));
    }
    rows.add(maker.model());
    return rows;
  }

  private static String name(Forecast forecast, int target) {
    return forecast.getTargets().isEmpty()
        ? Integer.toString(target)
        : forecast.getTargets().get(target);
  }

  private static double[] levelsOf(List<Double> levels, int count) {
    return Column.numbers("quantileLevels", levels, 0, count);
  }

  private static void point(ForecastPoint point, Consumer<Row> out) {
    int levels = point.getQuantiles().size();
    if (levels != 0 && levels != point.getQuantileLevels().size()) {
      throw new IllegalArgumentException(
          "quantiles must be as many as their levels: quantiles=%d, quantileLevels=%d"
              .formatted(levels, point.getQuantileLevels().size()));
    }
    Maker maker = new Maker(point, levelsOf(point.getQuantileLevels(), levels));
    Row row =
        maker.point(
            point.getTarget(),
            point.getTime(),
            point.getLead(),
            point.getValue(),
            Column.numbers("quantiles", point.getQuantiles(), 0, levels));
    out.accept(row);
    out.accept(maker.series(point.getTarget()));
    out.accept(maker.model());
  }

  /** What all points of a forecast have in common; the names are those of both records. */
  private static final class Maker {

    private final String series;
    private final Instant origin;
    private final String role;
    private final String contestant;
    private final String modelId;
    private final String modelVersion;
    private final Integer revision;
    private final Instant issuedAt;
    private final Integer filledCells;
    private final Boolean fallback;
    private final @Nullable Object weight;
    private final double[] levels;

    Maker(SpecificRecordBase record, double[] levels) {
      this.series = (String) Column.of(record, "series", "");
      this.origin = (Instant) Column.of(record, "origin", Instant.EPOCH);
      this.role = (String) Column.of(record, "role", PRIMARY);
      this.modelId = (String) Column.of(record, "modelId", "");
      this.modelVersion = (String) Column.of(record, "modelVersion", "");
      this.contestant = role.equals(PRIMARY) ? "" : modelId + "@" + modelVersion;
      this.revision = (Integer) Column.of(record, "revision", 0);
      this.issuedAt = (Instant) Column.of(record, "issuedAt", Instant.EPOCH);
      this.filledCells = (Integer) Column.of(record, "filledCells", 0);
      this.fallback = (Boolean) Column.of(record, "fallback", false);
      this.weight = Column.of(record, "weight");
      this.levels = levels;
    }

    Row point(String target, Instant time, int lead, Double value, double[] quantiles) {
      boolean interval = quantiles.length > 1;
      return Row.of(
          Table.FORECASTS,
          series,
          Column.text("target", target),
          Column.time("time", time),
          origin,
          role,
          contestant,
          lead,
          modelId,
          modelVersion,
          revision,
          issuedAt,
          filledCells,
          fallback,
          weight,
          Column.number("value", value),
          interval ? (Double) quantiles[0] : null,
          interval ? (Double) quantiles[quantiles.length - 1] : null,
          levels,
          quantiles);
    }

    Row series(String target) {
      return Row.of(Table.SERIES, series, target);
    }

    Row model() {
      return ModelRows.seen(modelId, modelVersion, issuedAt);
    }
  }
}
