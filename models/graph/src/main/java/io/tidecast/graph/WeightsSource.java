package io.tidecast.graph;

/** Gives the files beside a graph that hold its weights. */
@FunctionalInterface
public interface WeightsSource {

  /** Gives none: the graph has to hold all its weights. */
  WeightsSource NONE =
      file -> {
        throw new GraphException(
            "must hold its weights, which lie in %s: export it as one file".formatted(file));
      };

  /**
   * Reads a file. It is asked for each file once, after everything in the graph has been checked.
   *
   * @param file a plain name, without a folder
   * @return all of it; not changed by anyone from then on
   * @throws GraphException if it must not or cannot be read
   */
  byte[] read(String file);
}
