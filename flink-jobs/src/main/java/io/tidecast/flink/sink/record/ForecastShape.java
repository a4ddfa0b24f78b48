package io.tidecast.flink.sink.record;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a whole forecast up to its horizon, as {@code Forecast.avsc} has it. One thread; the
 * memory of its numbers is used again.
 */
final class ForecastShape implements Shape<KeyedForecast> {

  private final long stepMillis;
  private double[] numbers = {};

  /**
   * @param stepMillis from one point to the next
   */
  ForecastShape(long stepMillis) {
    this.stepMillis = stepMillis;
  }

  @Override
  public void write(KeyedForecast keyed, Fields out) throws IOException {
    IssuedForecast forecast = keyed.forecast();
    Issuer issuer = forecast.issuer();
    out.text("series", forecast.series(), keyed.series());
    out.time("origin", forecast.originMillis());
    out.time("issuedAt", forecast.issuedAtMillis());
    out.whole("stepMillis", stepMillis);
    out.whole("horizon", forecast.horizon());
    out.text("modelId", issuer.modelId());
    out.text("modelVersion", issuer.modelVersion());
    out.whole("channels", issuer.channels());
    out.texts("targets", issuer.targets());
    int points = forecast.horizon() * issuer.channels();
    int quantiles = forecast.hasQuantiles() ? points * issuer.levels().length : 0;
    if (numbers.length < Math.max(points, quantiles)) {
      numbers = new double[Math.max(points, quantiles)];
    }
    forecast.copyPoints(numbers);
    out.numbers("points", numbers, points);
    out.numbers("quantileLevels", issuer.levels(), issuer.levels().length);
    if (quantiles > 0) {
      forecast.copyQuantiles(numbers);
    }
    out.numbers("quantiles", numbers, quantiles);
    out.whole("filledCells", forecast.filledCells());
    out.flag("fallback", forecast.fallback());
    out.whole("revision", forecast.revision());
    out.laterText("role", forecast.role().text(), ForecastRole.PRIMARY.text());
    out.optionalNumber("weight", weight(forecast.weight()));
  }

  /** Null of what was mixed into nothing. */
  static @Nullable Double weight(double weight) {
    return Double.isNaN(weight) ? null : (Double) weight;
  }
}
