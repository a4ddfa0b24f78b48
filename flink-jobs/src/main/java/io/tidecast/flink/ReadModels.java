package io.tidecast.flink;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelFolder;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The models that a job file names, read from their folders and found to fit the job.
 *
 * @param all the default first, then in the order of the job file
 */
record ReadModels(List<Of> all) {

  /** One of them, with what the job file says of it. */
  record Of(SlotSettings slot, SharedOnnxModel model) {

    String name() {
      return slot.name();
    }

    boolean isDefault() {
      return slot.name().equals(ModelSlot.DEFAULT);
    }
  }

  /**
   * Reads them.
   *
   * @throws ModelException if some can't be read, naming each
   * @throws ConfigException if one does not fit the job
   */
  static ReadModels of(JobConfig config) {
    List<SlotSettings> slots = new ArrayList<>();
    slots.add(
        new SlotSettings(
            ModelSlot.DEFAULT,
            config.model().path(),
            SeriesRoute.ALL,
            ForecastRole.PRIMARY,
            config.model().horizon(),
            config.series().coldStart().minContext()));
    slots.addAll(config.model().others());
    List<ModelBundle> bundles = read(slots);
    ModelFit fit = ModelFit.of(config, bundles.stream().map(ModelBundle::manifest).toList());
    List<String> problems = new ArrayList<>(fit.jobProblems());
    List<Of> all = new ArrayList<>();
    OnnxOptions options = options(config);
    for (int i = 0; i < slots.size(); i++) {
      SlotSettings slot = slots.get(i);
      ModelBundle bundle = bundles.get(i);
      problems.addAll(fit.problems(slot.name(), bundle.manifest()));
      int horizon = fit.rules(slot.name()).horizon(bundle.manifest());
      all.add(new Of(slot, new SharedOnnxModel(bundle, options, horizon)));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new ReadModels(List.copyOf(all));
  }

  private static List<ModelBundle> read(List<SlotSettings> slots) {
    List<ModelBundle> bundles = new ArrayList<>();
    List<ModelException> failed = new ArrayList<>();
    for (SlotSettings slot : slots) {
      try {
        bundles.add(ModelFolder.read(slot.path()));
      } catch (ModelException e) {
        failed.add(named(slot, e));
      }
    }
    if (failed.size() == 1) {
      throw failed.get(0);
    }
    if (!failed.isEmpty()) {
      throw new ModelException(
          String.join("; and ", failed.stream().map(e -> String.valueOf(e.getMessage())).toList()),
          failed.get(0));
    }
    return bundles;
  }

  /** The same, with the key that names the model; few of those who read it know the other files. */
  private static ModelException named(SlotSettings slot, ModelException failure) {
    String key =
        slot.name().equals(ModelSlot.DEFAULT)
            ? "model.path=" + slot.path()
            : "models[].path=%s of %s".formatted(slot.path(), slot.name());
    String message = String.valueOf(failure.getMessage());
    return message.contains("model.path=")
        ? failure
        : new ModelException("%s (%s)".formatted(message, key), failure);
  }

  ModelSlots slots() {
    return new ModelSlots(
        all.stream()
            .map(
                one ->
                    new ModelSlot(
                        one.name(),
                        one.slot.role(),
                        one.slot.route(),
                        one.model,
                        ModelFolder.whole(one.slot.path())))
            .toList());
  }

  /** How the models of a job are run, those that it begins with and versions that come later. */
  static OnnxOptions options(JobConfig config) {
    return OnnxOptions.serving(
            config.model().intraOpThreads(), config.inference().limits().runTimeout())
        .on(config.model().device());
  }
}
