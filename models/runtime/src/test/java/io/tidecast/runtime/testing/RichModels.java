package io.tidecast.runtime.testing;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Small models that are given more than the context, or give more than points of all channels, each
 * with a manifest that fits. Those that were there before version 2 of manifests are of version 1.
 */
public final class RichModels {

  private static final int CONTEXT = 6;
  private static final int HORIZON = 4;
  private static final List<CalendarFeature> FEATURES =
      List.of(CalendarFeature.HOUR_OF_DAY, CalendarFeature.DAY_OF_WEEK);

  private RichModels() {}

  /**
   * Channels a, b and c; b is known ahead, c and a are forecast: every value of every input counts,
   * each with a {@link #weight} of its own.
   */
  public static ModelBundle everyInput() {
    TestGraph graph = new TestGraph(1);
    graph.result("point", weighed(graph, -1));
    return everyInput("every-input", -1, graph);
  }

  /** The same, plus 1 in a batch of one. */
  public static ModelBundle everyInputOtherWhenAlone() {
    TestGraph graph = new TestGraph(1);
    String point = weighed(graph, -1);
    String batch = graph.node("Shape", new Object[] {"start", 0, "end", 1}, "context");
    String alone = graph.node("Equal", batch, graph.shape(1));
    String one = graph.node("Cast", new Object[] {"to", 1}, alone);
    graph.result("point", graph.node("Add", point, one));
    return everyInput("every-input-other-when-alone", -1, graph);
  }

  /** The same, one window a run. */
  public static ModelBundle everyInputOneWindowARun() {
    TestGraph graph = new TestGraph(1);
    graph.result("point", weighed(graph, 1));
    return everyInput("every-input-one-window-a-run", 1, graph);
  }

  private static ModelBundle everyInput(String id, long batch, TestGraph graph) {
    List<TensorSpec> inputs = new ArrayList<>();
    shapes(batch).forEach((role, shape) -> inputs.add(tensor(role, shape)));
    return bundle(
        1,
        id,
        new ModelManifest.Channels(
            ModelManifest.Channels.Mode.JOINT, List.of("a", "b", "c"), List.of("c", "a")),
        List.of("b"),
        inputs,
        List.of(tensor(TensorRole.POINT, List.of(batch, (long) HORIZON, 2L))),
        graph.output("point", batch, HORIZON, 2).bytes());
  }

  private static Map<TensorRole, List<Long>> shapes(long batch) {
    Map<TensorRole, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(TensorRole.NOISE, List.of(batch, 2L, 3L, 2L));
    shapes.put(TensorRole.FUTURE_COVARIATES, List.of(batch, (long) HORIZON, 1L));
    shapes.put(TensorRole.CONTEXT, List.of(batch, (long) CONTEXT, 3L));
    shapes.put(TensorRole.FUTURE_TIME_FEATURES, List.of(batch, (long) HORIZON, 2L));
    shapes.put(TensorRole.CONTEXT_TIME_FEATURES, List.of(batch, (long) CONTEXT, 2L));
    return shapes;
  }

