package io.tidecast.graph;

import static io.tidecast.graph.GraphFinding.Kind.BROKEN;
import static io.tidecast.graph.GraphFinding.Kind.OUTSIDE;

import ai.onnx.proto.OnnxMl.TensorProto;
import org.jspecify.annotations.Nullable;

/** Checks what a tensor says of the file that holds its values, before that file is looked at. */
final class OutsideCheck {

  private final Findings findings;
  private final TensorCheck tensors;

  OutsideCheck(Findings findings, TensorCheck tensors) {
    this.findings = findings;
    this.tensors = tensors;
  }

  /** Checks a tensor whose values lie in another file. */
  OutsideTensor check(Place place, TensorProto tensor) {
    String location =
        GraphHeader.entry(tensor.getExternalDataList(), "location").orElse(OutsideTensor.UNNAMED);
    if (GraphHeader.entry(tensor.getExternalDataList(), "location").isEmpty()) {
      findings.add(OUTSIDE, place, "must name the file that has its weights, and names none");
    } else if (!OutsideTensor.isPlainName(location)) {
      findings.add(
          OUTSIDE,
          place,
          "must have its weights in a file beside it, named without a folder, and names "
              + Shown.of(location));
    }
    ElementType type = tensors.type(place, tensor);
    if (type == ElementType.STRING) {
      findings.add(BROKEN, place, "must have its texts in the file itself");
    } else if (type != null
        && tensors.isCountable(place, tensor.getName(), tensor.getDimsList())
        && range(tensor, type) == null) {
      findings.add(
          BROKEN,
          place,
          "%s must say where its %,d bytes begin in %s: offset %s, length %s"
              .formatted(
                  TensorCheck.named(tensor.getName()),
                  bytes(tensor, type),
                  Shown.of(location),
                  shown(tensor, "offset"),
                  shown(tensor, "length")));
    }
    return new OutsideTensor(place.toString(), tensor.getName(), location);
  }

  private static String shown(TensorProto tensor, String key) {
    return GraphHeader.entry(tensor.getExternalDataList(), key).map(Shown::of).orElse("not given");
  }

  private static long bytes(TensorProto tensor, ElementType type) {
    return type.bytes((long) Sizes.product(tensor.getDimsList()));
  }

  /**
   * Where the values of a tensor are in their file.
   *
   * @param offset of the first byte
   */
  record Range(long offset, long length) {}

  /** Reads the range of a tensor of this type; null where it is none, or not that of its shape. */
  static @Nullable Range range(TensorProto tensor, ElementType type) {
    try {
      long length = bytes(tensor, type);
      long offset = number(tensor, "offset", 0);
      return offset < 0 || number(tensor, "length", length) != length
          ? null
          : new Range(offset, length);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static long number(TensorProto tensor, String key, long otherwise) {
    return GraphHeader.entry(tensor.getExternalDataList(), key)
        .map(Long::parseLong)
        .orElse(otherwise);
  }
}
