package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelFolder;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a version. */
final class VersionOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--path",
      paramLabel = "DIR",
      required = true,
      description =
          "The folder of the version: a URI such as s3://models/demand/3, or a path, which must be the "
              + "same on every machine that runs the job.")
  private String path;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "The SHA-256 that its model.onnx must have. (default: the one that its manifest names)")
  private @Nullable String sha256;

  /**
   * The place as it is sent. One that begins at the working directory begins at the root then, for
   * the job has another.
   *
   * @throws ParameterException if it is none
   */
  String place() {
    return here() == null ? path : ModelFolder.whole(path);
  }

  /** Null for any. */
  @Nullable String sha256() {
    return sha256;
  }

  /**
   * Says that there is no model where one is expected; empty where there is, or this machine can't
   * tell. The machines that run the job may have what this one has not.
   */
  Optional<String> doubt() {
    Path here = here();
    if (here == null
        || (Files.exists(here.resolve(ModelManifest.FILE))
            && Files.exists(here.resolve(ModelBundle.ONNX_FILE)))) {
      return Optional.empty();
    }
    return Optional.of(
        "This machine has no %s and %s in %s; every machine that runs the job must."
            .formatted(ModelManifest.FILE, ModelBundle.ONNX_FILE, place()));
  }

  /** The folder on this machine; null where it is elsewhere. */
  private @Nullable Path here() {
    try {
      return ModelFolder.onThisMachine(path);
    } catch (ModelException | InvalidPathException e) {
      throw new ParameterException(command.commandLine(), "--path: " + e.getMessage(), e);
    }
  }
}
