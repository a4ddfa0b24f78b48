package io.tidecast.benchmarks.pipeline;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps of each forecast of a workload when it could be read and which version made it. One thread
 * reads; any may ask how many there are and stop it, and for the rest when it has ended.
 */
final class SwapLedger {

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Workload workload;
  private final AvroCodec<Forecast> codec = AvroCodec.forecasts();
  private final Times readable = new Times();
  private final List<String> versions = new ArrayList<>();
  private byte[] versionOf = new byte[1 << 16];
  private long doubled;
  private long fallbacks;
  private final AtomicLong found = new AtomicLong();
  private volatile boolean stopped;

  SwapLedger(Workload workload) {
    this.workload = workload;
  }

  /** Reads until it is stopped. */
  void read(CommittedForecasts committed) throws CodecException {
    List<byte[]> values;
    boolean last;
    do {
      last = stopped;
      committed.read(LOOK);
      long now = System.nanoTime();
      values = committed.take();
      for (byte[] value : values) {
        add(codec.decode(value), now);
      }
    } while (!last || !values.isEmpty());
  }

  /** Takes a forecast that could be read at a time. */
  void add(Forecast forecast, long now) {
    int place = WorkloadRecords.place(workload, forecast.getSeries(), forecast.getOrigin());
    if (!readable.put(place, now)) {
      doubled++;
      return;
    }
    if (forecast.getFallback()) {
      fallbacks++;
    }
    if (place >= versionOf.length) {
      versionOf = Arrays.copyOf(versionOf, Math.max(place + 1, 2 * versionOf.length));
    }
    versionOf[place] =
        index(SwapAccount.version(forecast.getModelId(), forecast.getModelVersion()));
    found.incrementAndGet();
  }

  private byte index(String version) {
    int index = versions.indexOf(version);
    if (index < 0) {
      index = versions.size();
      versions.add(version);
    }
    return (byte) index;
  }

  /** Reads no more than what is there. */
  void stop() {
    stopped = true;
  }

  /** How many different forecasts there are. */
  long found() {
    return found.get();
  }

  /** How many came again. */
  long doubled() {
    return doubled;
  }

  /** How many no model made. */
  long fallbacks() {
    return fallbacks;
  }

  /** When each could be read, by place. */
  Times readable() {
    return readable;
  }

  /** The version that made the forecast at a place, which must be there. */
  String versionOf(int place) {
    return versions.get(versionOf[place]);
  }
}
