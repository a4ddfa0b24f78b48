package io.tidecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.OnnxHeader;
import io.tidecast.runtime.GoldenVectors;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelException;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.OnnxDescription;
import io.tidecast.runtime.OnnxDescription.Port;
import io.tidecast.runtime.OnnxForecaster;
import io.tidecast.runtime.OnnxOptions;
import io.tidecast.runtime.TensorRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The manifest of a graph from anywhere, as far as the graph tells it. What only a person knows is
 * marked with {@link ModelManifest#TO_FILL}.
 *
 * @param json the draft
 * @param roles of the graph's inputs and outputs by name, where one could be guessed
 */
record ManifestDraft(ObjectNode json, Map<String, TensorRole> roles) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whatever stands at these keys once they are filled, it is the same to the graph. */
  private static final Map<String, String> STAND_INS =
      Map.of("id", "x", "version", "1", "architecture", "x", "step", "any", "licence", "x");

  /** A draft of a graph of ours is the manifest that it carries. */
  static ManifestDraft of(String fileName, byte[] onnx, OnnxHeader header, OnnxDescription graph) {
    Map<String, TensorRole> roles = new LinkedHashMap<>();
    roles.putAll(roles(graph.inputs(), true));
    roles.putAll(roles(graph.outputs(), false));
    ObjectNode json =
        header
            .manifest()
            .flatMap(ManifestDraft::parsed)
            .orElseGet(() -> drafted(fileName, header.opset(), graph, roles));
    json.put("sha256", ModelBundle.sha256(onnx));
    return new ManifestDraft(json, roles);
  }

  private static Optional<ObjectNode> parsed(String embedded) {
    try {
      return JSON.readTree(embedded) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode drafted(
      String fileName, long opset, OnnxDescription graph, Map<String, TensorRole> roles) {
    Optional<Port> context = find(graph.inputs(), roles, TensorRole.CONTEXT);
    Optional<Port> point = find(graph.outputs(), roles, TensorRole.POINT);
    boolean timeLast = context.isPresent() && point.isPresent() && isTimeLast(context, point);
    int time = timeLast ? 2 : 1;
    int channel = timeLast ? 1 : 2;
    ObjectNode json = JSON.createObjectNode();
    json.put("manifestVersion", ModelManifest.VERSION);
    String name = fileName.replaceFirst("\\.onnx$", "");
    json.put(
        "id", name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") ? name : fill("a name for the model"));
    json.put("version", "1");
    json.put("architecture", fill("what it is, for instance dlinear"));
    putLength(json, "contextLength", size(context, time), "steps of the past that it is given");
    putLength(json, "predictionLength", size(point, time), "steps ahead that it forecasts");
    json.put("step", fill("time between two observations, such as PT30M, or any"));
    long channels = Math.max(size(context, channel), size(point, channel));
    long targets = size(point, channel) > 0 ? size(point, channel) : channels;
    json.set("channels", channels(channels, Math.min(targets, channels)));
    ArrayNode inputs = json.putArray("inputs");
    graph.inputs().forEach(port -> inputs.add(tensor(port, roles, timeLast)));
    ArrayNode outputs = json.putArray("outputs");
    graph.outputs().forEach(port -> outputs.add(tensor(port, roles, timeLast)));
    if (roles.containsValue(TensorRole.QUANTILES)) {
      json.put("quantileLevels", fill("a list such as [0.1, 0.5, 0.9], in the output's order"));
    }
    json.put("opset", opset);
    json.put("sha256", "");
    json.put("licence", fill("SPDX identifier, such as Apache-2.0"));
    return json;
  }

  private static String fill(String what) {
    return ModelManifest.TO_FILL + ": " + what;
  }

  private static void putLength(ObjectNode json, String key, long length, String what) {
    if (length > 0) {
      json.put(key, length);
    } else {
      json.put(key, fill(what));
    }
  }

  private static ObjectNode channels(long count, long targets) {
    ObjectNode channels = JSON.createObjectNode();
    channels.put(
        "mode",
        count == 1
            ? "independent"
            : fill("independent if each channel is forecast from its own past alone, else joint"));
    ArrayNode names = channels.putArray("names");
    ArrayNode targetNames = channels.putArray("targets");
    if (count < 1) {
      names.add(fill("a name for each channel"));
      targetNames.add(fill("the names of those that are forecast"));
    }
    for (long i = 1; i <= count; i++) {
      names.add("channel_" + i);
      if (i > count - targets) {
        targetNames.add("channel_" + i);
      }
    }
    return channels;
  }

  private static ObjectNode tensor(Port port, Map<String, TensorRole> roles, boolean timeLast) {
    TensorRole role = roles.get(port.name());
    ObjectNode tensor = JSON.createObjectNode();
    tensor.put("name", port.name());
    tensor.put(
        "role",
        role == null ? fill("what it is for; the manifest's schema lists the roles") : role.key());
    int axes = port.shape().size();
    String layout = role == null ? "" : layout(role, timeLast);
    // What has other axes than its role asks for is written as it is, to be refused by them.
    tensor.put("layout", layout.split(",", -1).length == axes ? layout : unknownAxes(axes));
    tensor.put("type", port.type());
    port.shape().forEach(tensor.putArray("shape")::add);
    return tensor;
  }

  private static String unknownAxes(int count) {
    return IntStream.range(0, count)
        .mapToObj(axis -> axis == 0 ? "batch" : "axis_" + axis)
        .collect(Collectors.joining(","));
  }

  private static String layout(TensorRole role, boolean timeLast) {
    return switch (role) {
      case CONTEXT, PAST_COVARIATES, DECODER_INPUT ->
          timeLast ? "batch,channel,time" : "batch,time,channel";
      case POINT -> timeLast ? "batch,channel,horizon" : "batch,horizon,channel";
      case CONTEXT_TIME_FEATURES -> "batch,time,feature";
      case FUTURE_TIME_FEATURES -> "batch,horizon,feature";
      case FUTURE_COVARIATES -> "batch,horizon,channel";
      case QUANTILES -> "batch,horizon,level";
      case SAMPLES -> "batch,sample,horizon";
      case PATCHES, NOISE -> "";
    };
  }

  /** Only then does the axis that stays the same come before the one that changes. */
  private static boolean isTimeLast(Optional<Port> context, Optional<Port> point) {
    return size(context, 1) > 0
        && size(context, 1) == size(point, 1)
        && size(context, 2) != size(point, 2);
  }

  private static long size(Optional<Port> port, int axis) {
    return port.map(Port::shape).filter(s -> axis < s.size()).map(s -> s.get(axis)).orElse(-1L);
  }

  private static Optional<Port> find(
      List<Port> ports, Map<String, TensorRole> roles, TensorRole role) {
    return ports.stream().filter(port -> roles.get(port.name()) == role).findFirst();
  }

  /** By name where names tell; what then is left alone is the series itself. */
  private static Map<String, TensorRole> roles(List<Port> ports, boolean inputs) {
    Map<String, TensorRole> roles = new LinkedHashMap<>();
    List<Port> others = new ArrayList<>();
    for (Port port : ports) {
      Optional<TensorRole> role = byName(port.name().toLowerCase(Locale.ROOT), inputs);
      role.ifPresentOrElse(r -> roles.put(port.name(), r), () -> others.add(port));
    }
    TensorRole main = inputs ? TensorRole.CONTEXT : TensorRole.POINT;
    if (others.size() == 1 && !roles.containsValue(main)) {
      roles.put(others.get(0).name(), main);
    }
    return roles;
  }

  private static Optional<TensorRole> byName(String name, boolean input) {
    for (TensorRole role : TensorRole.values()) {
      if (role.isInput() == input && role.key().equals(name)) {
        return Optional.of(role);
      }
    }
    if (!input) {
      return name.contains("quantile")
          ? Optional.of(TensorRole.QUANTILES)
          : name.contains("sample") ? Optional.of(TensorRole.SAMPLES) : Optional.empty();
    }
    if (name.contains("mark")) {
      return Optional.of(
          name.contains("dec")
              ? TensorRole.FUTURE_TIME_FEATURES
              : TensorRole.CONTEXT_TIME_FEATURES);
    }
    if (name.contains("x_dec")) {
      return Optional.of(TensorRole.DECODER_INPUT);
    }
    if (name.contains("futr")) {
      return Optional.of(TensorRole.FUTURE_COVARIATES);
    }
    if (name.contains("hist")) {
      return Optional.of(TensorRole.PAST_COVARIATES);
    }
    return name.contains("noise") ? Optional.of(TensorRole.NOISE) : Optional.empty();
  }

  /** As many as the graph gives. */
  private void putLevels(ObjectNode complete) {
    for (JsonNode output : complete.get("outputs")) {
      if (output.path("role").asText().equals(TensorRole.QUANTILES.key())) {
        int count = output.path("shape").path(2).asInt();
        ArrayNode levels = complete.putArray("quantileLevels");
        for (int i = 1; i <= count; i++) {
          levels.add((double) i / (count + 1));
        }
      }
    }
  }

  /**
   * Loads the graph as it will be loaded once the draft is complete.
   *
   * @return why Tidecast can't serve it; empty if it can
   * @throws ModelException if that depends on what is still to be filled in
   */
  Optional<String> refusal(byte[] onnx) {
    ObjectNode complete = json.deepCopy();
    STAND_INS.forEach(
        (key, value) -> {
          if (complete.path(key).asText().startsWith(ModelManifest.TO_FILL)) {
            complete.put(key, value);
          }
        });
    if (ModelManifest.toFill(complete).contains("quantileLevels")) {
      putLevels(complete);
    }
    ObjectNode channels = complete.withObject("/channels");
    if (channels.path("mode").asText().startsWith(ModelManifest.TO_FILL)) {
      channels.put("mode", "joint");
    }
    ModelManifest manifest = ModelManifest.parse(complete.toString());
    ModelBundle bundle = new ModelBundle(manifest, onnx, GoldenVectors.none());
    try {
      OnnxForecaster.open(bundle, OnnxOptions.defaults()).close();
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(e.getMessage());
    }
  }
}