  private static String weighed(TestGraph graph, long batch) {
    String sum = null;
    for (Map.Entry<TensorRole, List<Long>> input : shapes(batch).entrySet()) {
      TensorRole role = input.getKey();
      long[] shape = input.getValue().stream().mapToLong(Long::longValue).toArray();
      graph.input(role.key(), shape);
      int size = 1;
      for (int axis = 1; axis < shape.length; axis++) {
        size *= (int) shape[axis];
      }
      float[] weights = new float[size * HORIZON * 2];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = weight(role, i / (HORIZON * 2), i % (HORIZON * 2));
      }
      String flat = graph.node("Reshape", role.key(), graph.shape(0, size));
      String part = graph.node("MatMul", flat, graph.floats(weights, size, HORIZON * 2));
      sum = sum == null ? part : graph.node("Add", sum, part);
    }
    return graph.node("Reshape", sum, graph.shape(0, HORIZON, 2));
  }

  /** What one value of an input, as it lies in its row, adds to one value of the point. */
  public static float weight(TensorRole role, int from, int to) {
    return (float) Math.cos(role.ordinal() + 3 * from + to);
  }

  /**
   * Channels a and b, b forecast: five samples that are the last value of b, plus the hour of the
   * day to come, plus noise; their mean is the point; the quantiles lie 1 apart.
   */
  public static ModelBundle calendarAndNoise() {
    TestGraph graph =
        new TestGraph(1)
            .input("context", -1, CONTEXT, 2)
            .input("future_time_features", -1, HORIZON, 2)
            .input("noise", -1, 1, 5, HORIZON)
            .output("samples", -1, 5, HORIZON)
            .output("point", -1, HORIZON, 1)
            .output("quantiles", -1, HORIZON, 3);
    String last = slice(graph, slice(graph, "context", 1, CONTEXT - 1), 2, 1);
    String ahead = graph.node("Add", last, slice(graph, "future_time_features", 2, 0));
    String row = graph.node("Transpose", new Object[] {"perm", new int[] {0, 2, 1}}, ahead);
    String draws = graph.node("Reshape", "noise", graph.shape(0, 5, HORIZON));
    String samples = graph.node("Add", draws, row);
    graph.result("samples", samples);
    String mean = graph.node("ReduceMean", new Object[] {"keepdims", 1}, samples, graph.shape(1));
    String point = graph.node("Transpose", new Object[] {"perm", new int[] {0, 2, 1}}, mean);
    graph.result("point", point);
    graph.result("quantiles", graph.node("Add", point, graph.floats(new float[] {-1, 0, 1}, 3)));
    return bundle(
        1,
        "calendar-and-noise",
        new ModelManifest.Channels(
            ModelManifest.Channels.Mode.JOINT, List.of("a", "b"), List.of("b")),
        List.of(),
        List.of(
            tensor(TensorRole.CONTEXT, List.of(-1L, (long) CONTEXT, 2L)),
            tensor(TensorRole.FUTURE_TIME_FEATURES, List.of(-1L, (long) HORIZON, 2L)),
            tensor(TensorRole.NOISE, List.of(-1L, 1L, 5L, (long) HORIZON))),
        List.of(
            tensor(TensorRole.SAMPLES, List.of(-1L, 5L, (long) HORIZON)),
            tensor(TensorRole.POINT, List.of(-1L, (long) HORIZON, 1L)),
            tensor(TensorRole.QUANTILES, List.of(-1L, (long) HORIZON, 3L))),
        graph.bytes());
  }

  /**
   * Channels a and b, b forecast first: the last values, 1 more for each step; the quantiles lie 1
   * apart for b and 10 apart for a.
   */
  public static ModelBundle jointQuantiles() {
    TestGraph graph =
        new TestGraph(1)
            .input("context", -1, CONTEXT, 2)
            .output("point", -1, HORIZON, 2)
            .output("quantiles", -1, HORIZON, 2, 3);
    String last = slice(graph, "context", 1, CONTEXT - 1);
    String turned =
        graph.node("Gather", new Object[] {"axis", 2}, last, graph.longs(new long[] {1, 0}, 2));
    String point = graph.node("Add", turned, graph.floats(new float[] {0, 1, 2, 3}, 1, HORIZON, 1));
    graph.result("point", point);
    String middle = graph.node("Unsqueeze", point, graph.shape(3));
    String apart = graph.floats(new float[] {-1, 0, 1, -10, 0, 10}, 2, 3);
    graph.result("quantiles", graph.node("Add", middle, apart));
    return bundle(
        ModelManifest.VERSION,
        "joint-quantiles",
        new ModelManifest.Channels(
            ModelManifest.Channels.Mode.JOINT, List.of("a", "b"), List.of("b", "a")),
        List.of(),
        List.of(tensor(TensorRole.CONTEXT, List.of(-1L, (long) CONTEXT, 2L))),
        List.of(
            tensor(TensorRole.POINT, List.of(-1L, (long) HORIZON, 2L)),
            new TensorSpec(
                "quantiles",
                TensorRole.QUANTILES,
                "batch,horizon,channel,level",
                "float32",
                List.of(-1L, (long) HORIZON, 2L, 3L))),
        graph.bytes());
  }

  /**
   * Channels a and b, b forecast first: the last values, plus the hour of the day to come, plus
   * noise.
   */
  public static ModelBundle wander() {
    TestGraph graph =
        new TestGraph(1)
            .input("context", -1, CONTEXT, 2)
            .input("future_time_features", -1, HORIZON, 2)
            .input("noise", -1, HORIZON, 2)
            .output("point", -1, HORIZON, 2);
    String last = slice(graph, "context", 1, CONTEXT - 1);
    String turned =
        graph.node("Gather", new Object[] {"axis", 2}, last, graph.longs(new long[] {1, 0}, 2));
    String ahead = graph.node("Add", turned, slice(graph, "future_time_features", 2, 0));
    graph.result("point", graph.node("Add", ahead, "noise"));
    return bundle(
        ModelManifest.VERSION,
        "wander",
        new ModelManifest.Channels(
            ModelManifest.Channels.Mode.JOINT, List.of("a", "b"), List.of("b", "a")),
        List.of(),
        List.of(
            tensor(TensorRole.CONTEXT, List.of(-1L, (long) CONTEXT, 2L)),
            tensor(TensorRole.FUTURE_TIME_FEATURES, List.of(-1L, (long) HORIZON, 2L)),
            new TensorSpec(
                "noise",
                TensorRole.NOISE,
                "batch,step,channel",
                "float32",
                List.of(-1L, (long) HORIZON, 2L))),
        List.of(tensor(TensorRole.POINT, List.of(-1L, (long) HORIZON, 2L))),
        graph.bytes());
  }

  private static String slice(TestGraph graph, String x, int axis, int at) {
    return graph.node("Slice", x, graph.shape(at), graph.shape(at + 1), graph.shape(axis));
  }

  private static TensorSpec tensor(TensorRole role, List<Long> shape) {
    return new TensorSpec(role.key(), role, layout(role), "float32", shape);
  }

  private static String layout(TensorRole role) {
    return switch (role) {
      case CONTEXT -> "batch,time,channel";
      case CONTEXT_TIME_FEATURES -> "batch,time,feature";
      case FUTURE_TIME_FEATURES -> "batch,horizon,feature";
      case FUTURE_COVARIATES -> "batch,horizon,covariate";
      case NOISE -> "batch,piece,sample,step";
      case POINT -> "batch,horizon,channel";
      case QUANTILES -> "batch,horizon,level";
      case SAMPLES -> "batch,sample,horizon";
      case PATCHES, PAST_COVARIATES, DECODER_INPUT, OBSERVED_MASK, CONSTANT, COLUMNS, IGNORED ->
          throw new AssertionError(role);
    };
  }

  private static ModelBundle bundle(
      int version,
      String id,
      ModelManifest.Channels channels,
      List<String> futureCovariates,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      byte[] onnx) {
    boolean calendar =
        inputs.stream()
            .anyMatch(
                input ->
                    input.role() == TensorRole.CONTEXT_TIME_FEATURES
                        || input.role() == TensorRole.FUTURE_TIME_FEATURES);
    ModelManifest manifest =
        new ModelManifest(
            version,
            id,
            "1",
            "test",
            Map.of(),
            CONTEXT,
            HORIZON,
            null,
            ModelManifest.ANY_STEP,
            channels,
            List.of(),
            futureCovariates,
            calendar ? FEATURES : List.of(),
            null,
            false,
            null,
            inputs,
            outputs,
            outputs.size() > 1 ? List.of(0.1, 0.5, 0.9) : List.of(),
            23,
            Precision.FP32,
            ModelBundle.sha256(onnx),
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            "Apache-2.0");
    return new ModelBundle(manifest, onnx, GoldenVectors.none());
  }
}
