package io.tidecast.flink.state;

import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: series (short text), origin (long), the number of forecasts (small number), and of
 * each: a byte of {@code FALLBACK}, {@code BASES} and {@code WEIGHT}, role and issuer as in {@link
 * IssuedForecastSerializer}, points and quantiles (values), horizon and revision (small numbers),
 * bases (doubles, if any), the weight (double, if any). {@link StateBytes} says how these are
 * written.
 */
final class LeadForecastsSerializer extends VersionedSerializer<LeadForecasts> {

  static final LeadForecastsSerializer INSTANCE = new LeadForecastsSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int FALLBACK = 1;
  private static final int BASES = 2;
  private static final int WEIGHT = 4;
  private static final int FLAGS = FALLBACK | BASES | WEIGHT;

  /** What is believed before any of it is there. */
  private static final int BELIEVED = 64;

  private static final double[] NO_BASES = {};

  private LeadForecastsSerializer() {
    super("forecasts at leads", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(LeadForecasts all, DataOutputView out) throws IOException {
    StateBytes.writeShortText(all.series(), out);
    out.writeLong(all.originMillis());
    StateBytes.writeSmall(all.forecasts().size(), out);
    for (LeadForecast forecast : all.forecasts()) {
      write(forecast, out);
    }
  }

  private static void write(LeadForecast forecast, DataOutputView out) throws IOException {
    out.writeByte(
        (forecast.fallback() ? FALLBACK : 0)
            | (forecast.bases().length == 0 ? 0 : BASES)
            | (Double.isNaN(forecast.weight()) ? 0 : WEIGHT));
    out.writeByte(IssuedForecastSerializer.code(forecast.role()));
    StateBytes.writeBytes(RecentIssuers.ofThisThread().bytes(forecast.issuer()), out);
    StateBytes.writeValues(forecast.points(), out);
    StateBytes.writeValues(forecast.quantiles(), out);
    StateBytes.writeSmall(forecast.horizon(), out);
    StateBytes.writeSmall(forecast.revision(), out);
    if (forecast.bases().length > 0) {
      StateBytes.writeDoubles(forecast.bases(), out);
    }
    if (!Double.isNaN(forecast.weight())) {
      out.writeDouble(forecast.weight());
    }
  }

  @Override
  LeadForecasts read(int writtenAs, DataInputView in) throws IOException {
    String series = StateBytes.readShortText("series", in);
    long originMillis = in.readLong();
    int count = StateBytes.readSmallCount("forecasts", in);
    List<LeadForecast> forecasts = new ArrayList<>(Math.min(count, BELIEVED));
    for (int i = 0; i < count; i++) {
      forecasts.add(readOne(in));
    }
    return new LeadForecasts(series, originMillis, forecasts);
  }

  private static LeadForecast readOne(DataInputView in) throws IOException {
    int flags = in.readByte();
    if ((flags & ~FLAGS) != 0) {
      throw new IOException(
          "a forecast at leads must have no flags beyond %d: flags=%d".formatted(FLAGS, flags));
    }
    var role = IssuedForecastSerializer.role(in.readByte());
    var issuer = RecentIssuers.ofThisThread().issuer(StateBytes.readBytes("issuer", in));
    float[] points = StateBytes.readValues("points", in);
    float[] quantiles = StateBytes.readValues("quantiles", in);
    int horizon = StateBytes.readSmallCount("horizon", in);
    int revision = StateBytes.readSmallCount("revision", in);
    return new LeadForecast(
        issuer,
        (flags & BASES) == 0 ? NO_BASES : StateBytes.readDoubles("bases", in),
        points,
        quantiles,
        horizon,
        revision,
        (flags & FALLBACK) != 0,
        role,
        (flags & WEIGHT) == 0 ? Double.NaN : in.readDouble());
  }

  @Override
  public LeadForecasts createInstance() {
    return LeadForecasts.of(IssuedForecastSerializer.INSTANCE.createInstance(), new int[] {1});
  }

  @Override
  public TypeSerializerSnapshot<LeadForecasts> snapshotConfiguration() {
    return new LeadForecastsSerializerSnapshot();
  }
}
