package io.tidecast.training;

import io.tidecast.runtime.ModelManifest;
import java.util.Locale;

/** The page about a model for people, {@code card.md}. */
record ModelCard(
    ModelManifest manifest,
    Trained<?> trained,
    ModelExport.Provenance provenance,
    ModelReport report) {

  String toMarkdown() {
    TrainingSettings settings = provenance.settings();
    return String.format(
                Locale.ROOT,
                """
            # %s, version %s

            A %s forecaster: %d steps of %s of context to %d steps ahead, channels %s, raw units in and
            out. %,d parameters. Licence %s.

            ## Data

            `%s`. %s

            Rows in order of time: %s (train, validation, test). The training rows alone set the scaler
            and the weights, the validation rows chose the epoch, nothing was chosen by the test rows.

            ## Accuracy on the test rows

            Every one of the %d windows, through the ONNX graph as it is served. MSE and MAE are in standard
            deviations of the training rows, as papers give them; the raw columns are in units of the series.

            %s
            ## How it was made

            ```
            %s
            ```

            Adam at %s (%s schedule), batches of %d windows, %s loss, weight decay %s%s, seed %d; %d epochs, the
            weights of epoch %d, validation loss %.5f; %.1f minutes of training.

            Hyperparameters: `%s`

            ## Limits

            It has seen the series above and no other. On another series, another step or another season, measure
            it beside seasonal naive first: `./tidecast evaluate`.
            """,
                manifest.id(),
                manifest.version(),
                manifest.architecture(),
                manifest.contextLength(),
                manifest.step(),
                manifest.predictionLength(),
                String.join(", ", manifest.channels().names()),
                trained.parameters(),
                manifest.licence(),
                provenance.dataName(),
                provenance.source(),
                manifest.training().get("rows"),
                report.model().windows(),
                report.toTable(manifest.id()),
                provenance.command(),
                settings.learningRate(),
                settings.schedule(),
                settings.batchSize(),
                settings.loss(),
                settings.weightDecay(),
                settings.mixup() ? ", mixup" : "",
                settings.seed(),
                trained.epochs(),
                trained.bestEpoch(),
                trained.validationLoss(),
                trained.seconds() / 60,
                manifest.architectureConfig())
            .stripTrailing()
        + "\n";
  }
}
