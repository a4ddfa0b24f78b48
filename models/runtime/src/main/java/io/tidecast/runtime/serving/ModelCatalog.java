package io.tidecast.runtime.serving;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * The forecasters of this JVM, one session per model however many ask for it: the subtasks of a job
 * share weights and memory. A model is opened by its first user and closed after its last.
 */
public final class ModelCatalog {

  private static final ModelCatalog SHARED = new ModelCatalog();

  private final Map<Key, Entry> entries = new HashMap<>();

  public ModelCatalog() {}

  /** Returns the one catalog of this JVM, more exactly of the class loader of this class. */
  public static ModelCatalog shared() {
    return SHARED;
  }

  /**
   * Gives a forecaster over the session of this model, opening it if nobody has. The caller closes
   * what it gets, as if it were its own; the session closes with the last of them. Any thread.
   *
   * @throws ModelException if the model can't be opened
   */
  public synchronized Forecaster acquire(ModelBundle bundle, OnnxOptions options) {
    Key key = new Key(bundle.manifest(), options);
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(OnnxForecaster.open(bundle, options));
      entries.put(key, entry);
    }
    entry.users++;
    return new Lease(key, entry.forecaster);
  }

  /** The number of models that are open now. */
  public synchronized int size() {
    return entries.size();
  }

  private synchronized void release(Key key) {
    Entry entry = requireNonNull(entries.get(key), "a model that is in use is in the catalog");
    entry.users--;
    if (entry.users == 0) {
      entries.remove(key);
      entry.forecaster.close();
    }
  }

  /** A key has the whole manifest: the same graph may be given other features under another one. */
  private record Key(ModelManifest manifest, OnnxOptions options) {}

  private static final class Entry {

    final Forecaster forecaster;
    int users;

    Entry(Forecaster forecaster) {
      this.forecaster = forecaster;
    }
  }

  private final class Lease extends GuardedForecaster {

    private final Key key;
    private final Forecaster forecaster;

    Lease(Key key, Forecaster forecaster) {
      super(forecaster.spec());
      this.key = key;
      this.forecaster = forecaster;
    }

    @Override
    public boolean isShiftEquivariant() {
      return forecaster.isShiftEquivariant();
    }

    @Override
    public Placement placement() {
      return forecaster.placement();
    }

    @Override
    protected void run(WindowBatch windows, ForecastBatch forecasts) {
      forecaster.forecast(windows, forecasts);
    }

    @Override
    protected void release() {
      ModelCatalog.this.release(key);
    }
  }
}
