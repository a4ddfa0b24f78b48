package io.tidecast.benchmarks.inference;

import io.tidecast.architectures.PastInput;
import io.tidecast.runtime.bundle.ModelBundle;
import java.util.Locale;

/**
 * Prints how fast a PatchTST is that is given contexts, beside the same weights given patches, per
 * batch size, from one run and through the whole forecaster.
 */
public final class InputTable {

  private static final int[] BATCHES = {1, 128, 512};

  private InputTable() {}

  /** Takes no arguments; {@code -Dtidecast.model} names another PatchTST that was trained here. */
  public static void main(String[] arguments) {
    ModelBundle context = Exports.of(PastInput.CONTEXT);
    ModelBundle patches = Exports.of(PastInput.PATCHES);
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, one intra-op thread; windows per second of processor time (of wall clock)%n%n",
        context.manifest().id(),
        context.manifest().version());
    System.out.println("| batch | given contexts | given patches | ratio |");
    System.out.println("|---:|---:|---:|---:|");
    for (int batch : BATCHES) {
      try (Contender whole = new ForecasterPath(context, 1, batch);
          Contender cut = new ForecasterPath(patches, 1, batch)) {
        System.out.println(Turns.of(whole, cut, batch).line(batch));
      }
    }
  }
}
