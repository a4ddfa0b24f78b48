package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Architectures;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs in half precision beside those in single precision, on the processor, whose kernels round
 * at other places than those of a GPU.
 */
@Tag("parity")
class HalfParityTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  /**
   * The greatest difference as a share of the spread of the forecast: some two to three times what
   * was measured.
   */
  private static final Map<String, Double> BOUNDS =
      Map.of(
          "linear", 0.003,
          "patchtst", 0.003,
          "autoformer", 0.003,
          "timexer", 0.008,
          "informer", 0.012,
          "sundial", 0.012);

  /** What statistics, sums over steps and choices are made of. */
  private static final Set<String> IN_SINGLE =
      Set.of(
          "GlobalAveragePool",
          "CumSum",
          "Sqrt",
          "Div",
          "TopK",
          "OneHot",
          "IsNaN",
          "Where",
          "Softmax");

  /** A network with weights and what it is given. */
  record Subject(
      String name,
      Architecture<?> architecture,
      ObjectNode hyperparameters,
      Map<String, Tensor> weights,
      Map<Role, Tensor> inputs) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Subject> CASES =
      ParityCase.all().stream()
          .map(
              parity ->
                  new Subject(
                      parity.name(),
                      parity.architecture(),
                      parity.hyperparameters(),
                      parity.weights(),
                      parity.inputs()))
          .toList();

  static List<Subject> parityCases() {
    return CASES;
  }

  /** One of each architecture. */
  static Stream<Subject> architectures() {
    Set<String> seen = new HashSet<>();
    return CASES.stream().filter(subject -> seen.add(subject.architecture().name()));
  }

  /** Official sizes, with weights as training begins with: wide sums of small products. */
  static Stream<Subject> officialSizes() {
    return Architectures.all().stream()
        .filter(architecture -> !architecture.name().equals("sundial"))
        .map(architecture -> officialSize(architecture));
  }

  private static <C extends ArchitectureConfig> Subject officialSize(Architecture<C> architecture) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("seq_len", 96).put("pred_len", 96).put("enc_in", 7);
    C config = architecture.readConfig(json);
    Random random = new Random(1);
    Map<String, Tensor> weights = new HashMap<>();
    OnnxOps.parametersOf(architecture, config)
        .shapes()
        .forEach((name, shape) -> weights.put(name, drawn(name, shape, random)));
    String name = architecture.name() + " of official size";
    return new Subject(name, architecture, json, weights, seasons(architecture, config, 24));
  }

  /** Trained networks, one of each, without what turns units of the series into theirs. */
  static Stream<Subject> zoo() throws IOException {
    Path zoo = Path.of(System.getProperty("tidecast.root"), "models", "zoo");
    List<Subject> subjects = new ArrayList<>();
    for (Architecture<?> architecture : Architectures.all()) {
      String name = architecture.name() + "-uk-demand";
      Path model = zoo.resolve(name).resolve("1");
      if (!Files.exists(model)) {
        continue;
      }
      JsonNode manifest = new ObjectMapper().readTree(model.resolve("manifest.json").toFile());
      ObjectNode config = (ObjectNode) manifest.get("architectureConfig");
      byte[] onnx = Files.readAllBytes(model.resolve("model.onnx"));
      subjects.add(trained(name, architecture, config, onnx));
    }
    return subjects.stream();
  }

  private static <C extends ArchitectureConfig> Subject trained(
      String name, Architecture<C> architecture, ObjectNode json, byte[] onnx) {
    C config = architecture.readConfig(json);
    Map<String, Tensor> weights =
        OnnxWeights.read(onnx, OnnxOps.parametersOf(architecture, config));
    return new Subject(name, architecture, json, weights, seasons(architecture, config, 48));
  }

  /** Two windows of a season and noise; of what is noise, noise alone. */
  private static <C extends ArchitectureConfig> Map<Role, Tensor> seasons(
      Architecture<C> architecture, C config, int steps) {
    Random random = new Random(2);
    Map<Role, Tensor> inputs = new EnumMap<>(Role.class);
    for (Port port : architecture.inputs(config)) {
      long[] shape = port.lengths();
      shape[0] = 2;
      int width = (int) shape[2];
      boolean noise = port.role() == Role.NOISE;
      float[] values = new float[(int) Tensor.elements(shape)];
      for (int i = 0; i < values.length; i++) {
        double season = Math.sin(2 * Math.PI * (i / width) / steps + i % width);
        values[i] = (float) (noise ? random.nextGaussian() : season + 0.3 * random.nextGaussian());
      }
      inputs.put(port.role(), Tensor.of(values, shape));
    }
    return inputs;
  }

  private static Tensor drawn(String name, long[] shape, Random random) {
    float[] values = new float[(int) Tensor.elements(shape)];
    boolean vector = shape.length == 1;
    boolean around1 = vector && (name.endsWith(".weight") || name.endsWith("running_var"));
    long inputs = vector ? 100 : Tensor.elements(shape) / shape[0];
    for (int i = 0; i < values.length; i++) {
      double value = random.nextDouble(-1, 1) / Math.sqrt(inputs);
      values[i] = (float) (around1 ? 1 + value : value);
    }
    return Tensor.of(values, shape);
  }

  @ParameterizedTest
  @MethodSource({"parityCases", "zoo"})
  void shouldStayWithinTheBoundOfTheArchitecture(Subject subject) throws OrtException {
    double[] differences = differences(subject);
    assertThat(differences[differences.length - 1])
        .as("greatest difference, as a share of the spread")
        .isLessThan(BOUNDS.get(subject.architecture().name()));
  }

  /**
   * Untrained, an Informer finds many queries equally important, and rounded it chooses others of
   * them; what they are chosen for then differs by more than rounding.
   */
  @ParameterizedTest
  @MethodSource("officialSizes")
  void shouldStayWithinTheBoundInNineOfTenValuesAtOfficialSizes(Subject subject)
      throws OrtException {
    double[] differences = differences(subject);
    assertThat(differences[differences.length * 9 / 10])
        .as("difference, as a share of the spread")
        .isLessThan(BOUNDS.get(subject.architecture().name()));
  }

  /** Differences of the forecasts as shares of their spread, the least first. */
  private static double[] differences(Subject subject) throws OrtException {
    float[] single = forecast(emitted(subject, subject.architecture(), false), subject);
    float[] half = forecast(emitted(subject, subject.architecture(), true), subject);
    assertThat(half).hasSameSizeAs(single).isNotEqualTo(single);
    assertThat(BOUNDS).as("a bound is stated").containsKey(subject.architecture().name());
    double mean = 0;
    for (float value : single) {
      mean += value / single.length;
    }
    double squares = 0;
    double[] differences = new double[single.length];
    for (int i = 0; i < single.length; i++) {
      squares += (single[i] - mean) * (single[i] - mean);
      double difference = Math.abs((double) single[i] - half[i]);
      differences[i] = Double.isNaN(difference) ? Double.MAX_VALUE : difference;
    }
    double spread = Math.sqrt(squares / single.length);
    return Arrays.stream(differences).map(d -> d / spread).sorted().toArray();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void shouldComputeInHalfWhatTakesTheTimeAndInSingleWhatMustBeExact(Subject subject)
      throws InvalidProtocolBufferException {
    ModelProto model = ModelProto.parseFrom(emitted(subject, subject.architecture(), true));
    Set<String> halves = new HashSet<>();
    for (ValueInfoProto value : model.getGraph().getValueInfoList()) {
      if (value.getType().getTensorType().getElemType()
          == TensorProto.DataType.FLOAT16.getNumber()) {
        halves.add(value.getName());
      }
    }
    List<String> wrong = new ArrayList<>();
    Set<String> cast = new HashSet<>();
    Set<String> casts = new HashSet<>();
    int products = 0;
    for (NodeProto node : model.getGraph().getNodeList()) {
      String type = node.getOpType();
      boolean half = halves.contains(node.getOutput(0));
      boolean product = type.equals("Gemm") || type.equals("Attention");
      products += product ? 1 : 0;
      if (product != half && (product || IN_SINGLE.contains(type))) {
        wrong.add(node.getName());
      }
      if (type.equals("Cast")
          && (!cast.add(node.getInput(0)) || casts.contains(node.getInput(0)))) {
        wrong.add(node.getName() + " is one cast too many");
      }
      if (type.equals("Cast")) {
        casts.add(node.getOutput(0));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(products).isGreaterThan(5);
    List<String> inHalf =
        model.getGraph().getInitializerList().stream()
            .filter(weight -> weight.getDataType() == TensorProto.DataType.FLOAT16.getNumber())
            .map(TensorProto::getName)
            .toList();
    assertThat(inHalf).hasSizeGreaterThan(10).allMatch(name -> name.endsWith(".half"));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void shouldStateTheTypeThatEveryResultHas(Subject subject)
      throws OrtException, InvalidProtocolBufferException {
    ModelProto.Builder model =
        ModelProto.parseFrom(emitted(subject, subject.architecture(), true)).toBuilder();
    List<ValueInfoProto> stated = model.getGraph().getValueInfoList();
    model.getGraphBuilder().addAllOutput(stated);
    model.getGraphBuilder().clearValueInfo();
    try (OrtSession session = ENVIRONMENT.createSession(model.build().toByteArray())) {
      Map<String, NodeInfo> outputs = session.getOutputInfo();
      for (ValueInfoProto value : stated) {
        boolean half =
            value.getType().getTensorType().getElemType()
                == TensorProto.DataType.FLOAT16.getNumber();
        assertThat(((TensorInfo) outputs.get(value.getName()).getInfo()).type)
            .as(value.getName())
            .isEqualTo(half ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT);
      }
    }
  }

  private static float[] forecast(byte[] model, Subject subject) throws OrtException {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try (OrtSession session = ENVIRONMENT.createSession(model)) {
      for (Map.Entry<Role, Tensor> input : subject.inputs().entrySet()) {
        String name = input.getKey().wireName();
        if (session.getInputNames().contains(name)) {
          FloatBuffer values = FloatBuffer.wrap(input.getValue().floats());
          given.put(name, OnnxTensor.createTensor(ENVIRONMENT, values, input.getValue().shape()));
        }
      }
      try (OrtSession.Result result = session.run(given)) {
        FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
      }
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static <C extends ArchitectureConfig> byte[] emitted(
      Subject subject, Architecture<C> architecture, boolean half) {
    C config = architecture.readConfig(subject.hyperparameters());
    OnnxOps ops = half ? OnnxOps.half(subject.weights()) : OnnxOps.of(subject.weights());
    OnnxOps.Value y = architecture.forward(ops, config, ops.inputs(architecture.inputs(config)));
    ops.output(architecture.output(config), y);
    return ops.toModel(subject.name(), Map.of());
  }
}
