package io.tidecast.flink.sink.record;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one point of a forecast, as {@code ForecastPoint.avsc} has it. One thread; the memory of
 * its numbers is used again.
 */
final class PointShape implements Shape<Point> {

  private final double @Nullable [] columns;
  private final String[] names;
  private double[] quantiles = {};

  private PointShape(double @Nullable [] columns, String[] names) {
    this.columns = columns;
    this.names = names;
  }

  /** With quantiles and their levels as lists. */
  static PointShape lists() {
    return new PointShape(null, new String[0]);
  }

  /**
   * With a field for each level, which is what tables have columns for.
   *
   * @param levels that the model gives; a forecast that has not one of them has null there
   */
  static PointShape columns(double[] levels) {
    return new PointShape(
        levels.clone(), Arrays.stream(levels).mapToObj(PointShape::column).toArray(String[]::new));
  }

  /** Names a level by its per cent: q10 for .1, q97_5 for .975. */
  static String column(double level) {
    String percent =
        BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString();
    return "q" + percent.replace('.', '_');
  }

  @Override
  public void write(Point point, Fields out) throws IOException {
    IssuedForecast forecast = point.forecast();
    Issuer issuer = forecast.issuer();
    out.text("series", forecast.series(), point.series());
    out.text("target", point.targetName());
    out.time("origin", forecast.originMillis());
    out.time("time", point.timeMillis());
    out.whole("lead", point.step() + 1);
    out.number("value", point.value());
    if (columns == null) {
      lists(point, out);
    } else {
      for (int i = 0; i < columns.length; i++) {
        out.optionalNumber(names[i], quantile(point, columns[i]));
      }
    }
    out.text("modelId", issuer.modelId());
    out.text("modelVersion", issuer.modelVersion());
    out.time("issuedAt", forecast.issuedAtMillis());
    out.whole("filledCells", forecast.filledCells());
    out.flag("fallback", forecast.fallback());
    out.whole("revision", forecast.revision());
    out.laterText("role", forecast.role().text(), ForecastRole.PRIMARY.text());
    out.optionalNumber("weight", ForecastShape.weight(forecast.weight()));
  }

  private void lists(Point point, Fields out) throws IOException {
    double[] levels = point.forecast().issuer().levels();
    out.numbers("quantileLevels", levels, levels.length);
    int count = point.forecast().hasQuantiles() ? levels.length : 0;
    if (quantiles.length < count) {
      quantiles = new double[count];
    }
    for (int level = 0; level < count; level++) {
      quantiles[level] = point.forecast().quantile(point.step(), point.target(), level);
    }
    out.numbers("quantiles", quantiles, count);
  }

  private static @Nullable Double quantile(Point point, double wanted) {
    IssuedForecast forecast = point.forecast();
    double[] levels = forecast.issuer().levels();
    for (int level = 0; level < levels.length && forecast.hasQuantiles(); level++) {
      if (levels[level] == wanted) {
        return forecast.quantile(point.step(), point.target(), level);
      }
    }
    return null;
  }
}
