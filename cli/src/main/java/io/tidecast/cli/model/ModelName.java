package io.tidecast.cli.model;

import picocli.CommandLine.Option;

/** The options that say what a model that is made is called. */
public final class ModelName {

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description = "Of the model. Default: the architecture's.")
  private String id;

  @Option(
      names = "--model-version",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the model. (default: ${DEFAULT-VALUE})")
  private String version;

  /**
   * The model's id.
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
