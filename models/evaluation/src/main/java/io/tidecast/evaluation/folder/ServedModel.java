package io.tidecast.evaluation.folder;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.layers.Quantiles;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.Channels;
import io.tidecast.runtime.manifest.ModelManifest.Patches;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as it is served, wherever its weights come from: raw units in and out, a manifest,
 * golden vectors, a folder. Knows nothing of torch.
 */
public final class ServedModel<C extends ArchitectureConfig> {
  static final String CARD = "card.md";

  private static final double GOLDEN_TOLERANCE = 1e-4;

  private static final double MEDIAN = 0.5;

  /** Of the quantiles of drawn paths. */
  private static final List<Double> LEVELS =
      List.of(0.1, 0.2, 0.3, 0.4, MEDIAN, 0.6, 0.7, 0.8, 0.9);

  /** In the place of a checksum: the file can't hold its own. */
  private static final String NO_SHA256 = "0".repeat(64);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Architecture<C> architecture;
  private final C config;
  private final RawUnits<C> rawUnits;
  private final Description description;
  private final List<Port> inputs;
  private final ForecasterSpec spec;

  /**
   * What a manifest says beyond the network.
   *
   * @param step as in the manifest
   * @param channels names, in the order of the context's last axis
   * @param serving how it is served
   * @param precision of the graph
   * @param shiftEquivariant as in the manifest
   * @param licence SPDX identifier
   * @param training free-form
   */
  record Description(
      String id,
      String version,
      String step,
      List<String> channels,
      Serving serving,
      Precision precision,
      @Nullable Boolean shiftEquivariant,
      String licence,
      Map<String, Object> training) {

    /** Describes a network in single precision, of which nothing is known yet. */
    Description(
        String id,
        String version,
        String step,
        List<String> channels,
        Serving serving,
        String licence,
        Map<String, Object> training) {
      this(id, version, step, channels, serving, Precision.FP32, null, licence, training);
    }
  }

  /**
   * @param scaler what the network was trained in the units of; null for raw units
   * @throws ModelException if there are more or fewer names of channels than channels
   * @throws IllegalArgumentException if the network can't be served so
   */
  ServedModel(
      Architecture<C> architecture, C config, @Nullable Scaler scaler, Description description) {
    if (description.channels().size() != config.encIn()) {
      throw new ModelException(
          "channels must be named once each: enc_in="
              + config.encIn()
              + ", names="
              + description.channels());
    }
    this.architecture = architecture;
    this.config = config;
    this.rawUnits = new RawUnits<>(architecture, config, scaler);
    this.description = description;
    description.serving().requireFit(architecture, config);
    this.inputs = description.serving().input().ports(architecture, config);
    this.spec = draft().spec();
  }

  /** The tensors that the graph is given. */
  public List<Port> inputs() {
    return inputs;
  }

  /** The geometry of what a forecaster of this model is given and gives. */
  public ForecasterSpec spec() {
    return spec;
  }

  /** The graph and its manifest, which claims no accuracy yet. */
  ModelBundle emit(Map<String, Tensor> weights) {
    OnnxOps ops =
        switch (description.precision()) {
          case FP32 -> OnnxOps.of(weights);
          case FP16 -> OnnxOps.half(weights);
        };
    Inputs<OnnxOps.Value> given = ops.inputs(inputs);
    output(ops, rawUnits.forward(ops, inputs, given));
    ObjectNode embedded = JSON.valueToTree(draft());
    embedded.remove("sha256");
    embedded.remove("accuracy");
    byte[] onnx =
        ops.toModel(description.id(), Map.of(GraphHeader.MANIFEST_KEY, embedded.toString()));
    return new ModelBundle(
        manifest(ModelBundle.sha256(onnx), List.of()), onnx, GoldenVectors.none());
  }

  /** Points; of paths the quantiles too, the middle one of which is the point. */
  private void output(OnnxOps ops, OnnxOps.Value forecast) {
    if (drawsPaths()) {
      ops.output(point(), pointOf(ops, forecast));
      OnnxOps.Value ofTheTarget = Quantiles.of(ops, forecast, paths(), LEVELS);
      ops.output(quantiles(), ops.reshape(ofTheTarget, quantiles().lengths()));
    }
    ops.output(architecture.output(config), forecast);
  }

  /** Computes what the graph gives as the point, raw units in and out. */
  public <T> T points(Ops<T> ops, Inputs<T> in) {
    T forecast = rawUnits.forward(ops, inputs, in);
    return drawsPaths() ? pointOf(ops, forecast) : forecast;
  }

  private <T> T pointOf(Ops<T> ops, T paths) {
    return Quantiles.of(ops, paths, paths(), List.of(MEDIAN));
  }

  private int paths() {
    return Math.toIntExact(architecture.output(config).shape().get(1));
  }

