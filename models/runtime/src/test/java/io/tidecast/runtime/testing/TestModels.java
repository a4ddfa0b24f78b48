package io.tidecast.runtime.testing;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.Patches;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.HorizonForecasters;
import io.tidecast.runtime.windows.Forecaster;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Small models with random weights, each with a manifest that fits. */
public final class TestModels {

  private static final Object[] KEEP_AXES = {"keepdims", 1};
  private static final long ENDLESS = 1_000_000_000_000L;

  private TestModels() {}

  /**
   * The shape of PatchTST: instance norm, 42 patches of 16 by 8, three layers of width 16, a head
   * [672, 48].
   */
  public static ModelBundle patchTst() {
    int width = 16;
    int heads = 4;
    int patches = 42;
    TestGraph graph = new TestGraph(5).input("context", -1, 336, 1).output("point", -1, 48, 1);
    String series = transpose(graph, "context", 0, 2, 1);
    String mean = mean(graph, series, -1);
    String centred = graph.node("Sub", series, mean);
    String variance = mean(graph, graph.node("Mul", centred, centred), -1);
    String deviation =
        graph.node("Sqrt", graph.node("Add", variance, graph.floats(new float[] {1e-5f}, 1)));
    String normal = graph.node("Div", centred, deviation);
    String padded =
        graph.node("Pad", new Object[] {"mode", "edge"}, normal, graph.shape(0, 0, 0, 0, 0, 8));
    String cut =
        graph.node("Gather", new Object[] {"axis", 2}, padded, patchIndices(graph, patches));
    String x = graph.node("MatMul", reshape(graph, cut, -1, patches, 16), graph.weights(16, width));
    x = graph.node("Add", x, graph.weights(patches, width));
    for (int layer = 0; layer < 3; layer++) {
      x = layer(graph, x, width, heads);
    }
    String flat = reshape(graph, x, 0, patches * width);
    String head = graph.node("MatMul", flat, graph.weights(patches * width, 48));
    String scaled = graph.node("Mul", reshape(graph, head, -1, 1, 48), deviation);
    graph.result("point", transpose(graph, graph.node("Add", scaled, mean), 0, 2, 1));
    return bundle("patchtst-random", 336, 48, 1, List.of(), graph.bytes());
  }

  private static String layer(TestGraph graph, String x, int width, int heads) {
    String attention =
        graph.node(
            "Attention",
            new Object[] {"q_num_heads", heads, "kv_num_heads", heads},
            graph.node("MatMul", x, graph.weights(width, width)),
            graph.node("MatMul", x, graph.weights(width, width)),
            graph.node("MatMul", x, graph.weights(width, width)));
    String mixed = norm(graph, graph.node("Add", x, attention), width);
    String hidden = graph.node("Gelu", graph.node("MatMul", mixed, graph.weights(width, 128)));
    String out = graph.node("MatMul", hidden, graph.weights(128, width));
    return norm(graph, graph.node("Add", mixed, out), width);
  }

  private static String norm(TestGraph graph, String x, int width) {
    return graph.node(
        "LayerNormalization",
        new Object[] {"axis", -1},
        x,
        graph.weights(width),
        graph.weights(width));
  }

