package io.tidecast.runtime.serving;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that this JVM serves: one session and one {@link MicroBatcher} for each version,
 * however many use it, be they subtasks of one job or of several. A model is opened by its first
 * user and closed with its last. Users that want other options, of sessions or of batches, have a
 * session and a batcher of their own; another horizon makes no difference to that.
 */
public final class ModelCatalog {

  private static final ModelCatalog SHARED = new ModelCatalog();

  /** This is guarded by this catalog; an entry is in it as long as it may get another user. */
  private final Map<Key, Entry> entries = new HashMap<>();

  public ModelCatalog() {}

  /** Returns the one catalog of this JVM, more exactly of the class loader of this class. */
  public static ModelCatalog shared() {
    return SHARED;
  }

  /**
   * How a model is run.
   *
   * @param onnx how its session is made
   * @param serving how its windows become batches
   */
  public record Options(OnnxOptions onnx, ServingOptions serving) {

    /** As many workers as the processors can bear. */
    int mostWorkers() {
      return Math.max(1, Runtime.getRuntime().availableProcessors() / onnx.intraOpThreads());
    }
  }

  /**
   * Joins the users of a model, which is opened if nobody has. Whoever asks for one that is being
   * opened waits for that; nobody waits for the opening of another.
   *
   * @param horizon steps ahead of every forecast, as far as the manifest allows
   * @param listener hears of runs, on the threads that run them
   * @param wakeUp is called by any thread when there is something for the user to look at; it must
   *     return soon, and may not use the place
   * @throws ModelException if the model can't be opened
   */
  public <R> ModelUser<R> join(
      ModelBundle bundle, Options options, int horizon, ServingListener listener, Runnable wakeUp) {
    ModelUser.Identity identity =
        new ModelUser.Identity(bundle.manifest().spec(horizon), listener, wakeUp);
    Key key = new Key(bundle.manifest(), options);
    Entry entry = enter(key);
    try {
      MicroBatcher batcher =
          entry.batcher(
              () ->
                  new MicroBatcher(
                      OnnxForecaster.open(bundle, options.onnx()),
                      options.serving(),
                      options.mostWorkers()));
      return batcher.join(identity, () -> leave(key, entry));
    } catch (RuntimeException | Error e) {
      if (leave(key, entry)) {
        entry.close();
      }
      throw e;
    }
  }

  private synchronized Entry enter(Key key) {
    Entry entry = entries.get(key);
    if (entry == null || entry.isBroken()) {
      entry = new Entry();
      entries.put(key, entry);
    }
    entry.users++;
    return entry;
  }

  /** Tells whether that was the last user of the entry. */
  private synchronized boolean leave(Key key, Entry entry) {
    entry.users--;
    if (entry.users > 0) {
      return false;
    }
    entries.remove(key, entry);
    return true;
  }

  /** The number of models that are open now. */
  public synchronized int size() {
    return entries.size();
  }

  /** A key has the whole manifest: the same graph may be given other features under another one. */
  private record Key(ModelManifest manifest, Options options) {}

  private static final class Entry {

    /** This is guarded by the catalog, the rest by the entry. */
    int users;

    private volatile @Nullable MicroBatcher batcher;

    synchronized MicroBatcher batcher(Supplier<MicroBatcher> opening) {
      MicroBatcher its = batcher;
      if (its == null) {
        its = opening.get();
        batcher = its;
      }
      return its;
    }

    /** Closes what was opened for a user that could not join. */
    void close() {
      MicroBatcher its = batcher;
      if (its != null) {
        its.close();
      }
    }

    boolean isBroken() {
      MicroBatcher its = batcher;
      return its != null && its.isBroken();
    }
  }
}
