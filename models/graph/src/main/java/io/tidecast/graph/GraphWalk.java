package io.tidecast.graph;

import static io.tidecast.graph.GraphFinding.Kind.SIZE;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a whole file, wherever something stands in it.
 *
 * <p>The walk follows the schema of ONNX and not a list of known places, so a tensor or a node is
 * found wherever the format lets it stand: in the graph, as a constant or another attribute, in a
 * sparse tensor, in a subgraph of any depth, in a function or in what a file keeps for training.
 * Its depth is bounded, since protobuf reads no more than 100 messages within each other.
 */
final class GraphWalk {

  private final Findings findings = new Findings();
  private final List<OutsideTensor> outside = new ArrayList<>();
  private final TensorCheck tensors = new TensorCheck(findings);
  private final OutsideCheck outsideTensors = new OutsideCheck(findings, tensors);
  private final OperatorCheck operators;

  private GraphWalk(ModelProto model) {
    Functions functions = new Functions(model, findings);
    this.operators = new OperatorCheck(functions, findings);
    if (functions.check(model.getGraph())) {
      visit(null, model, new Scope(null, 0, true));
    }
  }

  /** Checks a file. */
  static GraphWalk of(ModelProto model) {
    return new GraphWalk(model);
  }

  /** What has been found that keeps the graph from being run. */
  Findings findings() {
    return findings;
  }

  /** Lists the tensors whose values lie in other files, in the order of the fields of the file. */
  List<OutsideTensor> outside() {
    return List.copyOf(outside);
  }

  /**
   * Where the walk is.
   *
   * @param constants that can be seen from here; null outside of graphs and functions
   * @param nesting graphs around this place
   * @param runs whether it is in what is run, and not in what a file keeps for training
   */
  private record Scope(@Nullable Constants constants, int nesting, boolean runs) {

    Scope inner(GraphProto graph) {
      return new Scope(Constants.of(graph, constants), nesting + 1, runs);
    }

    Scope inner(FunctionProto function) {
      return new Scope(Constants.of(function), nesting, runs);
    }
  }

  private void visit(@Nullable Place place, Message message, Scope scope) {
    Scope inner = scope;
    if (place != null) {
      if (message instanceof TensorProto tensor) {
        visit(place, tensor);
        return;
      }
      inner = enter(place, message, scope);
    }
    for (var entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      if (entry.getValue() instanceof List<?> messages) {
        for (int i = 0; i < messages.size(); i++) {
          visit(new Place(place, field.getName(), i), (Message) messages.get(i), inner);
        }
      } else {
        visit(new Place(place, field.getName(), -1), (Message) entry.getValue(), inner);
      }
    }
  }

  private Scope enter(Place place, Message message, Scope scope) {
    if (message instanceof GraphProto graph) {
      if (scope.nesting() == GraphLimits.MOST_NESTING) {
        findings.add(
            SIZE,
            place,
            "must have at most %d graphs within each other".formatted(GraphLimits.MOST_NESTING));
      }
      return scope.inner(graph);
    }
    if (message instanceof FunctionProto function) {
      return scope.inner(function);
    }
    if (message instanceof TrainingInfoProto) {
      return new Scope(scope.constants(), scope.nesting(), false);
    }
    if (message instanceof NodeProto node && scope.constants() != null) {
      operators.check(place, node, scope.constants(), scope.runs());
    } else if (message instanceof SparseTensorProto tensor) {
      tensors.check(place, tensor);
    } else if (message instanceof TensorShapeProto shape) {
      tensors.check(place, shape);
    }
    return scope;
  }

  private void visit(Place place, TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      outside.add(outsideTensors.check(place, tensor));
    } else {
      tensors.check(place, tensor);
    }
  }
}
