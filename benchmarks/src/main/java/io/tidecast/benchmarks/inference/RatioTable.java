package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.util.Locale;

/** Prints what share of raw ONNX Runtime the forecaster keeps, per batch size, from one run. */
public final class RatioTable {

  private static final int[] BATCHES = {1, 8, 32, 128, 512};

  private RatioTable() {}

  /** Takes no arguments; {@code -Dtidecast.model} names another model. */
  public static void main(String[] arguments) {
    ModelBundle bundle = Models.load();
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, one intra-op thread; windows per second of processor time (of wall clock)%n%n",
        bundle.manifest().id(),
        bundle.manifest().version());
    System.out.println("| batch | raw ONNX Runtime | forecaster | share |");
    System.out.println("|---:|---:|---:|---:|");
    for (int batch : BATCHES) {
      try (Contender raw = new RawOnnx(bundle, 1, batch);
          Contender forecaster = new ForecasterPath(bundle, 1, batch)) {
        System.out.println(Turns.of(raw, forecaster, batch).line(batch));
      }
    }
  }
}
