package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads versions from folders on any file system that Flink can reach. Each becomes a {@link
 * SharedOnnxModel}, as the job's first model is one. Any thread; it keeps nothing.
 *
 * @param options how versions are run
 * @param fit what the job asks of them
 */
public record SharedVersions(OnnxOptions options, VersionFit fit) implements VersionReader {

  /** The field of a command that has the place. */
  private static final String PLACE = "path";

  public SharedVersions {
    requireNonNull(options, "options is null");
    requireNonNull(fit, "fit is null");
  }

  @Override
  public Read read(String place, @Nullable String sha256) {
    ModelBundle bundle;
    try (ModelFolder.Fetched files = in(LoadStage.FETCH, place, () -> fetched(place))) {
      bundle = in(LoadStage.CHECK, place, files::bundle);
    }
    // A bundle has the graph that its manifest means.
    String found = bundle.manifest().sha256();
    if (sha256 != null && !sha256.equals(found)) {
      throw new VersionRefusedException(
          LoadStage.CHECK,
          "must be the model that the command means: sha256=%s, and model.onnx of %s=%s has %s; send that one, or the place of the other"
              .formatted(sha256, PLACE, place, found),
          null);
    }
    int horizon = in(LoadStage.FIT, place, () -> fitting(place, bundle.manifest()));
    return new Read(new SharedOnnxModel(bundle, options, horizon), found);
  }

  private static ModelFolder.Fetched fetched(String place) {
    ModelFolder.Fetched files = ModelFolder.fetch(PLACE, place);
    // One that was copied is, or it would not have been.
    if (!files.isComplete()) {
      throw new ModelException(
          "must have %s and %s on every machine that runs the job: %s=%s, unless it is on a file system that all of them reach, such as s3://models/demand/3"
              .formatted(ModelManifest.FILE, ModelBundle.ONNX_FILE, PLACE, place));
    }
    return files;
  }

  private int fitting(String place, ModelManifest manifest) {
    List<String> problems = fit.problems(manifest);
    if (!problems.isEmpty()) {
      throw new VersionRefusedException(
          LoadStage.FIT,
          "must fit the job as it runs: %s=%s: %s; send a version that does, or start the job anew with settings for this one"
              .formatted(PLACE, place, String.join("; ", problems)),
          null);
    }
    return fit.horizon(manifest);
  }

  /** Whatever goes wrong with a version must stop nothing but that version. */
  private static <T> T in(LoadStage stage, String place, Supplier<T> step) {
    try {
      return step.get();
    } catch (VersionRefusedException e) {
      throw e;
    } catch (ModelException e) {
      throw refused(stage, place, String.valueOf(e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      throw new VersionRefusedException(
          stage,
          "must fit the memory of the task manager beside the model that it has: %s=%s: %s; give it more, and send the command again"
              .formatted(PLACE, place, e.getMessage()),
          e);
    } catch (RuntimeException | LinkageError e) {
      // File systems of plugins throw what they like.
      throw refused(stage, place, "must be readable: " + e, e);
    }
  }

  private static VersionRefusedException refused(
      LoadStage stage, String place, String message, Throwable cause) {
    String placed =
        message.contains(place) ? message : "%s: %s=%s".formatted(message, PLACE, place);
    return new VersionRefusedException(
        stage, placed + "; put that right, and send the command again", cause);
  }
}
