package io.tidecast.flink.model;

import io.tidecast.runtime.manifest.ModelManifest;
import java.io.Serializable;
import java.util.List;

/**
 * Holds models against what a job gives them and expects of them: those it begins with, and the
 * versions that come while it runs. Shipped with the job.
 */
public interface VersionFit extends Serializable {

  /** Says what is wrong between the job and a model, a sentence each; none if it fits. */
  List<String> problems(ModelManifest manifest);

  /** Says how many steps ahead the job has a model forecast, no further than it reaches. */
  int horizon(ModelManifest manifest);
}
