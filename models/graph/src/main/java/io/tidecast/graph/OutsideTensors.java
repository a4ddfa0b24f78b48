package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the tensors of a file whose values lie in other files.
 *
 * <p>The walk follows the schema of ONNX and not a list of known places, so a tensor is found
 * wherever the format lets it stand: as an initializer, as a constant or another attribute, in a
 * sparse tensor, in a subgraph of any depth, in a function or in what a file keeps for training.
 * The depth is bounded, since protobuf reads no more than 100 messages within each other.
 */
final class OutsideTensors {
  private final List<OutsideTensor> found = new ArrayList<>();

  private OutsideTensors() {}

  /** Lists every such tensor, in the order of the fields of the file. */
  static List<OutsideTensor> of(ModelProto model) {
    OutsideTensors scan = new OutsideTensors();
    scan.walk("", model);
    return List.copyOf(scan.found);
  }

  private void walk(String place, Message message) {
    if (message instanceof TensorProto tensor) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        found.add(new OutsideTensor(place, tensor.getName(), location(tensor)));
      }
      return;
    }
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == JavaType.MESSAGE) {
                walkField(place.isEmpty() ? "" : place + ".", field, value);
              }
            });
  }

  private void walkField(String prefix, FieldDescriptor field, Object value) {
    if (value instanceof List<?> messages) {
      for (int i = 0; i < messages.size(); i++) {
        walk(prefix + field.getName() + "[" + i + "]", (Message) messages.get(i));
      }
    } else {
      walk(prefix + field.getName(), (Message) value);
    }
  }

  private static String location(TensorProto tensor) {
    return GraphHeader.entry(tensor.getExternalDataList(), "location")
        .orElse(OutsideTensor.UNNAMED);
  }
}
