package io.tidecast.cli.train;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.evaluation.folder.ModelExport;
import io.tidecast.evaluation.folder.Trained;
import io.tidecast.evaluation.folder.TrainingSource;
import io.tidecast.training.Trainer;
import io.tidecast.training.Training;
import io.tidecast.training.TrainingWindows;
import io.tidecast.training.torch.TorchReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * From windows to a model folder: trains, exports, measures and says how it went.
 *
 * @param out the model's folder, which holds the checkpoint until the model is written
 */
record TrainingRun<C extends ArchitectureConfig>(
    Architecture<C> network,
    C config,
    TrainingWindows windows,
    TrainingSource source,
    ModelExport.Provenance provenance,
    Path out,
    PrintWriter log) {

  void run() throws IOException {
    if (!provenance.defaults().isEmpty()) {
      log.println(
          "Hyperparameters not given, so as %s has them: %s."
              .formatted(network.name(), String.join(", ", provenance.defaults())));
    }
    TrainingProgress progress = new TrainingProgress(log, provenance.settings().epochs());
    Trainer<C> trainer =
        new Trainer<>(
            new Training<>(network, config, windows, provenance.settings()),
            out.resolve("checkpoint"),
            progress);
    Trained<C> trained;
    try (progress) {
      trained = trainer.train();
    }
    log.printf(
        "%nBest epoch %d of %d, %,d parameters, %.1f minutes.%n",
        trained.bestEpoch(), trained.epochs(), trained.parameters(), trained.seconds() / 60);
    for (TrainingSource.Measured measured :
        new ModelExport<>(trained, source, provenance).write(out, new TorchReference())) {
      log.printf(
          "%nOn the %d test windows of %s, scaled and raw:%n%n%s%n",
          measured.report().model().windows(),
          measured.dataName(),
          measured.report().toTable(provenance.id()));
    }
    trainer.discardCheckpoint();
    log.println("The model is in " + out + "; its card says how it was made.");
    log.flush();
  }
}
