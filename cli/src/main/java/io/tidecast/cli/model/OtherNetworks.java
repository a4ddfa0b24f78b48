package io.tidecast.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.runtime.manifest.ModelException;
import java.util.Set;

/**
 * Names networks that are called as official ones are and compute something else, of which names
 * and shapes of weights may not tell.
 */
final class OtherNetworks {

  private static final String HOW =
      "; export it to ONNX with torch.onnx.export and see ./tidecast model inspect";

  private OtherNetworks() {}

  /**
   * Looks at a configuration.
   *
   * @throws ModelException if it is of another network
   */
  static void require(String architecture, ObjectNode config) {
    boolean ofTheLibrary = config.has("task_name");
    boolean distils = config.path("distil").asBoolean(true) && config.path("e_layers").asInt(2) > 1;
    if (ofTheLibrary && architecture.equals("informer") && distils) {
      throw new ModelException(
          "informer of Time-Series-Library is another network than the official one: its distilling convolutions pad by 2 and not by 1, which no shape of a weight tells"
              + HOW);
    }
    if (ofTheLibrary && architecture.equals("patchtst")) {
      throw libraryPatchTst();
    }
  }

  /**
   * Looks at the names of a checkpoint.
   *
   * @throws ModelException if they are those of another network
   */
  static void require(String architecture, Set<String> names) {
    if (architecture.equals("patchtst")
        && names.stream()
            .anyMatch(name -> name.endsWith("patch_embedding.value_embedding.weight"))) {
      throw libraryPatchTst();
    }
  }

  private static ModelException libraryPatchTst() {
    return new ModelException(
        "patchtst of Time-Series-Library is another network than the official one: fixed positions, no attention carried from layer to layer, a norm behind the last one"
            + HOW);
  }
}
