package io.tidecast.flink.sink;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.SingleObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.Encoder;

/**
 * Writes forecasts as {@link Forecast} does, byte for byte, without making one: every number goes
 * from its array to the bytes. One thread.
 */
final class ForecastEncoder {

  private final SingleObjectWriter writer = new SingleObjectWriter(Forecast.getClassSchema());
  private final long stepMillis;

  /**
   * @param stepMillis from one point to the next
   */
  ForecastEncoder(long stepMillis) {
    this.stepMillis = stepMillis;
  }

  /**
   * The forecast up to its horizon as an Avro single object; a new array.
   *
   * @param series of the forecast, in UTF-8
   */
  byte[] encode(IssuedForecast forecast, byte[] series) {
    try {
      write(forecast, series, writer.begin());
      return writer.end();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The fields in the order of the schema. */
  private void write(IssuedForecast forecast, byte[] series, Encoder out) throws IOException {
    Issuer issuer = forecast.issuer();
    out.writeBytes(series); // as a string is written
    out.writeLong(forecast.originMillis());
    out.writeLong(forecast.issuedAtMillis());
    out.writeLong(stepMillis);
    out.writeInt(forecast.horizon());
    out.writeString(issuer.modelId());
    out.writeString(issuer.modelVersion());
    out.writeInt(issuer.channels());
    writeAll(issuer.targets(), out);
    writePoints(forecast, out);
    writeAll(issuer.levels(), out);
    writeQuantiles(forecast, out);
    out.writeInt(forecast.filledCells());
    out.writeBoolean(forecast.fallback());
    out.writeInt(forecast.revision());
  }

  private static void writeAll(String[] items, Encoder out) throws IOException {
    out.writeArrayStart();
    out.setItemCount(items.length);
    for (String item : items) {
      out.startItem();
      out.writeString(item);
    }
    out.writeArrayEnd();
  }

  private static void writeAll(double[] items, Encoder out) throws IOException {
    out.writeArrayStart();
    out.setItemCount(items.length);
    for (double item : items) {
      out.startItem();
      out.writeDouble(item);
    }
    out.writeArrayEnd();
  }

  private static void writePoints(IssuedForecast forecast, Encoder out) throws IOException {
    int targets = forecast.issuer().channels();
    out.writeArrayStart();
    out.setItemCount((long) forecast.horizon() * targets);
    for (int step = 0; step < forecast.horizon(); step++) {
      for (int target = 0; target < targets; target++) {
        out.startItem();
        out.writeDouble(forecast.point(step, target));
      }
    }
    out.writeArrayEnd();
  }

  private static void writeQuantiles(IssuedForecast forecast, Encoder out) throws IOException {
    int targets = forecast.issuer().channels();
    int levels = forecast.hasQuantiles() ? forecast.issuer().levels().length : 0;
    out.writeArrayStart();
    out.setItemCount((long) forecast.horizon() * targets * levels);
    for (int step = 0; step < forecast.horizon(); step++) {
      for (int target = 0; target < targets; target++) {
        for (int level = 0; level < levels; level++) {
          out.startItem();
          out.writeDouble(forecast.quantile(step, target, level));
        }
      }
    }
    out.writeArrayEnd();
  }
}
