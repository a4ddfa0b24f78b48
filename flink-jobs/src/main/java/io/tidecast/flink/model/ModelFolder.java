package io.tidecast.flink.model;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelFiles;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the folder of a model, which is on this machine or on any file system that Flink can reach,
 * such as {@code s3://models/demand/2}. One that is elsewhere is copied first, so that it goes
 * through the same checks, and the copy is deleted.
 */
public final class ModelFolder {

  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

  private static final String FILE = "file";

  /** A letter and a colon begin a path of Windows. */
  private static final int SHORTEST_SCHEME = 2;

  private ModelFolder() {}

  /**
   * Reads the model of {@code model.path}.
   *
   * @param place a path of this machine, or a URI
   * @throws ModelException if a file of it cannot be reached or is no good, naming it
   */
  public static ModelBundle read(String place) {
    return read("model.path", place);
  }

  /**
   * Reads a model.
   *
   * @param name of what has the place, for messages: a key of the job file, or a field of a record
   * @param place a path of this machine, or a URI
   * @throws ModelException if a file of it cannot be reached or is no good, naming it
   */
  public static ModelBundle read(String name, String place) {
    try (Fetched fetched = fetch(name, place)) {
      return fetched.bundle();
    }
  }

  /**
   * Tells whether a place means the same wherever it is read: a URI, or a path from the root of a
   * machine. Any other path begins at the working directory of whoever reads it.
   */
  public static boolean isWhole(String place) {
    return uri(place) != null || Path.of(place).isAbsolute();
  }

  /**
   * Says where a place is in a way that means the same wherever it is read.
   *
   * @param place as this process would read it
   */
  public static String whole(String place) {
    return isWhole(place) ? place : Path.of(place).toAbsolutePath().normalize().toString();
  }

  /**
   * Returns the folder on this machine that a place means; null where it is on another file system.
   *
   * @throws ModelException if it is no path
   */
  public static @Nullable Path onThisMachine(String place) {
    URI uri = uri(place);
    return uri == null
        ? Path.of(place)
        : uri.getScheme().equals(FILE) ? local("path", place, uri) : null;
  }

  /**
   * Copies the files of a model that is elsewhere. What becomes of them there makes no difference
   * any more.
   *
   * @throws ModelException if one cannot be reached
   */
  static Fetched fetch(String name, String place) {
    URI uri = uri(place);
    if (uri == null) {
      return new Fetched(place, Path.of(place), false);
    }
    return uri.getScheme().equals(FILE)
        ? new Fetched(place, local(name, place, uri), false)
        : copied(name, place, uri);
  }

  /**
   * The files of a model on this machine.
   *
   * @param place that they are of
   * @param folder where they are
   * @param copy whether they were copied, and go when this is closed
   */
  record Fetched(String place, Path folder, boolean copy) implements AutoCloseable {

    /** Tells whether the files are there that every model has. */
    boolean isComplete() {
      return Files.exists(folder.resolve(ModelManifest.FILE))
          && Files.exists(folder.resolve(ModelBundle.ONNX_FILE));
    }

    /**
     * Reads and checks them. Each is read once.
     *
     * @throws ModelException if one is no good, naming it
     */
    ModelBundle bundle() {
      try {
        return ModelBundle.read(folder);
      } catch (ModelException e) {
        // What is told is of the copy, which nobody knows of.
        throw copy
            ? new ModelException(
                String.valueOf(e.getMessage()).replace(folder.toString(), place), e)
            : e;
      }
    }

    @Override
    public void close() {
      if (copy) {
        delete(folder);
      }
    }
  }

  /** The place as a URI with a scheme; null where it is a path. */
  private static @Nullable URI uri(String place) {
    try {
      URI uri = new URI(place);
      return uri.getScheme() != null && uri.getScheme().length() >= SHORTEST_SCHEME ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static Path local(String name, String place, URI uri) {
    try {
      return Path.of(uri);
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          "must be a path, or a URI with the whole path, such as file:///var/lib/models/demand/2: %s=%s"
              .formatted(name, place),
          e);
    }
  }

  private static Fetched copied(String name, String place, URI uri) {
    FileSystem files = fileSystem(name, place, uri);
    org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(uri);
    Path copy;
    try {
      copy = Files.createTempDirectory("tidecast-model");
    } catch (IOException e) {
      throw new ModelException("must have room for a copy of the model: " + e.getMessage(), e);
    }
    boolean complete = false;
    try {
      fetch(files, name, folder, copy);
      complete = true;
      return new Fetched(place, copy, true);
    } catch (ModelException e) {
      throw new ModelException(String.valueOf(e.getMessage()).replace(copy.toString(), place), e);
    } finally {
      if (!complete) {
        delete(copy);
      }
    }
  }

  private static FileSystem fileSystem(String name, String place, URI uri) {
    try {
      return FileSystem.get(uri);
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new ModelException(
          "must be on a file system that Flink knows, whose jar is in a folder of its own below the plugins of Flink, such as plugins/s3-fs-presto: %s=%s"
              .formatted(name, place),
          e);
    } catch (IOException e) {
      throw new ModelException(
          "must be on a file system that can be reached: %s=%s: %s"
              .formatted(name, place, e.getMessage()),
          e);
    }
  }

  private static void fetch(
      FileSystem files, String name, org.apache.flink.core.fs.Path folder, Path copy) {
    if (!copied(files, folder, ModelManifest.FILE, copy)
        || !copied(files, folder, ModelBundle.ONNX_FILE, copy)) {
      throw new ModelException(
          "must have %s and %s: %s=%s"
              .formatted(ModelManifest.FILE, ModelBundle.ONNX_FILE, name, folder));
    }
    // A model without golden vectors is told of where it is read.
    boolean unused = copied(files, folder, GoldenVectors.FILE, copy);
    List<ModelManifest.WeightsFile> weights =
        ModelManifest.read(copy.resolve(ModelManifest.FILE)).weights();
    for (ModelManifest.WeightsFile file : weights) {
      if (!copied(files, folder, file.file(), copy)) {
        throw new ModelException(
            "must have the weights that its manifest names: %s=%s, file=%s"
                .formatted(name, folder, file.file()));
      }
    }
  }

  /** Tells whether the file is there, and copies it then. */
  private static boolean copied(
      FileSystem files, org.apache.flink.core.fs.Path folder, String name, Path copy) {
    org.apache.flink.core.fs.Path from = new org.apache.flink.core.fs.Path(folder, name);
    try {
      FileStatus status = files.getFileStatus(from);
      ModelFiles.requireFits(from.toString(), status.getLen());
      try (InputStream in = files.open(from)) {
        Files.copy(in, copy.resolve(name));
      }
      return true;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new ModelException(
          "must be a readable file: %s: %s".formatted(from, e.getMessage()), e);
    }
  }

  private static void delete(Path copy) {
    try {
      FileUtils.deleteDirectory(copy.toFile());
    } catch (IOException e) {
      LOG.warn("The copy of a model is left behind, as it can't be deleted: {}", copy, e);
    }
  }
}
