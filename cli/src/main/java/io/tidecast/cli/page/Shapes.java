package io.tidecast.cli.page;

import io.tidecast.page.kept.Breach;
import io.tidecast.page.kept.Fan;
import io.tidecast.page.kept.Score;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.Anomaly;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastScore;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Makes what a page keeps of the records of a job. */
final class Shapes {

  private Shapes() {}

  /**
   * A forecast.
   *
   * @param step of the job, from one point to the next
   */
  static Fan fan(Forecast forecast, GridStep step) {
    int targets = forecast.getChannels();
    long origin = forecast.getOrigin().toEpochMilli();
    long cell = step.cell(origin);
    long[] times = new long[forecast.getHorizon()];
    for (int i = 0; i < times.length; i++) {
      times[i] = step.startMillis(cell + 1 + i);
    }
    List<Double> levels =
        forecast.getQuantiles().isEmpty() ? List.of() : forecast.getQuantileLevels();
    return new Fan(
        forecast.getSeries(),
        new Fan.Maker(
            forecast.getModelId(),
            forecast.getModelVersion(),
            forecast.getRole(),
            forecast.getFallback(),
            number(forecast, "weight"),
            forecast.getRevision()),
        origin,
        forecast.getIssuedAt().toEpochMilli(),
        forecast.getTargets().isEmpty()
            ? IntStream.range(0, targets).mapToObj(Integer::toString).toList()
            : forecast.getTargets(),
        new Fan.Values(
            times,
            floats(forecast.getPoints()),
            levels.stream().mapToDouble(Double::doubleValue).toArray(),
            floats(forecast.getQuantiles())));
  }

  static io.tidecast.page.kept.Cell cell(Cell cell) {
    return new io.tidecast.page.kept.Cell(
        cell.getSeries(), cell.getTarget(), cell.getTime().toEpochMilli(), orNone(cell.getValue()));
  }

  static Score score(ForecastScore score) {
    return new Score(
        new Score.Of(
            score.getSeries(),
            score.getTarget(),
            score.getModelId(),
            score.getModelVersion(),
            text(score, "role"),
            number(score, "weight")),
        score.getFirstLead(),
        score.getLastLead(),
        score.getTime().toEpochMilli(),
        score.getCount(),
        new Score.Figures(
            score.getMae(),
            orNone(score.getNaiveMae()),
            orNone(score.getMase()),
            orNone(score.getCoverage()),
            score.getBias()),
        new Score.Figures(
            score.getRecentMae(),
            orNone(score.getRecentNaiveMae()),
            orNone(score.getRecentMase()),
            orNone(score.getRecentCoverage()),
            score.getRecentBias()));
  }

  static Breach breach(Anomaly anomaly) {
    return new Breach(
        anomaly.getSeries(),
        anomaly.getTarget(),
        anomaly.getTime().toEpochMilli(),
        anomaly.getKind().replace('-', ' '),
        anomaly.getDirection(),
        anomaly.getValue(),
        new Breach.Range(anomaly.getLower(), anomaly.getUpper()),
        anomaly.getScore(),
        anomaly.getWithdrawn());
  }

  /** A number that not every version of a record has; NaN where it is not there. */
  private static double number(SpecificRecordBase record, String name) {
    return get(record, name) instanceof Double value ? value : Double.NaN;
  }

  /** A text that not every version of a record has; empty where it is not there. */
  private static String text(SpecificRecordBase record, String name) {
    return get(record, name) instanceof String value ? value : "";
  }

  private static @Nullable Object get(SpecificRecordBase record, String name) {
    Schema.Field field = record.getSchema().getField(name);
    return field == null ? null : record.get(field.pos());
  }

  private static double orNone(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
