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
    int points = forecast.horizon() * issuer.channels();
    int quantiles = forecast.quantiles().length == 0 ? 0 : points * issuer.levels().length;
    out.writeBytes(series); // as a string is written
    out.writeLong(forecast.originMillis());
    out.writeLong(forecast.issuedAtMillis());
    out.writeLong(stepMillis);
    out.writeInt(forecast.horizon());
    out.writeString(issuer.modelId());
    out.writeString(issuer.modelVersion());
    out.writeInt(issuer.channels());
    writeAll(issuer.targets(), out);
    writeFirst(forecast.points(), points, out);
    writeAll(issuer.levels(), out);
    writeFirst(forecast.quantiles(), quantiles, out);
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

  /** Steps are the first axis of everything, so those that are wanted are in front. */
  private static void writeFirst(float[] items, int count, Encoder out) throws IOException {
    out.writeArrayStart();
    out.setItemCount(count);
    for (int i = 0; i < count; i++) {
      out.startItem();
      out.writeDouble(items[i]);
    }
    out.writeArrayEnd();
  }
}
