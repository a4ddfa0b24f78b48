package io.tidecast.cli.model;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.GraphFile;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.FixedBatchException;
import io.tidecast.runtime.onnx.OnnxDescription;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifest of a graph, as far as the graph tells it, wherever it comes from. What only a person
 * knows is marked with {@link ModelManifest#TO_FILL}.
 *
 * @param json the draft
 * @param roles of the graph's inputs and outputs, where one could be guessed
 */
record ManifestDraft(ObjectNode json, GraphRoles roles) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** It is the same to the graph what stands at these keys once they are filled. */
  private static final Map<String, String> STAND_INS = Map.of("id", "x", "step", "any");

  /** What a model is called whose network nobody has named. */
  private static final String FOREIGN = "foreign";

  private static final String NO_LICENCE_SAID = "NOASSERTION";

  private static final double MEDIAN = 0.5;

  /** A draft of which nobody can say whether the graph can be served, before more is known. */
  static final class OpenDraftException extends ModelException {
    private static final long serialVersionUID = 1L;

    OpenDraftException(List<String> open) {
      super("it is decided once these are filled in: " + String.join(", ", open));
    }
  }

  /** Drafts the manifest of a graph; one that Tidecast made carries its own. */
  static ManifestDraft of(
      String fileName, GraphFile file, GraphHeader header, OnnxDescription graph) {
    GraphRoles roles = GraphRoles.of(graph);
    ObjectNode json =
        header
            .manifest()
            .flatMap(ManifestDraft::parsed)
            .orElseGet(() -> drafted(fileName, header.opset(), graph, roles));
    json.put("sha256", file.sha256());
    json.remove("weights");
    if (!file.weights().isEmpty()) {
      json.set("weights", JSON.valueToTree(file.weights()));
    }
    return new ManifestDraft(json, roles);
  }

  /** Says what role the draft gives a tensor; empty where that is to be filled in. */
  Optional<String> role(String side, String name) {
    for (JsonNode tensor : json.path(side)) {
      String role = tensor.path("role").asText();
      if (tensor.path("name").asText().equals(name) && !role.startsWith(ModelManifest.TO_FILL)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
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
      String fileName, long opset, OnnxDescription graph, GraphRoles roles) {
    ObjectNode json = JSON.createObjectNode();
    json.put("manifestVersion", ModelManifest.VERSION);
    String name = fileName.replaceFirst("\\.onnx$", "");
    json.put(
        "id", name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") ? name : fill("a name for the model"));
    json.put("version", "1");
    json.put("architecture", FOREIGN);
    putLength(json, "contextLength", roles.contextLength(), "steps of the past that it is given");
    putLength(json, "predictionLength", roles.predictionLength(), "steps ahead that it forecasts");
    draftRollout(json, roles);
    json.put("step", fill("time between two observations, such as PT30M, or any"));
    json.set("channels", channels(roles));
    draftCovariates(json, roles);
    draftTimeFeatures(json, roles);
    draftPatches(json, roles);
    ArrayNode inputs = json.putArray("inputs");
    graph.inputs().forEach(port -> inputs.add(tensor(port, roles, true)));
    ArrayNode outputs = json.putArray("outputs");
    graph.outputs().forEach(port -> outputs.add(tensor(port, roles, false)));
    if (roles.separateCovariates()) {
      nameColumns(json, roles, graph);
    }
    draftLevels(json, roles);
    json.put("opset", opset);
    json.put("sha256", "");
    json.put("licence", NO_LICENCE_SAID);
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

  private static ObjectNode channels(GraphRoles roles) {
    long count = roles.channels();
    long targets = roles.targets() > 0 ? roles.targets() : count;
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
      if (targets == count || roles.beginsWithTargets() && i <= targets) {
        targetNames.add("channel_" + i);
      }
    }
    if (count > 0 && targetNames.isEmpty()) {
      // Some tools put them first, others last.
      targetNames.add(
          fill(
              "the names of the %d that %s forecast, such as channel_%d"
                  .formatted(targets, targets == 1 ? "is" : "are", count)));
    }
    return channels;
  }

  /**
   * Names covariates that come by inputs of their own, beside a context of the targets alone; else
   * asks which of the channels they are.
   */
  private static void draftCovariates(ObjectNode json, GraphRoles roles) {
    if (!roles.separateCovariates()) {
      draftFutureCovariates(json, roles);
      return;
    }
    // What is beside a target is given to forecast it.
    json.withObject("/channels").put("mode", "joint");
    ArrayNode names = (ArrayNode) json.at("/channels/names");
    ArrayNode past = json.putArray("pastCovariates");
    ArrayNode known = json.putArray("futureCovariates");
    for (long i = 1; i <= roles.pastCovariates(); i++) {
      names.add("past_" + i);
      past.add("past_" + i);
    }
    for (long i = 1; i <= roles.width(TensorRole.FUTURE_COVARIATES).orElse(0); i++) {
      names.add("known_" + i);
      known.add("known_" + i);
    }
  }

  private static void nameColumns(ObjectNode json, GraphRoles roles, OnnxDescription graph) {
    for (Port port : graph.inputs()) {
      JsonNode tensor = null;
      for (JsonNode input : json.path("inputs")) {
        tensor = input.path("name").asText().equals(port.name()) ? input : tensor;
      }
      TensorRole role = roles.role(port).orElse(null);
      if (!(tensor instanceof ObjectNode its)) {
        continue;
      }
      if (role == TensorRole.CONTEXT
          || role == TensorRole.OBSERVED_MASK
          || role == TensorRole.DECODER_INPUT) {
        its.set("columns", json.at("/channels/targets").deepCopy());
      } else if (role == TensorRole.PAST_COVARIATES && RoleNames.isKnownAhead(port.name())) {
        its.set("columns", json.path("futureCovariates").deepCopy());
      }
    }
  }

  /**
   * Takes the channels beside the targets for those that are known ahead, where there are as many.
   */
  private static void draftFutureCovariates(ObjectNode json, GraphRoles roles) {
    OptionalLong width = roles.width(TensorRole.FUTURE_COVARIATES);
    if (width.isPresent()) {
      List<String> others = othersThanTargets(json);
      boolean knowsTargets = others.size() + roles.targets() == roles.channels();
      if (knowsTargets && others.size() == width.getAsLong()) {
        others.forEach(json.putArray("futureCovariates")::add);
      } else {
        json.put(
            "futureCovariates", fill("a list of the channels that are known ahead, no targets"));
      }
    }
  }

  private static List<String> othersThanTargets(ObjectNode json) {
    List<String> others = texts(json.at("/channels/names"));
    others.removeAll(texts(json.at("/channels/targets")));
    return others;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /** A model of one step is applied again as far as somebody says. */
  private static void draftRollout(ObjectNode json, GraphRoles roles) {
    boolean canBe =
        !roles.has(TensorRole.FUTURE_COVARIATES)
            && !roles.has(TensorRole.QUANTILES)
            && roles.channels() == roles.targets();
    if (roles.predictionLength() == 1 && canBe) {
      json.put(
          "rollout",
          fill(
              "steps ahead that it is to reach by its own forecasts, such as 24; delete the line for one"));
    }
  }

  private static void draftLevels(ObjectNode json, GraphRoles roles) {
    OptionalLong count = roles.levels();
    if (count.isEmpty()) {
      return;
    }
    List<Double> named = roles.namedLevels();
    if (!named.isEmpty()) {
      named.forEach(json.putArray("quantileLevels")::add);
      return;
    }
    String median =
        roles.has(TensorRole.POINT) ? "" : ", with 0.5 among them, which is the point forecast";
    json.put(
        "quantileLevels",
        fill(
            "a list%s such as [0.1, 0.5, 0.9], in the output's order%s"
                .formatted(count.getAsLong() < 1 ? "" : " of " + count.getAsLong(), median)));
  }

  private static void draftTimeFeatures(ObjectNode json, GraphRoles roles) {
    OptionalLong width =
        roles.width(TensorRole.CONTEXT_TIME_FEATURES, TensorRole.FUTURE_TIME_FEATURES);
    if (width.isEmpty()) {
      return;
    }
    if (!roles.hasUnnamedFeatures()) {
      ArrayNode features = json.putArray("timeFeatures");
      roles.calendar().forEach(feature -> features.add(feature.key()));
      return;
    }
    String count = width.getAsLong() < 0 ? "" : " of " + width.getAsLong();
    json.put(
        "timeFeatures",
        fill(
            "a list"
                + count
                + ", in the order of the input, of "
                + Arrays.toString(CalendarFeature.values())));
  }

  private static void draftPatches(ObjectNode json, GraphRoles roles) {
    OptionalLong length = roles.patchLength();
    if (length.isPresent()) {
      ObjectNode patches = json.putObject("patches");
      putLength(patches, "length", length.getAsLong(), "cells of a patch");
      patches.put("stride", fill("cells from one patch to the next"));
      patches.put(
          "padding", fill("end, the newest cell repeated; left, before the oldest; or none"));
    }
  }

  private static ObjectNode tensor(Port port, GraphRoles roles, boolean input) {
    ObjectNode tensor = JSON.createObjectNode();
    tensor.put("name", port.name());
    tensor.put("role", fill("one of " + rolesOf(input)));
    roles.describe(port, tensor);
    return tensor;
  }

  private static String rolesOf(boolean input) {
    return Stream.of(TensorRole.values())
        .filter(role -> role.isInput() == input)
        .map(TensorRole::key)
        .collect(Collectors.joining(", "));
  }

  /**
   * Puts as many of each as the graph asks for, as far as there are so many; one where the graph
   * leaves that open.
   */
  private void putStandIns(ObjectNode complete) {
    List<String> toFill = ModelManifest.toFill(complete);
    if (toFill.contains("channels.targets[0]") && roles.targets() > 0) {
      List<String> names = texts(complete.at("/channels/names"));
      ArrayNode targets = complete.withObject("/channels").putArray("targets");
      names.stream().skip(names.size() - roles.targets()).forEach(targets::add);
    }
    if (toFill.contains("quantileLevels")) {
      long count = Math.max(1, roles.levels().orElse(1));
      ArrayNode levels = complete.putArray("quantileLevels");
      // With the median in the middle, or just above it.
      for (long i = 1; i <= count; i++) {
        levels.add(
            i == count / 2 + 1 ? MEDIAN : (double) i / (count + 1) - (i > count / 2 ? 0 : 1e-6));
      }
    }
    if (toFill.contains("rollout")) {
      complete.put("rollout", complete.path("predictionLength").asInt() + 1);
    }
    if (toFill.contains("timeFeatures")) {
      long count = count(TensorRole.CONTEXT_TIME_FEATURES, TensorRole.FUTURE_TIME_FEATURES);
      ArrayNode features = complete.putArray("timeFeatures");
      Stream.of(CalendarFeature.values())
          .limit(count)
          .forEach(feature -> features.add(feature.key()));
    }
    if (toFill.contains("patches.stride") && roles.patchLength().orElse(-1) > 0) {
      putPatches(complete, roles.patchLength().getAsLong());
    }
    List<String> others = othersThanTargets(complete);
    long count = count(TensorRole.FUTURE_COVARIATES);
    if (toFill.contains("futureCovariates") && count <= others.size()) {
      ArrayNode covariates = complete.putArray("futureCovariates");
      others.stream().limit(count).forEach(covariates::add);
    }
  }

  /**
   * Lays patches beside each other over a context that they fill; one patch where the graph leaves
   * their number open.
   */
  private void putPatches(ObjectNode complete, long length) {
    complete.put("contextLength", length * Math.max(1, roles.patchCount()));
    complete.withObject("/patches").put("stride", length).put("padding", "none");
  }

  private long count(TensorRole... ofRoles) {
    return Math.max(1, roles.width(ofRoles).orElse(1));
  }

  /** What came of a trial: why the graph can't be served, empty if it can; and what to know. */
  record Verdict(Optional<String> refusal, List<String> remarks) {}

  /**
   * Loads the graph as it will be loaded once the draft is complete, and runs it. What the trial
   * finds out is put into the draft: how many windows the graph takes where its file leaves that
   * open, and whether channels know of each other.
   *
   * @throws ModelException if that depends on what is still to be filled in
   */
  Verdict tried(CheckedGraph graph) {
    List<String> remarks = new ArrayList<>();
    if (roles.predictionLength() > 1 && roles.predictionLength() == roles.contextLength()) {
      remarks.add(
          "Its output is as long as its context. If it repeats the context and forecasts the newest values alone, as TCNModel of Darts does, make their number the predictionLength.");
    }
    Set<Long> sizes = batches();
    if (sizes.size() == 2 && sizes.contains(-1L)) {
      sizes.remove(-1L);
      remarks.add(setBatch(sizes.iterator().next()));
    }
    try {
      try {
        trial(graph);
      } catch (FixedBatchException e) {
        remarks.add(setBatch(e.windows()));
        trial(graph);
      }
      return new Verdict(Optional.empty(), remarks);
    } catch (OpenDraftException e) {
      throw e;
    } catch (ModelException e) {
      return new Verdict(Optional.of(requireNonNullElse(e.getMessage(), e.toString())), remarks);
    }
  }

  /** Sizes of the batch in all shapes, -1 among them where one leaves it open. */
  private Set<Long> batches() {
    Set<Long> sizes = new HashSet<>();
    eachBatch((shape, axis) -> sizes.add(shape.get(axis).asLong()));
    return sizes;
  }

  /** Writes the size of the batch into every shape that leaves it open; says so. */
  private String setBatch(long windows) {
    eachBatch(
        (shape, axis) -> {
          if (shape.get(axis).asLong() == -1) {
            shape.set(axis, windows);
          }
        });
    return "Its batch axis is open, but it only takes batches of %d: the exporter has written the size of the example into it. The draft says so, and it is run so."
        .formatted(windows);
  }

  private void eachBatch(ObjIntConsumer<ArrayNode> action) {
    for (String side : List.of("inputs", "outputs")) {
      for (JsonNode tensor : json.path(side)) {
        List<String> layout = Arrays.asList(tensor.path("layout").asText().split(","));
        int axis = layout.indexOf("batch");
        String role = tensor.path("role").asText();
        if (axis >= 0
            && !role.equals(TensorRole.CONSTANT.key())
            && !role.equals(TensorRole.IGNORED.key())
            && tensor.path("shape") instanceof ArrayNode shape) {
          action.accept(shape, axis);
        }
      }
    }
  }

  private void trial(CheckedGraph graph) {
    ObjectNode complete = json.deepCopy();
    STAND_INS.forEach(
        (key, value) -> {
          if (complete.path(key).asText().startsWith(ModelManifest.TO_FILL)) {
            complete.put(key, value);
          }
        });
    putStandIns(complete);
    boolean modeIsOpen = complete.at("/channels/mode").asText().startsWith(ModelManifest.TO_FILL);
    if (modeIsOpen) {
      complete.withObject("/channels").put("mode", "joint");
    }
    List<String> open = ModelManifest.toFill(complete);
    if (!open.isEmpty()) {
      throw new OpenDraftException(open);
    }
    ModelManifest manifest = ModelManifest.parse(complete.toString());
    ModelBundle bundle = new ModelBundle(manifest, graph, GoldenVectors.none());
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      if (modeIsOpen) {
        json.withObject("/channels")
            .put("mode", ChannelTrial.mixes(forecaster) ? "joint" : "independent");
      }
    }
  }
}
