package io.tidecast.flink.mixture;

import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import java.io.Serializable;
import java.util.List;

/**
 * What the manifests of the models in the job file say of their errors, by which intervals of new
 * series begin. A version that a command has brought is known by that of its slot in the job file.
 *
 * @param models those that say something
 */
public record KnownErrors(List<OfAModel> models) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Nothing is known. */
  public static final KnownErrors NONE = new KnownErrors(List.of());

  public KnownErrors {
    models = List.copyOf(models);
  }

  /**
   * What a manifest says.
   *
   * @param slot that the model fills when the job begins
   * @param id of the model
   * @param version of the model
   */
  public record OfAModel(String slot, String id, String version, List<Residuals> residuals)
      implements Serializable {}

  /** Of the models of a job. */
  public static KnownErrors of(List<ModelSlot> slots) {
    return new KnownErrors(
        slots.stream()
            .filter(slot -> !slot.model().residuals().isEmpty())
            .map(KnownErrors::ofASlot)
            .toList());
  }

  private static OfAModel ofASlot(ModelSlot slot) {
    ForecasterSpec spec = slot.model().spec();
    return new OfAModel(slot.name(), spec.id(), spec.version(), slot.model().residuals());
  }

  /** What is known of whoever made a forecast; empty where nothing is. */
  List<Residuals> of(Issuer issuer) {
    List<Residuals> ofTheSlot = List.of();
    for (OfAModel one : models) {
      if (one.id.equals(issuer.modelId()) && one.version.equals(issuer.modelVersion())) {
        return one.residuals;
      }
      if (one.slot.equals(issuer.slot())) {
        ofTheSlot = one.residuals;
      }
    }
    return ofTheSlot;
  }
}
