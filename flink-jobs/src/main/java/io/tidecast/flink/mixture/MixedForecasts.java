package io.tidecast.flink.mixture;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.hindsight.HindsightSeries;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.mixture.TargetMixture;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a series whose forecasts are mixed: what has been learned of each target, the
 * forecasts that are held until the cell of their origin has come, and the cells that wait. One
 * thread.
 *
 * <p>Version 2 of the bytes, big-endian: version (byte), the waiting cells, how many forecasts are
 * held (int), of each when it is let go (long) and how many bytes it has (int) and these, what the
 * mixture is of (int), the newest origin (long), of each model which version spoke last (long),
 * what has been learned of each target. Of another mixture than this, what has been learned is left
 * out. In version 1 a target had no unrest.
 */
final class MixedForecasts extends HindsightSeries {

  /** No version of a model has spoken. */
  static final long NOBODY = 0;

  private static final int VERSION = 2;
  private static final int OLDEST = 1;
  private static final TypeSerializer<IssuedForecast> FORECASTS =
      StateTypes.ISSUED_FORECAST.createSerializer(new SerializerConfigImpl());

  /**
   * A forecast that has come.
   *
   * @param readyMillis when the watermark is there, all cells have come that it was made from
   */
  record Held(long readyMillis, IssuedForecast forecast) {}

  private final MixtureSetup setup;
  private final TargetMixture[] targets;
  private final Deque<Held> held = new ArrayDeque<>(2);

  /** {@code [model]}, which version spoke last. */
  private final long[] speakers;

  private long newestOrigin = NO_CELL;

  MixedForecasts(MixtureSetup setup) {
    super(setup.hindsight().targets().count());
    this.setup = setup;
    this.targets = begin(setup);
    this.speakers = new long[setup.plan().models()];
  }

  private static TargetMixture[] begin(MixtureSetup setup) {
    TargetMixture[] targets = new TargetMixture[setup.channels().length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = setup.plan().begin();
    }
    return targets;
  }

  private MixedForecasts(MixtureSetup setup, ByteBuffer in, int version) throws IOException {
    super(setup.hindsight().targets().count(), in);
    this.setup = setup;
    this.targets = begin(setup);
    this.speakers = new long[setup.plan().models()];
    int count = in.getInt();
    for (int i = 0; i < count; i++) {
      long readyMillis = in.getLong();
      byte[] bytes = new byte[Math.min(in.getInt(), in.remaining())];
      in.get(bytes);
      held.add(new Held(readyMillis, FORECASTS.deserialize(new DataInputDeserializer(bytes))));
    }
    if (in.getInt() == setup.id()) {
      newestOrigin = in.getLong();
      for (int i = 0; i < speakers.length; i++) {
        speakers[i] = in.getLong();
      }
      for (TargetMixture target : targets) {
        target.read(in, version);
      }
    }
  }

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  static MixedForecasts read(MixtureSetup setup, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version < OLDEST || version > VERSION) {
        throw new IllegalStateException(
            "mixtures must be of version %d to %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(OLDEST, VERSION, version));
      }
      return new MixedForecasts(setup, in, version);
    } catch (BufferUnderflowException | EOFException e) {
      throw new IllegalStateException("mixtures must be whole, their bytes end early", e);
    } catch (IOException e) {
      throw new IllegalStateException("mixtures must hold forecasts that can be read", e);
    }
  }

  @Override
  public byte[] bytes() {
    List<byte[]> forecasts = new ArrayList<>(held.size());
    int size = 0;
    for (Held one : held) {
      byte[] bytes = bytes(one.forecast);
      forecasts.add(bytes);
      size += Long.BYTES + Integer.BYTES + bytes.length;
    }
    for (TargetMixture target : targets) {
      size += target.bytes();
    }
    ByteBuffer out =
        ByteBuffer.allocate(
                1 + waitingBytes() + 2 * Integer.BYTES + (1 + speakers.length) * Long.BYTES + size)
            .put((byte) VERSION);
    writeWaiting(out);
    out.putInt(held.size());
    int next = 0;
    for (Held one : held) {
      byte[] bytes = forecasts.get(next++);
      out.putLong(one.readyMillis).putInt(bytes.length).put(bytes);
    }
    out.putInt(setup.id()).putLong(newestOrigin);
    for (long speaker : speakers) {
      out.putLong(speaker);
    }
    for (TargetMixture target : targets) {
      target.write(out);
    }
    return out.array();
  }

  private static byte[] bytes(IssuedForecast forecast) {
    DataOutputSerializer out = new DataOutputSerializer(512);
    try {
      FORECASTS.serialize(forecast, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  protected boolean close(long cell, double[] values) {
    boolean taken = true;
    for (int i = 0; i < targets.length; i++) {
      taken &= targets[i].close(cell, values[setup.channels()[i]]);
    }
    return taken;
  }

  @Override
  protected boolean isHolding() {
    return !held.isEmpty();
  }

  @Override
  protected long heldUntilMillis() {
    Held primary = firstPrimary();
    return primary == null ? Long.MAX_VALUE : primary.readyMillis;
  }

  @Override
  protected double fetch() {
    double sum = 0;
    for (TargetMixture target : targets) {
      sum += target.fetch();
    }
    return sum;
  }

  /** What has been learned of a target, by its place among the channels that are kept. */
  TargetMixture target(int place) {
    return targets[place];
  }

  void hold(Held forecast) {
    held.add(forecast);
  }

  /** The first forecast that members stand before; null where there is none yet. */
  @Nullable Held firstPrimary() {
    for (Held one : held) {
      if (one.forecast.role() != ForecastRole.MEMBER) {
        return one;
      }
    }
    return null;
  }

  /** Takes the members that stand before the first primary, and that itself; which is the last. */
  @SuppressWarnings("ReferenceEquality") // It is one of those that are held.
  List<IssuedForecast> takeFirst() {
    Held primary = requireNonNull(firstPrimary(), "no primary is held");
    List<IssuedForecast> taken = new ArrayList<>(setup.plan().models());
    Held next;
    do {
      next = held.remove();
      taken.add(next.forecast);
    } while (next != primary);
    return taken;
  }

  /** Takes the cells up to an origin. Returns how many were too late. */
  int take(long origin) {
    return takeThrough(origin);
  }

  /**
   * Whether the cell of an origin, up to which all have been taken that are here, may still come.
   *
   * @param watermark of cells and forecasts
   */
  boolean awaits(Held forecast, long origin, long watermark) {
    return newest() < origin && waiting() == 0 && watermark < forecast.readyMillis;
  }

  long newestOrigin() {
    return newestOrigin;
  }

  void forecastFrom(long origin) {
    newestOrigin = Math.max(newestOrigin, origin);
  }

  long speaker(int model) {
    return speakers[model];
  }

  void speaks(int model, long version) {
    speakers[model] = version;
  }
}
