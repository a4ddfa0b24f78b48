package io.tidecast.runtime.onnx.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads from a profile of ONNX Runtime which provider runs how many nodes of a graph. */
public final class NodeCount {

  private NodeCount() {}

  /**
   * Counts the nodes of a profile by provider, each once however often it ran.
   *
   * @param profile JSON in the format of Chrome's traces, as a session writes it when its profile
   *     is ended
   * @throws IOException if it can't be read
   */
  public static Map<String, Integer> of(Path profile) throws IOException {
    Map<String, Set<String>> names = new HashMap<>();
    for (JsonNode event : new ObjectMapper().readTree(profile.toFile())) {
      String provider = event.path("args").path("provider").asText();
      if (event.path("cat").asText().equals("Node") && !provider.isEmpty()) {
        names.computeIfAbsent(provider, any -> new HashSet<>()).add(event.path("name").asText());
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    names.forEach((provider, nodes) -> counts.put(provider, nodes.size()));
    return counts;
  }
}
