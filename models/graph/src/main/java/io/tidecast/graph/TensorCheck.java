package io.tidecast.graph;

import static io.tidecast.graph.GraphFinding.Kind.BROKEN;
import static io.tidecast.graph.GraphFinding.Kind.SIZE;

import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the sizes of tensors against what is there and against {@link GraphLimits}. */
final class TensorCheck {

  private final Findings findings;

  TensorCheck(Findings findings) {
    this.findings = findings;
  }

  /** Checks a tensor that is in the file. */
  void check(Place place, TensorProto tensor) {
    ElementType type = type(place, tensor);
    if (type == null || !isCountable(place, tensor.getName(), tensor.getDimsList())) {
      return;
    }
    long values = (long) Sizes.product(tensor.getDimsList());
    boolean raw = tensor.hasRawData();
    long expected = raw ? type.bytes(values) : type.entriesOf(values);
    long found = raw ? tensor.getRawData().size() : type.entries(tensor);
    if (raw && type == ElementType.STRING) {
      findings.add(BROKEN, place, named(tensor.getName()) + " must not have text as raw data");
    } else if (expected != found) {
      findings.add(
          BROKEN,
          place,
          "%s must have what its dimensions %s say: expected %,d %s, found %,d"
              .formatted(
                  named(tensor.getName()),
                  shown(tensor.getDimsList()),
                  expected,
                  raw ? "bytes" : "values",
                  found));
    }
  }

  /** Finds the type of a tensor; null, and a finding, for one that is not known. */
  @Nullable ElementType type(Place place, TensorProto tensor) {
    ElementType type = ElementType.of(tensor.getDataType());
    if (type == null || tensor.hasSegment()) {
      findings.add(
          BROKEN,
          place,
          "%s must be whole and of a type that this release knows: type %d"
              .formatted(named(tensor.getName()), tensor.getDataType()));
    }
    return tensor.hasSegment() ? null : type;
  }

  /** Tells whether dimensions make a size that is within bounds; if not, there is a finding. */
  boolean isCountable(Place place, String name, List<Long> dimensions) {
    if (dimensions.stream().anyMatch(size -> size < 0)) {
      findings.add(
          BROKEN, place, named(name) + " must have no negative dimension: " + shown(dimensions));
      return false;
    }
    if (Sizes.product(dimensions) > GraphLimits.MOST_VALUES) {
      findings.add(
          SIZE,
          place,
          "%s must have at most %,d values: dimensions %s"
              .formatted(named(name), GraphLimits.MOST_VALUES, shown(dimensions)));
      return false;
    }
    return true;
  }

  /** Checks what a sparse tensor is once it is written out; its parts are tensors like others. */
  void check(Place place, SparseTensorProto tensor) {
    isCountable(place, tensor.getValues().getName(), tensor.getDimsList());
  }

  /** Checks a shape that the file declares. Some exporters write -1 for an axis that is open. */
  void check(Place place, TensorShapeProto shape) {
    List<Long> sizes =
        shape.getDimList().stream()
            .filter(TensorShapeProto.Dimension::hasDimValue)
            .map(TensorShapeProto.Dimension::getDimValue)
            .toList();
    if (sizes.stream().anyMatch(size -> size < -1)) {
      findings.add(BROKEN, place, "a shape must have no negative dimension: " + shown(sizes));
    } else if (Sizes.product(sizes.stream().map(Math::abs).toList())
        > GraphLimits.MOST_DECLARED_VALUES) {
      findings.add(
          SIZE,
          place,
          "a declared shape must have at most %,d values: %s"
              .formatted(GraphLimits.MOST_DECLARED_VALUES, shown(sizes)));
    }
  }

  static String named(String name) {
    return name.isEmpty() ? "a tensor without a name" : "tensor " + Shown.of(name);
  }

  private static String shown(List<Long> dimensions) {
    return Shown.of(dimensions.stream().limit(20).toList().toString());
  }
}
