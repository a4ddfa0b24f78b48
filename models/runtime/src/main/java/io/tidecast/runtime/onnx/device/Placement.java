package io.tidecast.runtime.onnx.device;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a model runs that is open.
 *
 * @param asked for
 * @param used which is the processor where the other can't be and need not
 * @param nodes of the graph by the provider that runs them, as ONNX Runtime names it; empty where
 *     they were not counted
 */
public record Placement(Device asked, Device used, Map<String, Integer> nodes)
    implements Serializable {

  /** What needs no GPU and asks for none. */
  public static final Placement PROCESSOR =
      new Placement(Device.PROCESSOR, Device.PROCESSOR, Map.of());

  private static final String PROCESSOR_PROVIDER = "CPUExecutionProvider";

  public Placement {
    nodes = Map.copyOf(nodes);
  }

  /** Tells whether the model runs on another device than was asked for. */
  public boolean fellBack() {
    return !asked.equals(used);
  }

  /** So many nodes of a graph on a GPU run on the processor, as far as they were counted. */
  public int nodesOnProcessor() {
    return used.isGpu() ? nodes.getOrDefault(PROCESSOR_PROVIDER, 0) : 0;
  }

  /** Says where the model runs, as the end of a sentence. */
  public String sentence() {
    if (!used.isGpu()) {
      return fellBack()
          ? "the model runs on the processor, for %s can't be used".formatted(asked)
          : "the model runs on the processor";
    }
    return nodes.isEmpty()
        ? "the model runs on %s".formatted(used)
        : "the model runs on %s (nodes: %s)"
            .formatted(
                used,
                new TreeMap<>(nodes)
                    .entrySet().stream()
                        .map(entry -> entry.getValue() + " " + shortName(entry.getKey()))
                        .collect(Collectors.joining(", ")));
  }

  private static String shortName(String provider) {
    return provider.replace("ExecutionProvider", "");
  }
}
