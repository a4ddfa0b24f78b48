package io.tidecast.runtime.onnx;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Further sessions of a model that is open, one for each thread that runs it all the time beside
 * others. Each has the weights once more, so only as many are made as stay below {@value
 * #MOST_BYTES} bytes of graphs together; who comes after that shares the first session. On a GPU
 * there are none. Any thread.
 */
final class FurtherSessions {

  static final int MOST_BYTES = 64 << 20;

  private static final System.Logger LOGGER = System.getLogger(FurtherSessions.class.getName());

  private final OnnxOptions options;

  /** Null where there are to be none, so that the bytes of a large graph are not kept for it. */
  private final @Nullable ModelBundle bundle;

  /** These two are guarded by this. */
  private final Map<Integer, OnnxForecaster> made = new TreeMap<>();

  private boolean ended;

  private FurtherSessions(OnnxOptions options, @Nullable ModelBundle bundle) {
    this.options = options;
    this.bundle = bundle;
  }

  /** Those of a model that was opened with these options. */
  static FurtherSessions of(ModelBundle bundle, OnnxOptions options) {
    boolean any = !options.device().device().isGpu() && bundle.onnx().length <= MOST_BYTES;
    return new FurtherSessions(options, any ? bundle : null);
  }

  /** None, for a forecaster that has a further session itself. */
  FurtherSessions none() {
    return new FurtherSessions(options, null);
  }

  OnnxOptions options() {
    return options;
  }

  /**
   * Returns a forecaster with a session of its own, which is made if there is none yet, or the
   * first where there can be none.
   *
   * @param number from 1 on
   */
  synchronized OnnxForecaster of(int number, OnnxForecaster first) {
    ModelBundle its = bundle;
    if (its == null || ended || (long) number * its.onnx().length > MOST_BYTES) {
      return first;
    }
    OnnxForecaster kept = made.get(number);
    if (kept == null) {
      kept = make(its, first);
      made.put(number, kept);
    }
    return kept;
  }

  private OnnxForecaster make(ModelBundle its, OnnxForecaster first) {
    String name = its.manifest().id() + "/" + its.manifest().version();
    try {
      return Expendable.make(
          () -> first.over(OnnxGraph.load(its, options)),
          OnnxForecaster::close,
          options.openingTimeout(),
          "another session must be made within %s, it was not: model=%s"
              .formatted(WatchedRun.seconds(options.openingTimeout()), name));
    } catch (ModelException e) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} has no further session, so threads share one, which is slower by a few percent: {1}",
          name,
          e.getMessage());
      return first;
    }
  }

  /** Tells all calls to end; no further session is made from now on. */
  synchronized void stop() {
    ended = true;
    made.values().forEach(OnnxForecaster::stop);
  }

  /** Frees all; a call that does not end keeps what it uses. */
  synchronized void close() {
    ended = true;
    made.values().forEach(OnnxForecaster::close);
  }
}
