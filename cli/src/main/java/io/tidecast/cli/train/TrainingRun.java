package io.tidecast.cli.train;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.networks.LinearConfig;
import io.tidecast.evaluation.folder.ModelExport;
import io.tidecast.evaluation.folder.SeriesSource;
import io.tidecast.evaluation.folder.Trained;
import io.tidecast.evaluation.folder.TrainingSource;
import io.tidecast.evaluation.linear.Ridge;
import io.tidecast.training.Trainer;
import io.tidecast.training.Training;
import io.tidecast.training.TrainingWindows;
import io.tidecast.training.torch.TorchReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

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
    if (source instanceof SeriesSource series && config instanceof LinearConfig linear) {
      write(solved(series, linear));
      return;
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
    write(trained);
    trainer.discardCheckpoint();
  }

  private Trained<LinearConfig> solved(SeriesSource series, LinearConfig linear) {
    Ridge ridge = Ridge.fit(series.data(), linear);
    Trained<LinearConfig> trained = Trained.of(ridge, series.data());
    log.printf(
        Locale.ROOT,
        "Solved in %.1f seconds, %,d weights%s; of the penalties, %s was best on the validation rows.%n",
        ridge.seconds(),
        trained.parameters(),
        ridge.stride() == 1
            ? ""
            : ", from one window of " + ridge.stride() + ", for more would take minutes",
        ridge.penalty());
    return trained;
  }

  private void write(Trained<?> trained) throws IOException {
    for (TrainingSource.Measured measured :
        new ModelExport<>(trained, source, provenance).write(out, new TorchReference())) {
      log.printf(
          "%nOn the %d test windows of %s, scaled and raw:%n%n%s%n",
          measured.report().model().windows(),
          measured.dataName(),
          measured.report().toTable(provenance.id()));
    }
    log.println("The model is in " + out + "; its card says how it was made.");
    log.flush();
  }
}
