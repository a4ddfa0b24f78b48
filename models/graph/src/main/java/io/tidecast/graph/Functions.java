package io.tidecast.graph;

import static io.tidecast.graph.GraphFinding.Kind.BROKEN;
import static io.tidecast.graph.GraphFinding.Kind.SIZE;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions that a file defines. A call is written out as the body of its function, so a few
 * that call each other can stand for a graph without end, or of any size.
 */
final class Functions {

  private record Key(String domain, String name) {}

  private static final class Definition {
    final Place place;
    final List<NodeProto> body = new ArrayList<>();
    double nodes;
    boolean underWay;
    boolean counted;

    Definition(Place place) {
      this.place = place;
    }
  }

  private final Map<Key, Definition> definitions = new HashMap<>();
  private final Set<String> domains = new HashSet<>();
  private final Findings findings;

  /** Collects the functions of a file; what is overloaded counts as one that does all of it. */
  Functions(ModelProto model, Findings findings) {
    this.findings = findings;
    for (int i = 0; i < model.getFunctionsCount(); i++) {
      FunctionProto function = model.getFunctions(i);
      Place place = new Place(null, "functions", i);
      Key key = new Key(domain(function.getDomain()), function.getName());
      definitions
          .computeIfAbsent(key, k -> new Definition(place))
          .body
          .addAll(function.getNodeList());
      domains.add(key.domain());
    }
  }

  /** Returns the domain of the standard operators, which has two spellings, as the empty one. */
  static String domain(String spelling) {
    return spelling.equals("ai.onnx") ? "" : spelling;
  }

  /** Tells whether a node calls a function of the file. */
  boolean defines(NodeProto node) {
    return definitions.containsKey(key(node));
  }

  /** Tells whether the file defines any function of a domain. */
  boolean defines(String domain) {
    return domains.contains(domain);
  }

  private static Key key(NodeProto node) {
    return new Key(domain(node.getDomain()), node.getOpType());
  }

  /**
   * Counts the nodes of a graph with every call written out.
   *
   * @return whether there are so few that one may look at each
   */
  boolean check(GraphProto graph) {
    double nodes = count(graph.getNodeList(), 0);
    for (Definition definition : definitions.values()) {
      nodes = Math.max(nodes, count(definition, 0));
    }
    if (nodes > GraphLimits.MOST_NODES) {
      findings.add(
          SIZE,
          new Place(null, "graph", -1),
          "must have at most %,d nodes once its functions are written out, and has %,.0f"
              .formatted(GraphLimits.MOST_NODES, nodes));
    }
    return nodes <= GraphLimits.MOST_NODES;
  }

  private double count(List<NodeProto> nodes, int depth) {
    double count = 0;
    for (NodeProto node : nodes) {
      count += 1;
      Definition called = definitions.get(key(node));
      if (called != null) {
        count += count(called, depth + 1);
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          count += count(attribute.getG().getNodeList(), depth);
        }
        for (GraphProto graph : attribute.getGraphsList()) {
          count += count(graph.getNodeList(), depth);
        }
      }
    }
    return count;
  }

  private double count(Definition definition, int depth) {
    if (definition.underWay) {
      findings.add(BROKEN, definition.place, "must have no function that calls itself");
    } else if (depth > GraphLimits.MOST_CALLS) {
      findings.add(
          SIZE,
          definition.place,
          "must have at most %d functions that call each other".formatted(GraphLimits.MOST_CALLS));
    } else if (!definition.counted) {
      definition.underWay = true;
      definition.nodes = count(definition.body, depth);
      definition.underWay = false;
      definition.counted = true;
    }
    return definition.nodes;
  }
}