  private static String patchIndices(TestGraph graph, int patches) {
    long[] indices = new long[patches * 16];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i / 16 * 8 + i % 16;
    }
    return graph.longs(indices, patches, 16);
  }

  /** The mean of each channel: a batch of one sums in another order than a larger one. */
  public static ModelBundle meanOverTime() {
    TestGraph graph = new TestGraph(6).input("context", -1, 336, 2).output("point", -1, 3, 2);
    String mean = mean(graph, "context", 1);
    graph.result("point", graph.node("Add", mean, graph.weights(3, 2)));
    return bundle("mean-over-time", 336, 3, 2, List.of(), graph.bytes());
  }

  /**
   * The mean over rows that start at every alignment: the order of the sum follows the place in the
   * batch.
   */
  static ModelBundle meanOverOddRows() {
    TestGraph graph = new TestGraph(6).input("context", -1, 337, 1).output("point", -1, 3, 1);
    String mean = mean(graph, transpose(graph, "context", 0, 2, 1), -1);
    graph.result("point", graph.node("Add", mean, graph.weights(3, 1)));
    return bundle("mean-over-odd-rows", 337, 3, 1, List.of(), graph.bytes());
  }

  /** Adds 1 to every forecast of a batch of one. */
  public static ModelBundle otherWhenAlone() {
    TestGraph graph = echo();
    String batch = graph.node("Shape", new Object[] {"start", 0, "end", 1}, "context");
    String alone = graph.node("Equal", batch, graph.shape(1));
    String one = graph.node("Cast", new Object[] {"to", 1}, alone);
    graph.result("point", graph.node("Add", "context", one));
    return bundle("other-when-alone", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Adds the mean of its batch to every forecast. */
  public static ModelBundle otherInCompany() {
    TestGraph graph = echo();
    graph.result("point", graph.node("Add", "context", mean(graph, "context", 0)));
    return bundle("other-in-company", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Repeats its context. */
  public static ModelBundle identity() {
    TestGraph graph = echo();
    graph.result("point", "context");
    return bundle("identity", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Repeats a context of so many cells. */
  public static ModelBundle wideIdentity(int cells) {
    TestGraph graph = new TestGraph(1).input("context", -1, cells, 1).output("point", -1, cells, 1);
    graph.result("point", "context");
    return bundle("wide-identity", cells, cells, 1, List.of(), graph.bytes());
  }

  /**
   * Made for one window a run, as exporters do unless told otherwise, and with an exporter's names.
   */
  static ModelBundle oneWindowARun() {
    TestGraph graph = new TestGraph(7).input("x.1", 1, 24, 2).output("57", 1, 6, 2);
    String series = transpose(graph, "x.1", 0, 2, 1);
    String ahead = graph.node("MatMul", series, graph.weights(24, 6));
    graph.result("57", transpose(graph, ahead, 0, 2, 1));
    byte[] onnx = graph.bytes();
    ModelManifest dynamic = manifest("one-window-a-run", 24, 6, 2, List.of(), onnx);
    return new ModelBundle(
        ModelManifest.parse(
            dynamic
                .toJson()
                .replace("[ -1, ", "[ 1, ")
                .replace("\"name\" : \"context\"", "\"name\" : \"x.1\"")
                .replace("\"name\" : \"point\"", "\"name\" : \"57\"")),
        onnx,
        GoldenVectors.none());
  }

  /** The mean of what is known of each channel; contexts may be shorter. */
  public static ModelBundle meanOfKnown() {
    TestGraph graph = new TestGraph(6).input("context", -1, 13, 2).output("point", -1, 3, 2);
    String missing = graph.node("IsNaN", "context");
    String known = graph.node("Cast", new Object[] {"to", 1}, graph.node("Not", missing));
    String x = graph.node("Where", missing, graph.floats(new float[] {0}, 1), "context");
    float[] ones = new float[13];
    Arrays.fill(ones, 1);
    String sum = graph.node("MatMul", graph.floats(ones, 1, 13), x);
    String count = graph.node("MatMul", graph.floats(ones, 1, 13), known);
    String mean = graph.node("Div", sum, count);
    graph.result("point", graph.node("Add", mean, graph.weights(3, 2)));
    return leftPadded("mean-of-known", 13, 3, 2, graph.bytes());
  }

  /**
   * Two channels whose context of 13 is cut into patches of 5, one every 3: a weight for each value
   * of each patch; missing ones count as 0 where the oldest cells may be missing.
   *
   * @param rows of the first axis: -1 for any batch, 2 for one window a run
   */
  public static ModelBundle patches(Padding padding, boolean leftPadding, long rows) {
    Patches geometry = new Patches(5, 3, padding);
    int count = geometry.count(13);
    TestGraph graph =
        new TestGraph(1).input("cut", rows, count, 5).output("point", rows == -1 ? -1 : 1, 6, 2);
    String missing = graph.node("IsNaN", "cut");
    String known = graph.node("Where", missing, graph.floats(new float[] {0}, 1), "cut");
    String x = reshape(graph, known, -1, 2, count * 5);
    String weights = graph.floats(patchWeights(padding), count * 5, 6);
    String ahead = graph.node("MatMul", x, weights);
    graph.result("point", transpose(graph, ahead, 0, 2, 1));
    byte[] onnx = graph.bytes();
    String pad = padding.name().toLowerCase(Locale.ROOT);
    String json =
        manifest("patches-" + pad, 13, 6, 2, List.of(), onnx)
            .toJson()
            .replace(
                "\"inputs\" : ",
                "\"patches\" : {\"length\" : 5, \"stride\" : 3, \"padding\" : \"%s\"}, \"leftPadding\" : %s, \"inputs\" : "
                    .formatted(pad, leftPadding))
            .replace("\"name\" : \"context\"", "\"name\" : \"cut\"")
            .replace("\"role\" : \"context\"", "\"role\" : \"patches\"")
            .replace("batch,time,channel", "batch*channel,patch,step")
            .replace("[ -1, 13, 2 ]", "[ %d, %d, 5 ]".formatted(rows, count));
    if (rows != -1) {
      json = json.replace("[ -1, 6, 2 ]", "[ 1, 6, 2 ]");
    }
    return new ModelBundle(ModelManifest.parse(json), onnx, GoldenVectors.none());
  }

  /** {@code [patch·step][horizon]} of {@link #patches}. */
  public static float[] patchWeights(Padding padding) {
    float[] weights = new float[new Patches(5, 3, padding).count(13) * 5 * 6];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.cos(i);
    }
    return weights;
  }

  /** The same model, allowed to forecast on from its own forecasts. */
  public static ModelBundle rollingOut(ModelBundle bundle, int rollout) {
    String json = bundle.manifest().toJson();
    String step = "\"step\" : ";
    return new ModelBundle(
        ModelManifest.parse(json.replace(step, "\"rollout\" : " + rollout + ", " + step)),
        bundle.onnx(),
        bundle.golden());
  }

  /** A forecaster of another horizon than the model's. */
  public static Forecaster open(ModelBundle bundle, int horizon) {
    return HorizonForecasters.of(
        OnnxForecaster.open(bundle, OnnxOptions.defaults()), bundle.manifest().spec(horizon));
  }

  /** The logarithm of its context. */
  public static ModelBundle logarithm() {
    TestGraph graph = echo();
    graph.result("point", graph.node("Log", "context"));
    return bundle("logarithm", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Its context, and 0 where that is negative. */
  public static ModelBundle positivePart() {
    TestGraph graph = echo();
    graph.result("point", graph.node("Relu", "context"));
    return bundle("positive-part", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Repeats its context, but computes with its distance from a level in tenths of that. */
  public static ModelBundle scaledAround(float level) {
    TestGraph graph = echo();
    String mean = graph.floats(new float[] {level}, 1);
    String deviation = graph.floats(new float[] {level / 10}, 1);
    String scaled = graph.node("Div", graph.node("Sub", "context", mean), deviation);
    graph.result("point", graph.node("Add", graph.node("Mul", scaled, deviation), mean));
    return bundle("scaled-around-" + (long) level, 4, 4, 1, List.of(), graph.bytes());
  }

  /** Adds to every forecast what share of its batch is missing. */
  public static ModelBundle otherInShortCompany() {
    TestGraph graph = echo();
    String missing = graph.node("IsNaN", "context");
    String share = mean(graph, graph.node("Cast", new Object[] {"to", 1}, missing), 0);
    String x = graph.node("Where", missing, graph.floats(new float[] {0}, 1), "context");
    graph.result("point", graph.node("Add", x, share));
    return leftPadded("other-in-short-company", 4, 4, 1, graph.bytes());
  }

  private static ModelBundle leftPadded(
      String id, int contextLength, int horizon, int channels, byte[] onnx) {
    String json = manifest(id, contextLength, horizon, channels, List.of(), onnx).toJson();
    return new ModelBundle(
        ModelManifest.parse(
            json.replace("\"inputs\" : ", "\"leftPadding\" : true,\n  \"inputs\" : ")),
        onnx,
        GoldenVectors.none());
  }

  /** Repeats its context, and gives it halved, itself and doubled as quantiles. */
  public static ModelBundle withQuantiles() {
    TestGraph graph = echo().output("quantiles", -1, 4, 3);
    graph.result("point", "context");
    graph.result(
        "quantiles", graph.node("Mul", "context", graph.floats(new float[] {0.5f, 1, 2}, 3)));
    return bundle("with-quantiles", 4, 4, 1, List.of(0.1, 0.5, 0.9), graph.bytes());
  }

  /** This value, and every greater one, keeps {@link #hangsOnAValue} busy for ever. */
  public static final float HANGING_VALUE = 6_666;

  /** Repeats its context, unless a window of its batch has a value that it hangs on. */
  public static ModelBundle hangsOnAValue() {
    TestGraph graph = echo();
    String greatest = graph.node("ReduceMax", new Object[] {"keepdims", 0}, "context");
    String limit = graph.floats(new float[] {HANGING_VALUE});
    String hangs = graph.node("GreaterOrEqual", greatest, limit);
    String rounds =
        graph.node("Where", hangs, graph.longs(new long[] {ENDLESS}), graph.longs(new long[] {1}));
    graph.result("point", graph.loop(rounds, "context"));
    return bundle("hangs-on-a-value", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Goes on for ever whatever it is given. */
  public static ModelBundle hangs() {
    TestGraph graph = echo();
    graph.result("point", graph.loop(graph.longs(new long[] {ENDLESS}), "context"));
    return bundle("hangs", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Has an endless loop over nothing but constants, which could be computed at once. */
  public static ModelBundle hangsOnConstants() {
    TestGraph graph = echo();
    String loop = graph.loop(graph.longs(new long[] {ENDLESS}), graph.floats(new float[] {1}, 1));
    graph.result("point", graph.node("Add", "context", loop));
    return bundle("hangs-on-constants", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Multiplies large constants, which ONNX Runtime does while it makes a session. */
  public static ModelBundle slowConstants() {
    TestGraph graph = echo();
    String product = graph.node("ConstantOfShape", graph.shape(1_500, 1_500));
    for (int i = 0; i < 12; i++) {
      product = graph.node("MatMul", product, product);
    }
    String mean = graph.node("ReduceMean", new Object[] {"keepdims", 0}, product);
    graph.result("point", graph.node("Add", "context", mean));
    return bundle("slow-constants", 4, 4, 1, List.of(), graph.bytes());
  }

  /** Repeats its context where that is negative, and has no number for the rest. */
  public static ModelBundle noNumberForPositives() {
    TestGraph graph = echo();
    String noNumber = graph.node("Log", graph.node("Neg", "context"));
    String nothing = graph.node("Mul", noNumber, graph.floats(new float[] {0}, 1));
    graph.result("point", graph.node("Add", "context", nothing));
    return bundle("no-number-for-positives", 4, 4, 1, List.of(), graph.bytes());
  }

  private static TestGraph echo() {
    return new TestGraph(1).input("context", -1, 4, 1).output("point", -1, 4, 1);
  }

  private static String mean(TestGraph graph, String x, int axis) {
    return graph.node("ReduceMean", KEEP_AXES, x, graph.shape(axis));
  }

  private static String transpose(TestGraph graph, String x, int... axes) {
    return graph.node("Transpose", new Object[] {"perm", axes}, x);
  }

  private static String reshape(TestGraph graph, String x, long... shape) {
    return graph.node("Reshape", x, graph.shape(shape));
  }

  static ModelBundle bundle(
      String id, int contextLength, int horizon, int channels, List<Double> levels, byte[] onnx) {
    return new ModelBundle(
        manifest(id, contextLength, horizon, channels, levels, onnx), onnx, GoldenVectors.none());
  }

  public static ModelManifest manifest(
      String id, int contextLength, int horizon, int channels, List<Double> levels, byte[] onnx) {
    List<String> names = List.of("a", "b", "c", "d").subList(0, channels);
    ModelManifest.TensorSpec context =
        tensor("context", TensorRole.CONTEXT, "batch,time,channel", contextLength, channels);
    ModelManifest.TensorSpec point =
        tensor("point", TensorRole.POINT, "batch,horizon,channel", horizon, channels);
    ModelManifest.TensorSpec quantiles =
        tensor("quantiles", TensorRole.QUANTILES, "batch,horizon,level", horizon, 3);
    return new ModelManifest(
        ModelManifest.VERSION,
        id,
        "1",
        "test",
        Map.of(),
        contextLength,
        horizon,
        null,
        ModelManifest.ANY_STEP,
        new ModelManifest.Channels(ModelManifest.Channels.Mode.INDEPENDENT, names, names),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(context),
        levels.isEmpty() ? List.of(point) : List.of(point, quantiles),
        levels,
        23,
        Precision.FP32,
        ModelBundle.sha256(onnx),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        "Apache-2.0");
  }

  private static ModelManifest.TensorSpec tensor(
      String name, TensorRole role, String layout, long length, long width) {
    return new ModelManifest.TensorSpec(name, role, layout, "float32", List.of(-1L, length, width));
  }
}
