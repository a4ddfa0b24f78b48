package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.VersionReader;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The models of a job whose versions come and go.
 *
 * @param slots with the models of the job file
 * @param reader reads versions that commands name; used by several threads at once
 * @param kept the type that is kept of each slot, which has a serializer with a version
 */
public record CommandedModels(
    ModelSlots slots, VersionReader reader, TypeInformation<KeptSlot> kept)
    implements Serializable {

  public CommandedModels {
    requireNonNull(slots, "slots is null");
    requireNonNull(reader, "reader is null");
    requireNonNull(kept, "kept is null");
  }
}
