package io.tidecast.graph;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts weights into the graph that has them in files beside it. The files are held once; the graph
 * refers to their bytes until it is written out.
 */
final class WeightsInlining {

  private final WeightsSource source;
  private final Map<String, byte[]> files = new HashMap<>();
  private long bytes;

  private WeightsInlining(WeightsSource source) {
    this.source = source;
  }

  /**
   * Writes a checked graph with all its weights.
   *
   * @throws GraphException if a file is too short, or all of it too large
   */
  static byte[] whole(ModelProto model, WeightsSource source) {
    WeightsInlining inlining = new WeightsInlining(source);
    // Counted first: a few bytes of a file can be asked for by any number of tensors.
    inlining.bytes = model.getSerializedSize();
    inlining.count(model);
    return inlining.filled(model).toByteArray();
  }

  private void count(Message message) {
    if (message instanceof TensorProto tensor) {
      if (isOutside(tensor)) {
        bytes += range(tensor).length();
        require(bytes);
      }
      return;
    }
    for (var entry : message.getAllFields().entrySet()) {
      if (entry.getKey().getJavaType() == JavaType.MESSAGE) {
        List<?> values =
            entry.getValue() instanceof List<?> list ? list : List.of(entry.getValue());
        values.forEach(value -> count((Message) value));
      }
    }
  }

  private static void require(long bytes) {
    if (bytes > GraphLimits.mostBytes()) {
      throw new GraphException(
          "must have at most %s with its weights, %s; it has more"
              .formatted(GraphLimits.megabytes(GraphLimits.mostBytes()), GraphLimits.reason()));
    }
  }

  private static boolean isOutside(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private static OutsideCheck.Range range(TensorProto tensor) {
    ElementType type = requireNonNull(ElementType.of(tensor.getDataType()), "checked before");
    return requireNonNull(OutsideCheck.range(tensor, type), "checked before");
  }

  /** Returns the message itself where nothing in it lies outside. */
  private Message filled(Message message) {
    if (message instanceof TensorProto tensor) {
      return isOutside(tensor) ? filled(tensor) : tensor;
    }
    Message.Builder builder = null;
    for (var entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      if (entry.getValue() instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          Message inner = (Message) list.get(i);
          Message whole = filled(inner);
          if (whole != inner) {
            builder = builder == null ? message.toBuilder() : builder;
            builder.setRepeatedField(field, i, whole);
          }
        }
      } else {
        Message inner = (Message) entry.getValue();
        Message whole = filled(inner);
        if (whole != inner) {
          builder = builder == null ? message.toBuilder() : builder;
          builder.setField(field, whole);
        }
      }
    }
    return builder == null ? message : builder.build();
  }

  private TensorProto filled(TensorProto tensor) {
    String location = GraphHeader.entry(tensor.getExternalDataList(), "location").orElseThrow();
    OutsideCheck.Range range = range(tensor);
    byte[] file = files.computeIfAbsent(location, source::read);
    if (range.offset() + range.length() > file.length) {
      throw new GraphException(
          "%s must be whole in %s: it takes bytes %,d to %,d, and the file has %,d"
              .formatted(
                  TensorCheck.named(tensor.getName()),
                  location,
                  range.offset(),
                  range.offset() + range.length(),
                  file.length));
    }
    return tensor.toBuilder()
        .clearDataLocation()
        .clearExternalData()
        .clearFloatData()
        .clearInt32Data()
        .clearInt64Data()
        .clearUint64Data()
        .clearDoubleData()
        .clearStringData()
        .setRawData(
            UnsafeByteOperations.unsafeWrap(file, (int) range.offset(), (int) range.length()))
        .build();
  }
}
