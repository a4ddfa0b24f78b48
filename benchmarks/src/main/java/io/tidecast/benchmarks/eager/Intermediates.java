package io.tidecast.benchmarks.eager;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Frees the intermediates of a network when the last op that reads them is done. The first pass
 * finds out which that is; the others, which must be the same, go by it. One thread.
 */
final class Intermediates {

  /** The op that made an array, by the array; of the first pass. */
  private final IdentityHashMap<NDArray, Integer> makers = new IdentityHashMap<>();

  /** The op that reads what an op made last, by the number of the maker; of the first pass. */
  private final List<Integer> lastReaders = new ArrayList<>();

  /** What may be freed after each op, by the numbers of their makers. */
  private final List<List<Integer>> freed = new ArrayList<>();

  private final List<NDArray> made = new ArrayList<>();
  private boolean known;

  void begin() {
    made.clear();
  }

  /** Tells that an op is done. */
  NDArray made(NDArray result, NDArray... of) {
    int op = made.size();
    made.add(result);
    if (known) {
      for (int maker : freed.get(op)) {
        made.get(maker).close();
      }
      return result;
    }
    boolean passedOn = false;
    for (NDArray read : of) {
      passedOn |= read == result;
      Integer maker = makers.get(read);
      if (maker != null) {
        lastReaders.set(maker, op);
      }
    }
    lastReaders.add(op);
    if (!passedOn) {
      makers.put(result, op);
    }
    return result;
  }

  /** Tells that the pass is done; its result is the caller's. */
  void end(NDArray result) {
    if (known) {
      if (made.size() != freed.size()) {
        throw new IllegalStateException(
            "every pass must be the same: ops=%d, before=%d".formatted(made.size(), freed.size()));
      }
      return;
    }
    for (int op = 0; op < made.size(); op++) {
      freed.add(new ArrayList<>());
    }
    makers.forEach(
        (array, maker) -> {
          if (array != result) {
            freed.get(lastReaders.get(maker)).add(maker);
          }
        });
    makers.clear();
    known = true;
  }
}
