package io.tidecast.cli.model;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a model that is made is called. */
public final class ModelName {

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description = "Call the model NAME. Default: as its architecture.")
  private @Nullable String id;

  @Option(
      names = "--model-version",
      paramLabel = "N",
      defaultValue = "1",
      description = "Give the model this version. (default: ${DEFAULT-VALUE})")
  private String version;

  /**
   * Says what the model is called.
   *
   * @param otherwise where none was given
   */
  public String id(String otherwise) {
    return id == null ? otherwise : id;
  }

  public String version() {
    return version;
  }
}
