package io.tidecast.flink.gauges;

import io.tidecast.flink.record.IssuedForecast;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is kept of a forecast that is shown. Its array is never changed.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), series (modified UTF-8), origin (long),
 * revision (int), number of targets (int), their names, number of points (int), points (doubles).
 *
 * @param originMillis time of the last context cell
 * @param targets what each is called: a name, or a number where there is none
 * @param points {@code [step][target]} row-major, units of the series
 */
record ShownForecast(
    String series, long originMillis, int revision, List<String> targets, double[] points) {

  private static final int VERSION = 1;

  /**
   * The numbers of a forecast that are shown, which are its points, of all steps: a request that
   * wants a few of them takes the place of the forecast that was made without it.
   */
  static ShownForecast of(IssuedForecast forecast) {
    String[] names = forecast.issuer().targets();
    int targets = forecast.issuer().channels();
    double[] points = new double[forecast.steps() * targets];
    for (int i = 0; i < points.length; i++) {
      points[i] = forecast.point(i / targets, i % targets);
    }
    return new ShownForecast(
        forecast.series(),
        forecast.originMillis(),
        forecast.revision(),
        names.length == 0
            ? IntStream.range(0, targets).mapToObj(String::valueOf).toList()
            : List.copyOf(Arrays.asList(names)),
        points);
  }

  /** Whether this one takes the place of another of its series. */
  boolean isNewerThan(ShownForecast other) {
    return originMillis > other.originMillis
        || (originMillis == other.originMillis && revision >= other.revision);
  }

  /**
   * What is forecast.
   *
   * @param step from 0 for the first cell after the origin
   * @param target in the order of {@link #targets}; -1 for one that this forecast has not
   * @return NaN where the forecast does not reach so far, or is of later times
   */
  double point(long step, int target) {
    long horizon = points.length / targets.size();
    return step < 0 || step >= horizon || target < 0
        ? Double.NaN
        : points[(int) step * targets.size() + target];
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    out.writeUTF(series);
    out.writeLong(originMillis);
    out.writeInt(revision);
    out.writeInt(targets.size());
    for (String target : targets) {
      out.writeUTF(target);
    }
    out.writeInt(points.length);
    for (double point : points) {
      out.writeDouble(point);
    }
    return bytes.toByteArray();
  }

  /**
   * One that was kept.
   *
   * @throws IllegalStateException if the bytes are none of one, or of a later version
   */
  static ShownForecast read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "forecasts that are shown must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      String series = in.readUTF();
      long originMillis = in.readLong();
      int revision = in.readInt();
      String[] targets = new String[in.readInt()];
      for (int i = 0; i < targets.length; i++) {
        targets[i] = in.readUTF();
      }
      double[] points = new double[in.readInt()];
      for (int i = 0; i < points.length; i++) {
        points[i] = in.readDouble();
      }
      return new ShownForecast(series, originMillis, revision, List.of(targets), points);
    } catch (IOException e) {
      throw new IllegalStateException("a forecast that is shown must be whole", e);
    }
  }
}
