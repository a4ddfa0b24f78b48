package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of a job of one's own on the topic of the quickstart, beside that of the quickstart. */
final class OwnJob {
  private static final String MARK = "# Written by tidecast quickstart";

  private static final String TEXT =
      MARK
          + """
          , and written anew by the next one: copy it to keep it.
          kafka:
            bootstrap-servers: %s
          source:
            topic: %s
            start: earliest
            group-id: my-job
          series:
            step: 30min
          model:
            # The folder of a model, such as one that was trained with this file.
            path: %s
          sink:
            topic: my-forecasts
            transactional-id-prefix: my-job
          dead-letters:
            topic: my-forecasts.dlq
          job:
            name: my-job
          """;

  private OwnJob() {}

  /**
   * Writes the file; one of an earlier quickstart makes room.
   *
   * @param model folder of the quickstart's model
   * @throws CliException if it cannot be written, or something else has that name
   */
  static void write(Path file, String bootstrapServers, Path model) {
    try {
      if (Files.exists(file) && !Files.readString(file, StandardCharsets.UTF_8).startsWith(MARK)) {
        throw new CliException(
            "the file must be one that a quickstart wrote, or not be there: --job-file=" + file);
      }
      String path = "'" + model.toAbsolutePath().toString().replace("'", "''") + "'";
      Files.writeString(
          file, TEXT.formatted(bootstrapServers, EmbeddedPipeline.OBSERVATIONS, path));
    } catch (IOException e) {
      throw new CliException("a job file must be writable there: --job-file=" + file, e);
    }
  }
}
