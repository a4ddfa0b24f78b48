package io.tidecast.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.OnnxOps;
import io.tidecast.architectures.Ops;
import io.tidecast.runtime.ForecastBatch;
import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.GoldenVectors;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelException;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.OnnxForecaster;
import io.tidecast.runtime.OnnxOptions;
import io.tidecast.runtime.TensorRole;
import io.tidecast.runtime.WindowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a trained network into a model folder: the graph in raw units, its manifest, golden
 * vectors, and the card. Before anything is written the graph must agree with torch.
 */
public final class ModelExport<C extends ArchitectureConfig> {
  /** Greatest difference of torch and ONNX, in standard deviations of the training rows. */
  private static final double AGREEMENT = 1e-4;

  private static final double GOLDEN_TOLERANCE = 1e-4;
  private static final int GOLDEN_CASES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Trained<C> trained;
  private final TrainingData data;
  private final Provenance provenance;

  /** Of one network trained on the data. */
  public ModelExport(Trained<C> trained, TrainingData data, Provenance provenance) {
    this.trained = trained;
    this.data = data;
    this.provenance = provenance;
  }

  /**
   * Where a model comes from, for its manifest and card.
   *
   * @param id of the model
   * @param version of the model
   * @param dataName file name of the data
   * @param source of the data, in words
   * @param command that trains it again
   * @param licence SPDX identifier of the model
   * @param settings it was trained with
   */
  public record Provenance(
      String id,
      String version,
      String dataName,
      String source,
      String command,
      String licence,
      TrainingSettings settings) {}

