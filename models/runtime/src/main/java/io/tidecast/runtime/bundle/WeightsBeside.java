package io.tidecast.runtime.bundle;

import io.tidecast.graph.GraphException;
import io.tidecast.graph.GraphLimits;
import io.tidecast.graph.WeightsSource;
import io.tidecast.runtime.manifest.ModelFiles;
import io.tidecast.runtime.manifest.ModelManifest.WeightsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the weights beside a graph, those that someone has vouched for. */
final class WeightsBeside implements WeightsSource {

  /** Decides about a file before it is looked at. */
  @FunctionalInterface
  interface Permit {

    /**
     * Lets a file be read, or not.
     *
     * @param file a plain name
     * @param path where it would be
     * @return what the file must be
     * @throws GraphException if it must not be read
     */
    Expected of(String file, Path path);
  }

  /** What a file must be, before and after it is read. */
  sealed interface Expected {
    /** The very file that a manifest means. */
    record Known(WeightsFile file) implements Expected {}

    /** Whatever is there: its checksum is what is wanted. */
    record Any() implements Expected {}
  }

  private final Path folder;
  private final Permit permit;
  private final List<WeightsFile> files = new ArrayList<>();
  private long left;

  /**
   * @param taken bytes of the graph itself, which count among all
   */
  WeightsBeside(Path folder, long taken, Permit permit) {
    this.folder = folder;
    this.permit = permit;
    this.left = GraphLimits.mostBytes() - taken;
  }

  /** Lists the files that have been read, as they were. */
  List<WeightsFile> files() {
    return List.copyOf(files);
  }

  @Override
  public byte[] read(String name) {
    Path path = folder.resolve(name);
    Expected expected = permit.of(name, path);
    if (expected instanceof Expected.Known known) {
      requireSame("bytes", path, known.file().bytes(), ModelFiles.size(path));
    }
    byte[] bytes = ModelFiles.read(path, left, "together with the graph, " + GraphLimits.reason());
    left -= bytes.length;
    WeightsFile found = new WeightsFile(name, ModelBundle.sha256(bytes), bytes.length);
    if (expected instanceof Expected.Known known) {
      requireSame("sha256", path, known.file().sha256(), found.sha256());
    }
    files.add(found);
    return bytes;
  }

  private static void requireSame(String what, Path path, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new GraphException(
          "must have the weights that the manifest means: %s: %s: expected %s, found %s"
              .formatted(path, what, expected, found));
    }
  }
}
