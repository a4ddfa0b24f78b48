package io.tidecast.flink.model;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** Where the operator that serves the models of a job puts what happens to them. */
public final class ModelEvents {

  /** The side output of the events. */
  public static final OutputTag<ModelEvent> EVENTS =
      new OutputTag<>("model-events", TypeInformation.of(ModelEvent.class));

  /** The side output of what is open, again after each start, and of what is so no longer. */
  public static final OutputTag<OpenVersion> OPENED =
      new OutputTag<>("open-versions", TypeInformation.of(OpenVersion.class));

  private ModelEvents() {}
}