  /**
   * Writes the folder and gives back what was measured.
   *
   * @throws ModelException if torch and ONNX disagree
   * @throws IOException if the folder can't be written
   */
  public ModelReport write(Path folder) throws IOException {
    byte[] onnx = emit();
    ModelManifest draft = manifest(ModelBundle.sha256(onnx), List.of());
    ModelReport report;
    GoldenVectors golden;
    ModelBundle bundle = new ModelBundle(draft, onnx, GoldenVectors.none());
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      golden = golden(forecaster);
      checkAgainstTorch(golden);
      report = ModelReport.measure(forecaster, data);
    }
    ModelManifest manifest = manifest(draft.sha256(), List.of(report.toMap(provenance.dataName())));
    Files.createDirectories(folder);
    Files.write(folder.resolve(ModelBundle.ONNX_FILE), onnx);
    golden.write(folder.resolve(GoldenVectors.FILE));
    Files.writeString(
        folder.resolve("card.md"),
        new ModelCard(manifest, trained, provenance, report).toMarkdown());
    // Last: a folder without manifest is no model.
    manifest.write(folder.resolve(ModelManifest.FILE));
    return report;
  }

  /** The network between a scaling and its inverse, so that the graph speaks raw units. */
  private byte[] emit() {
    C config = trained.config();
    OnnxOps ops = OnnxOps.of(trained.weights());
    OnnxOps.Value context = ops.input("context", -1, config.seqLen(), config.encIn());
    ops.output("point", rawUnits(ops, context), -1, config.predLen(), config.encIn());
    ObjectNode embedded =
        JSON.valueToTree(manifest("0".repeat(64), List.of())); // The file can't hold its own sum.
    embedded.remove("sha256");
    embedded.remove("accuracy");
    return ops.toModel(provenance.id(), Map.of("tidecast.manifest", embedded.toString()));
  }

  private <T> T rawUnits(Ops<T> ops, T context) {
    T mean = ops.constant(floats(trained.scaler().mean()), trained.config().encIn());
    T deviation = ops.constant(floats(trained.scaler().deviation()), trained.config().encIn());
    T scaled = ops.div(ops.sub(context, mean), deviation);
    T point = trained.architecture().forward(ops, trained.config(), new Inputs<>(scaled));
    return ops.add(ops.mul(point, deviation), mean);
  }

  private ModelManifest manifest(String sha256, List<Map<String, Object>> accuracy) {
    C config = trained.config();
    long channels = config.encIn();
    List<String> names = data.series().channels();
    return new ModelManifest(
        ModelManifest.VERSION,
        provenance.id(),
        provenance.version(),
        trained.architecture().name(),
        JSON.convertValue(config, new TypeReference<LinkedHashMap<String, Object>>() {}),
        config.seqLen(),
        config.predLen(),
        data.series().step().toString(),
        new ModelManifest.Channels(ModelManifest.Channels.Mode.INDEPENDENT, names, names),
        List.of(),
        List.of(),
        List.of(),
        config.patching().map(ModelExport::patches).orElse(null),
        List.of(
            new ModelManifest.TensorSpec(
                "context",
                TensorRole.CONTEXT,
                "batch,time,channel",
                "float32",
                List.of(-1L, (long) config.seqLen(), channels))),
        List.of(
            new ModelManifest.TensorSpec(
                "point",
                TensorRole.POINT,
                "batch,horizon,channel",
                "float32",
                List.of(-1L, (long) config.predLen(), channels))),
        List.of(),
        OnnxOps.OPSET,
        sha256,
        training(),
        accuracy,
        provenance.licence());
  }

  private static ModelManifest.Patches patches(ArchitectureConfig.Patching patching) {
    return new ModelManifest.Patches(
        patching.length(),
        patching.stride(),
        patching.padsEnd()
            ? ModelManifest.Patches.Padding.END
            : ModelManifest.Patches.Padding.NONE);
  }

  private Map<String, Object> training() {
    Split split = data.split();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("train", split.train());
    rows.put("validation", split.validation());
    rows.put("test", split.test());
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("data", provenance.dataName());
    training.put("source", provenance.source());
    training.put("rows", rows);
    training.put("scalerMean", boxed(data.scaler().mean()));
    training.put("scalerDeviation", boxed(data.scaler().deviation()));
    training.put("seed", provenance.settings().seed());
    training.put("epochs", trained.epochs());
    training.put("bestEpoch", trained.bestEpoch());
    training.put("parameters", trained.parameters());
    training.put("command", provenance.command());
    return training;
  }

  /** The first, a middle and the last window of the validation rows, and what the graph gives. */
  private GoldenVectors golden(Forecaster forecaster) {
    C config = trained.config();
    int first = data.split().firstWindow(Split.Part.VALIDATION, config.seqLen());
    int count = data.split().windows(Split.Part.VALIDATION, config.seqLen(), config.predLen());
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    List<GoldenVectors.Case> cases = new ArrayList<>();
    for (int i = 0; i < GOLDEN_CASES; i++) {
      float[] context = new float[forecaster.spec().contextSize()];
      data.series().copy(first + (count - 1) * i / (GOLDEN_CASES - 1), context);
      windows.clear();
      windows.add(context);
      forecaster.forecast(windows, forecasts);
      float[] point = new float[forecaster.spec().pointsSize()];
      forecasts.points(0, point);
      cases.add(new GoldenVectors.Case(context, point));
    }
    return new GoldenVectors(GOLDEN_TOLERANCE, cases);
  }

  private void checkAgainstTorch(GoldenVectors golden) {
    C config = trained.config();
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 0);
      TorchOps ops = TorchOps.inference(manager, weights);
      Shape shape = new Shape(1, config.seqLen(), config.encIn());
      // The first pass asks for every parameter; then the trained ones take their places.
      rawUnits(ops, manager.zeros(shape));
      weights.restore(trained.weights());
      for (GoldenVectors.Case known : golden.cases()) {
        NDArray point = rawUnits(ops, manager.create(known.context(), shape));
        float[] torch = TorchWeights.tensor(point).floats();
        for (int i = 0; i < torch.length; i++) {
          double deviation = data.scaler().deviation()[i % config.encIn()];
          double difference = Math.abs((double) torch[i] - known.point()[i]) / deviation;
          // Negated, so that NaN fails.
          if (!(difference <= AGREEMENT)) {
            throw new ModelException(
                "torch and the exported ONNX disagree: point["
                    + i
                    + "]: torch "
                    + torch[i]
                    + ", ONNX "
                    + known.point()[i]);
          }
        }
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static List<Double> boxed(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
