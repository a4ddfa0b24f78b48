package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import java.io.IOException;

/**
 * Writes a whole forecast up to its horizon, as {@code Forecast.avsc} has it: every number goes
 * from its array to the bytes.
 *
 * @param stepMillis from one point to the next
 */
record ForecastShape(long stepMillis) implements Shape<KeyedForecast> {

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
    points(forecast, out);
    out.beginNumbers("quantileLevels", issuer.levels().length);
    for (double level : issuer.levels()) {
      out.item(level);
    }
    out.endNumbers();
    quantiles(forecast, out);
    out.whole("filledCells", forecast.filledCells());
    out.flag("fallback", forecast.fallback());
    out.whole("revision", forecast.revision());
  }

  /** Steps are the first axis of everything, so those that are wanted are in front. */
  private static void points(IssuedForecast forecast, Fields out) throws IOException {
    int targets = forecast.issuer().channels();
    out.beginNumbers("points", forecast.horizon() * targets);
    for (int step = 0; step < forecast.horizon(); step++) {
      for (int target = 0; target < targets; target++) {
        out.item(forecast.point(step, target));
      }
    }
    out.endNumbers();
  }

  private static void quantiles(IssuedForecast forecast, Fields out) throws IOException {
    int targets = forecast.issuer().channels();
    int levels = forecast.hasQuantiles() ? forecast.issuer().levels().length : 0;
    out.beginNumbers("quantiles", forecast.horizon() * targets * levels);
    for (int step = 0; step < forecast.horizon() && levels > 0; step++) {
      for (int target = 0; target < targets; target++) {
        for (int level = 0; level < levels; level++) {
          out.item(forecast.quantile(step, target, level));
        }
      }
    }
    out.endNumbers();
  }
}
