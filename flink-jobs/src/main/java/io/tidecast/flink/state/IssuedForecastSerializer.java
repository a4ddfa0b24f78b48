package io.tidecast.flink.state;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: a byte of {@code FALLBACK}, {@code BASES}, {@code PASSED} and {@code WEIGHT}, the role
 * (byte: 1 primary, 2 shadow, 3 member), the issuer (bytes: id, version and target names as short
 * texts, the number of targets and of their names, levels as doubles, slot), series (short text),
 * origin and time of issue (longs), points and quantiles (values), filled cells, revision and
 * horizon (small numbers), bases (doubles, if any), headers that are passed on (bytes, if any), the
 * weight (double, if any). {@link StateBytes} says how these are written.
 *
 * <p>Issuers are few and shared by their forecasts, so both directions remember the newest.
 */
final class IssuedForecastSerializer extends VersionedSerializer<IssuedForecast> {

  static final int VERSION = 1;
  static final IssuedForecastSerializer INSTANCE = new IssuedForecastSerializer();

  private static final long serialVersionUID = 1L;

  private static final int FALLBACK = 1;
  private static final int BASES = 2;
  private static final int PASSED = 4;
  private static final int WEIGHT = 8;
  private static final int FLAGS = FALLBACK | BASES | PASSED | WEIGHT;

  private static final int PRIMARY = 1;
  private static final int SHADOW = 2;
  private static final int MEMBER = 3;

  private static final double[] NO_BASES = {};

  private IssuedForecastSerializer() {
    super("an issued forecast", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(IssuedForecast forecast, DataOutputView out) throws IOException {
    byte[] passed = forecast.passed();
    out.writeByte(
        (forecast.fallback() ? FALLBACK : 0)
            | (forecast.bases().length == 0 ? 0 : BASES)
            | (passed == null ? 0 : PASSED)
            | (Double.isNaN(forecast.weight()) ? 0 : WEIGHT));
    out.writeByte(code(forecast.role()));
    StateBytes.writeBytes(RecentIssuers.ofThisThread().bytes(forecast.issuer()), out);
    StateBytes.writeShortText(forecast.series(), out);
    out.writeLong(forecast.originMillis());
    out.writeLong(forecast.issuedAtMillis());
    StateBytes.writeValues(forecast.points(), out);
    StateBytes.writeValues(forecast.quantiles(), out);
    StateBytes.writeSmall(forecast.filledCells(), out);
    StateBytes.writeSmall(forecast.revision(), out);
    StateBytes.writeSmall(forecast.horizon(), out);
    if (forecast.bases().length > 0) {
      StateBytes.writeDoubles(forecast.bases(), out);
    }
    if (passed != null) {
      StateBytes.writeBytes(passed, out);
    }
    if (!Double.isNaN(forecast.weight())) {
      out.writeDouble(forecast.weight());
    }
  }

  @Override
  IssuedForecast read(int writtenAs, DataInputView in) throws IOException {
    int flags = in.readByte();
    if ((flags & ~FLAGS) != 0) {
      throw new IOException(
          "an issued forecast must have no flags beyond %d: flags=%d".formatted(FLAGS, flags));
    }
    ForecastRole role = role(in.readByte());
    Issuer issuer = RecentIssuers.ofThisThread().issuer(StateBytes.readBytes("issuer", in));
    String series = StateBytes.readShortText("series", in);
    long originMillis = in.readLong();
    long issuedAtMillis = in.readLong();
    float[] points = StateBytes.readValues("points", in);
    float[] quantiles = StateBytes.readValues("quantiles", in);
    int filledCells = StateBytes.readSmallCount("filled cells", in);
    int revision = StateBytes.readSmallCount("revision", in);
    int horizon = StateBytes.readSmallCount("horizon", in);
    return new IssuedForecast(
        series,
        originMillis,
        issuedAtMillis,
        issuer,
        (flags & BASES) == 0 ? NO_BASES : StateBytes.readDoubles("bases", in),
        points,
        quantiles,
        filledCells,
        (flags & FALLBACK) != 0,
        revision,
        horizon,
        (flags & PASSED) == 0 ? null : StateBytes.readBytes("headers", in),
        role,
        (flags & WEIGHT) == 0 ? Double.NaN : in.readDouble());
  }

  static int code(ForecastRole role) {
    return switch (role) {
      case PRIMARY -> PRIMARY;
      case SHADOW -> SHADOW;
      case MEMBER -> MEMBER;
    };
  }

  static ForecastRole role(int code) throws IOException {
    return switch (code) {
      case PRIMARY -> ForecastRole.PRIMARY;
      case SHADOW -> ForecastRole.SHADOW;
      case MEMBER -> ForecastRole.MEMBER;
      default -> throw new IOException("role must be 1, 2 or 3: role=" + code);
    };
  }

  @Override
  public IssuedForecast createInstance() {
    Issuer nobody = new Issuer("", "", 1, new String[0], new double[0]);
    return new IssuedForecast("", 0, 0, nobody, new float[1], new float[0], 0, false, 0, 1);
  }

  @Override
  public TypeSerializerSnapshot<IssuedForecast> snapshotConfiguration() {
    return new IssuedForecastSerializerSnapshot();
  }
}
