package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.util.List;

/** What must hold between the horizon that the job file asks for and the model. */
final class HorizonRules {

  private HorizonRules() {}

  /** Against what a manifest allows. */
  static List<String> problems(JobConfig config, ModelManifest manifest) {
    Integer horizon = config.model().horizon();
    int longest = manifest.longestHorizon();
    if (horizon == null || horizon <= longest) {
      return List.of();
    }
    String reason =
        manifest.rollout() == null
            ? "its prediction length, since its manifest declares no rollout"
            : "the rollout that its manifest declares";
    return List.of(
        "must be within 1..%d, %s: model.horizon=%d".formatted(longest, reason, horizon));
  }

  /** Against a model that was given. */
  static List<String> problems(JobConfig config, ForecasterSpec spec) {
    Integer horizon = config.model().horizon();
    return horizon == null || horizon == spec.horizon()
        ? List.of()
        : List.of("must be the model's %d: model.horizon=%d".formatted(spec.horizon(), horizon));
  }

  /** Steps ahead of every forecast: what is asked for, no further than the model reaches. */
  static int steps(JobConfig config, ModelManifest manifest) {
    Integer horizon = config.model().horizon();
    return horizon == null
        ? manifest.predictionLength()
        : Math.min(horizon, manifest.longestHorizon());
  }
}
