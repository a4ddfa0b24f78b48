package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.VersionReader;
import java.io.Serializable;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The models of a job whose versions come and go.
 *
 * @param slots with the models of the job file
 * @param readers of versions that commands name, by the slot that they are for; each is used by
 *     several threads at once
 * @param takeShadows whether forecasts of shadows go anywhere
 * @param kept the type that is kept of each slot, which has a serializer with a version
 */
public record CommandedModels(
    ModelSlots slots,
    Map<String, VersionReader> readers,
    boolean takeShadows,
    TypeInformation<KeptSlot> kept)
    implements Serializable {

  public CommandedModels {
    requireNonNull(slots, "slots is null");
    readers = Map.copyOf(readers);
    requireNonNull(kept, "kept is null");
    for (ModelSlot slot : slots.all()) {
      requireNonNull(readers.get(slot.name()), "a slot has no reader");
    }
  }
}
