package io.tidecast.flink.inference;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.VersionReader;
import io.tidecast.flink.model.VersionRefusedException;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Versions at places of their own names, such as {@code v2}, unless something else was put there.
 * What is there is static, for a reader is serialized on its way.
 */
record TestingVersions() implements VersionReader {

  /** What is at places that were given something. */
  private static final Map<String, Read> AT = new ConcurrentHashMap<>();

  /** Readers of these places wait. */
  private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

  private static final Map<String, AtomicInteger> OPEN = new ConcurrentHashMap<>();
  private static final Map<String, AtomicInteger> READ = new ConcurrentHashMap<>();

  /** A model of a version, and how it begins each run. */
  record Version(ForecasterSpec spec, String sha256, TestingModel.Run run)
      implements ForecasterFactory {

    @Override
    public Forecaster open() {
      Forecaster model = new TestingModel(spec, run).open();
      count(OPEN, spec.version()).incrementAndGet();
      return new Forecaster() {
        @Override
        public ForecasterSpec spec() {
          return spec;
        }

        @Override
        public void forecast(WindowBatch windows, ForecastBatch forecasts) {
          model.forecast(windows, forecasts);
        }

        @Override
        public void close() {
          model.close();
          count(OPEN, spec.version()).decrementAndGet();
        }
      };
    }
  }

  static void reset() {
    AT.clear();
    GATES.values().forEach(CountDownLatch::countDown);
    GATES.clear();
    OPEN.clear();
    READ.clear();
  }

  private static AtomicInteger count(Map<String, AtomicInteger> counts, String name) {
    return counts.computeIfAbsent(name, unused -> new AtomicInteger());
  }

  /** How many models of a version are open. */
  static int open(String version) {
    return count(OPEN, version).get();
  }

  /** How often a place was read. */
  static int read(String place) {
    return count(READ, place).get();
  }

  static Version version(String name) {
    return version(name, windows -> {});
  }

  static Version version(String name, TestingModel.Run run) {
    return new Version(spec(name, 4, 2), "sha-" + name, run);
  }

  static ForecasterSpec spec(String version, int context, int horizon) {
    return new ForecasterSpec("testing", version, context, horizon, 1, List.of());
  }

  /** Puts something at a place. */
  static void put(String place, Version version) {
    put(place, version, version.sha256());
  }

  /** Puts any model at a place. */
  static void put(String place, ForecasterFactory model, String sha256) {
    AT.put(place, new Read(model, sha256));
  }

  /** Has those who read a place wait until somebody lets them. */
  static CountDownLatch hold(String place) {
    CountDownLatch gate = new CountDownLatch(1);
    GATES.put(place, gate);
    return gate;
  }

  /** One slot, with the version "own". */
  static ModelSlots slots() {
    return slots(version("own"));
  }

  static ModelSlots slots(Version own) {
    return new ModelSlots(
        List.of(
            new ModelSlot(
                ModelSlot.DEFAULT,
                ForecastRole.PRIMARY,
                SeriesRoute.ALL,
                own,
                own.spec().version())));
  }

  /** The same with a further slot. */
  static ModelSlots with(
      ModelSlots slots, String name, ForecastRole role, SeriesRoute route, Version own) {
    List<ModelSlot> all = new ArrayList<>(slots.all());
    all.add(new ModelSlot(name, role, route, own, own.spec().version()));
    return new ModelSlots(all);
  }

  /** A task whose context ends with its origin. */
  static ForecastTask task(String series, long origin) {
    return new ForecastTask(series, origin, new float[] {1, 2, 3, origin}, 0, 0);
  }

  static ModelCommand load(String id, String place) {
    return command(id, ModelCommand.Action.LOAD, place, null);
  }

  static ModelCommand activate(String id, String place) {
    return command(id, ModelCommand.Action.ACTIVATE, place, null);
  }

  static ModelCommand activate(String id, String place, long from) {
    return command(id, ModelCommand.Action.ACTIVATE, place, from);
  }

  static ModelCommand shadow(String id, String place) {
    return command(id, ModelCommand.Action.SHADOW, place, null);
  }

  static ModelCommand retire(String id, String place) {
    return command(id, ModelCommand.Action.RETIRE, place, null);
  }

  static ModelCommand rollBack(String id) {
    return command(id, ModelCommand.Action.ROLL_BACK, null, null);
  }

  private static ModelCommand command(
      String id, ModelCommand.Action action, @Nullable String place, @Nullable Long from) {
    return new ModelCommand(id, action, ModelSlot.DEFAULT, place, null, from);
  }

  @Override
  public Read read(String place, @Nullable String sha256) {
    count(READ, place).incrementAndGet();
    CountDownLatch gate = GATES.get(place);
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (place.startsWith("missing")) {
      throw new VersionRefusedException(
          LoadStage.FETCH, "must have a manifest.json: place=" + place, null);
    }
    Version version = version(place);
    Read found = AT.getOrDefault(place, new Read(version, version.sha256()));
    if (sha256 != null && !sha256.equals(found.sha256())) {
      throw new VersionRefusedException(
          LoadStage.CHECK,
          "model.onnx must have the checksum that is asked for: place=%s, expected=%s, found=%s"
              .formatted(place, sha256, found.sha256()),
          null);
    }
    return found;
  }
}