  private boolean drawsPaths() {
    return architecture.output(config).role() == Role.SAMPLES;
  }

  private Port point() {
    return Port.of(Role.POINT, -1, config.predLen(), architecture.targets(config));
  }

  private Port quantiles() {
    return Port.of(
        Role.QUANTILES, -1, config.predLen(), architecture.targets(config), LEVELS.size());
  }

  private List<Port> outputs() {
    Port forecast = architecture.output(config);
    return drawsPaths() ? List.of(point(), quantiles(), forecast) : List.of(forecast);
  }

  /** The manifest of a graph that is still to be made. */
  ModelManifest draft() {
    return manifest(NO_SHA256, List.of());
  }

  ModelManifest manifest(String sha256, List<Map<String, Object>> accuracy) {
    List<String> names = description.channels();
    return new ModelManifest(
        ModelManifest.VERSION,
        description.id(),
        description.version(),
        architecture.name(),
        JSON.convertValue(config, new TypeReference<LinkedHashMap<String, Object>>() {}),
        config.seqLen(),
        config.predLen(),
        description.serving().rollout(),
        description.step(),
        new Channels(
            architecture.mixesChannels() ? Channels.Mode.JOINT : Channels.Mode.INDEPENDENT,
            names,
            names.subList(names.size() - architecture.targets(config), names.size())),
        List.of(),
        names.subList(0, architecture.futureCovariates(config)),
        architecture.timeFeatures(config).stream().map(CalendarFeature::named).toList(),
        config.patching().map(ServedModel::patches).orElse(null),
        architecture.padsLeft(),
        description.shiftEquivariant(),
        inputs.stream().map(ServedModel::tensor).toList(),
        outputs().stream().map(ServedModel::tensor).toList(),
        drawsPaths() ? LEVELS : List.of(),
        OnnxOps.OPSET,
        description.precision(),
        sha256,
        List.of(),
        description.training(),
        accuracy,
        List.of(),
        description.licence());
  }

  private static Patches patches(ArchitectureConfig.Patching patching) {
    return new Patches(
        patching.length(),
        patching.stride(),
        patching.padsEnd() ? Patches.Padding.END : Patches.Padding.NONE);
  }

  private static TensorSpec tensor(Port port) {
    Role role = port.role();
    return new TensorSpec(
        role.wireName(), TensorRole.valueOf(role.name()), role.layout(), "float32", port.shape());
  }

  /**
   * What a forecaster makes of the given windows, and of the newest cells of the first where
   * shorter contexts are padded.
   *
   * @throws ModelException if that is not finite
   */
  static GoldenVectors golden(Forecaster forecaster, List<Window> given) {
    List<Window> asked = new ArrayList<>(given);
    if (forecaster.spec().leftPadding()) {
      asked.add(young(given.get(0), forecaster.spec()));
    }
    return new GoldenVectors(GOLDEN_TOLERANCE, cases(forecaster, asked));
  }

  /**
   * What a forecaster makes of windows.
   *
   * @throws ModelException if that is not finite
   */
  static List<GoldenVectors.Case> cases(Forecaster forecaster, List<Window> asked) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    List<GoldenVectors.Case> cases = new ArrayList<>();
    for (Window window : asked) {
      windows.clear();
      windows.add(window.padded(forecaster.spec().contextSize()));
      forecaster.forecast(windows, forecasts);
      float[] point = new float[forecaster.spec().pointsSize()];
      forecasts.points(0, point);
      float[] quantiles = new float[forecaster.spec().quantilesSize()];
      forecasts.quantiles(0, quantiles);
      for (int i = 0; i < point.length; i++) {
        if (!Float.isFinite(point[i])) {
          throw new ModelException(
              "the network must give finite forecasts of ordinary series: point["
                  + i
                  + "]="
                  + point[i]);
        }
      }
      cases.add(new GoldenVectors.Case(window, point, quantiles));
    }
    return cases;
  }

  /** Some whole patches and a part of one, most likely; one cell at least. */
  private static Window young(Window window, ForecasterSpec spec) {
    int cells = Math.max(1, spec.contextLength() * 2 / 5);
    float[] context = window.context();
    return new Window(
        window.series(),
        window.originMillis(),
        window.stepMillis(),
        Arrays.copyOfRange(context, context.length - cells * spec.channels(), context.length),
        window.futureCovariates());
  }

  /**
   * Writes a model folder.
   *
   * @param card for people, Markdown
   */
  static void write(Path folder, ModelBundle bundle, String card) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(ModelBundle.ONNX_FILE), bundle.onnx());
    bundle.golden().write(folder.resolve(GoldenVectors.FILE));
    Files.writeString(folder.resolve(CARD), card);
    // Last: a folder without manifest is no model.
    bundle.manifest().write(folder.resolve(ModelManifest.FILE));
  }
}
