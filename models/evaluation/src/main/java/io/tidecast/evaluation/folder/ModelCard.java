package io.tidecast.evaluation.folder;

import io.tidecast.architectures.TrainingSettings;
import io.tidecast.runtime.manifest.ModelManifest;
import java.util.List;
import java.util.Locale;

/** Writes the page about a model for people, {@code card.md}. */
record ModelCard(
    ModelManifest manifest,
    Trained<?> trained,
    ModelExport.Provenance provenance,
    TrainingSource lessons,
    List<TrainingSource.Measured> measured) {

  String toMarkdown() {
    return String.format(
                Locale.ROOT,
                """
            # %s, version %s

            A %s forecaster: from %s%d steps of context to %d steps ahead, step %s, channels %s, raw units
            in and out. %,d parameters. Licence %s.

            ## Data

            %s
            ## Accuracy

            %s, through the ONNX graph as it is served. MSE and MAE are in standard
            deviations of the training rows, as papers give them; the raw columns are in units of the series.

            %s
            ## How it was made

            ```
            %s
            ```

            %s

            Hyperparameters: `%s`%s

            ## Limits

            It has seen what is named above and nothing else. On another series, another step or another season, measure
            it beside seasonal naive first: `./tidecast evaluate`.
            """,
                manifest.id(),
                manifest.version(),
                manifest.architecture(),
                manifest.leftPadding() ? "up to " : "",
                manifest.contextLength(),
                manifest.predictionLength(),
                manifest.step(),
                String.join(", ", manifest.channels().names()),
                trained.parameters(),
                manifest.licence(),
                lessons.describe(),
                measured.stream().allMatch(one -> one.report().model().leftOut().all() == 0)
                    ? "Every one of the test windows"
                    : "Every test window but those told of below",
                tables(),
                provenance.command(),
                learning(),
                manifest.architectureConfig(),
                provenance.defaults().isEmpty()
                    ? ""
                    : "\nNot given, so as the architecture has them: "
                        + String.join(", ", provenance.defaults())
                        + ".")
            .stripTrailing()
        + "\n";
  }

  private String learning() {
    if (trained.architecture().inClosedForm()) {
      return String.format(
          Locale.ROOT,
          """
          Ridge regression in closed form, with the penalty that is best on the validation rows; validation
          loss %.5f; %.1f seconds.""",
          trained.validationLoss(),
          trained.seconds());
    }
    TrainingSettings settings = provenance.settings();
    return String.format(
        Locale.ROOT,
        """
        Adam at %s (%s schedule), batches of %d windows, %s loss, weight decay %s%s, seed %d; %d epochs, the
        weights of epoch %d, validation loss %.5f; %.1f minutes of training.""",
        settings.learningRate(),
        settings.schedule(),
        settings.batchSize(),
        settings.loss(),
        settings.weightDecay(),
        (settings.mixup() ? ", mixup" : "")
            + (settings.averaging() > 0
                ? ", weights averaged (%s a step)".formatted(settings.averaging())
                : ""),
        settings.seed(),
        trained.epochs(),
        trained.bestEpoch(),
        trained.validationLoss(),
        trained.seconds() / 60);
  }

  private String tables() {
    StringBuilder text = new StringBuilder();
    for (TrainingSource.Measured one : measured) {
      text.append(
          "%s, test rows, %d windows:\n\n%s\n"
              .formatted(
                  one.dataName(),
                  one.report().model().windows(),
                  one.report().toTable(manifest.id())));
    }
    return text.toString().stripTrailing() + "\n";
  }
}
