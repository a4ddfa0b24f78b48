package io.tidecast.runtime.edge;

import static java.util.Objects.requireNonNull;

import io.tidecast.graph.GraphEdges;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.CalendarNumbers;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Makes what a graph takes of what the runtime fills. */
final class InputEdges {

  private static final String KEY = "inputs";

  /** A cell of the past as a column, counted back from the first cell ahead. */
  private static final Pattern LAG = Pattern.compile("(?:(.+)\\.)?lag_([1-9][0-9]{0,6})");

  private final ModelManifest manifest;
  private final ForecasterSpec spec;
  private final List<TensorEdge> edges;
  private final Map<TensorRole, String> usual = new EnumMap<>(TensorRole.class);
  private long batch = -1;

  InputEdges(ModelManifest manifest) {
    this.manifest = manifest;
    this.spec = manifest.spec();
    this.edges =
        manifest.inputs().stream()
            .filter(tensor -> !Edges.isTakenAsItIs(tensor))
            .filter(tensor -> tensor.role() != TensorRole.CONSTANT)
            .map(this::edge)
            .toList();
    if (edges.stream().noneMatch(edge -> isPast(edge.tensor().role())) && !takesPatches()) {
      throw new ModelException(
          KEY + ": expected one of role context, columns or patches, found none");
    }
    edges.forEach(this::check);
  }

  private static boolean isPast(TensorRole role) {
    return role == TensorRole.CONTEXT || role == TensorRole.COLUMNS;
  }

  private boolean takesPatches() {
    return spec.inputs().patches() != null;
  }

  Stream<TensorEdge> edges() {
    return edges.stream();
  }

  void batch(long size) {
    batch = size;
  }

  private TensorEdge edge(TensorSpec tensor) {
    List<Axis> time = List.of(Axis.TIME, Axis.LAG);
    List<Axis> ahead = List.of(Axis.HORIZON, Axis.SPAN);
    return switch (tensor.role()) {
      case CONTEXT, OBSERVED_MASK -> edge(tensor, time, Axis.CHANNEL);
      case PAST_COVARIATES -> edge(tensor, time, Axis.COVARIATE);
      case CONTEXT_TIME_FEATURES -> edge(tensor, time, Axis.FEATURE);
      case FUTURE_TIME_FEATURES -> edge(tensor, ahead, Axis.FEATURE);
      case FUTURE_COVARIATES -> edge(tensor, ahead, Axis.COVARIATE);
      case DECODER_INPUT -> edge(tensor, List.of(Axis.SPAN), Axis.CHANNEL);
      case COLUMNS -> edge(tensor, List.of(), Axis.COLUMN);
      case PATCHES, NOISE, CONSTANT, POINT, QUANTILES, SAMPLES, IGNORED ->
          throw new AssertionError("not an edge: " + tensor.role());
    };
  }

  private TensorEdge edge(TensorSpec tensor, List<Axis> time, Axis columns) {
    List<List<Axis>> known = new ArrayList<>(List.of(List.of(Axis.BATCH)));
    if (!time.isEmpty()) {
      known.add(time);
    }
    known.add(List.of(columns));
    List<List<Axis>> tokens = TensorEdge.tokens(KEY, tensor, known);
    List<Axis> axes = new ArrayList<>(List.of(Axis.BATCH));
    List<Long> sizes = new ArrayList<>(List.of(-1L));
    if (!time.isEmpty()) {
      Axis named =
          time.stream()
              .filter(axis -> tokens.stream().anyMatch(token -> token.contains(axis)))
              .findFirst()
              .orElse(time.get(0));
      axes.add(named);
      sizes.add(length(named, tensor, tokens));
    }
    axes.add(columns);
    sizes.add((long) columns(tensor).size());
    return new TensorEdge(KEY, tensor, tokens, axes, sizes);
  }

  private long length(Axis axis, TensorSpec tensor, List<List<Axis>> tokens) {
    return switch (axis) {
      case TIME, LAG -> manifest.contextLength();
      case SPAN -> {
        long size =
            IntStream.range(0, tokens.size())
                .filter(i -> tokens.get(i).equals(List.of(Axis.SPAN)))
                .mapToLong(i -> tensor.shape().get(i))
                .findFirst()
                .orElse(-1);
        long before = size - manifest.predictionLength();
        if (size == -1) {
          yield manifest.contextLength() + manifest.predictionLength();
        }
        if (before < 0 || before > manifest.contextLength()) {
          throw TensorEdge.refusal(
              KEY,
              tensor,
              "shape: time+horizon must be %d to %d, found %d"
                  .formatted(
                      manifest.predictionLength(),
                      manifest.contextLength() + manifest.predictionLength(),
                      size));
        }
        yield size;
      }
      default -> manifest.predictionLength();
    };
  }

  /** Names what stands along the last axis. */
  private List<String> columns(TensorSpec tensor) {
    List<String> known =
        switch (tensor.role()) {
          case CONTEXT, OBSERVED_MASK, DECODER_INPUT -> manifest.channels().names();
          case PAST_COVARIATES -> manifest.pastCovariates();
          case CONTEXT_TIME_FEATURES, FUTURE_TIME_FEATURES ->
              manifest.timeFeatures().stream().map(CalendarFeature::key).toList();
          case FUTURE_COVARIATES -> manifest.futureCovariates();
          default -> List.of();
        };
    if (tensor.role() == TensorRole.PAST_COVARIATES && tensor.columns() != null) {
      // The past of what is known ahead too may come by itself.
      known = manifest.channels().names();
    }
    List<String> named = tensor.columns() == null ? known : tensor.columns();
    if (tensor.role() == TensorRole.COLUMNS) {
      return named;
    }
    if (!known.containsAll(named)) {
      throw TensorEdge.refusal(KEY, tensor, "columns: must be among " + known + ", found " + named);
    }
    return named;
  }

  private void check(TensorEdge edge) {
    TensorSpec tensor = edge.tensor();
    if (columns(tensor).isEmpty()) {
      throw TensorEdge.refusal(KEY, tensor, "columns: must name at least one, found none");
    }
    if (takesPatches() && usesContext(tensor)) {
      throw TensorEdge.refusal(
          KEY, tensor, "role: must not be beside patches, found " + tensor.role().key());
    }
    if (tensor.role() == TensorRole.COLUMNS) {
      columns(tensor).forEach(column -> place(tensor, column));
    }
    if (numbers(tensor) == CalendarNumbers.CENTRED
        && isOfFeatures(tensor.role())
        && !tensor.type().contains("float")) {
      throw TensorEdge.refusal(
          KEY,
          tensor,
          "numbers: must be calendar or from_zero for a tensor of "
              + tensor.type()
              + ", found centred");
    }
    edge.check();
  }

  private static boolean isOfFeatures(TensorRole role) {
    return role == TensorRole.CONTEXT_TIME_FEATURES || role == TensorRole.FUTURE_TIME_FEATURES;
  }

  private static boolean usesContext(TensorSpec tensor) {
    return switch (tensor.role()) {
      case CONTEXT, OBSERVED_MASK, PAST_COVARIATES, DECODER_INPUT, COLUMNS -> true;
      case FUTURE_COVARIATES -> tensor.layout().contains(TensorSpec.TIME_AND_HORIZON);
      default -> false;
    };
  }

  private static CalendarNumbers numbers(TensorSpec tensor) {
    CalendarNumbers said = tensor.numbers();
    return said == null ? CalendarNumbers.CENTRED : said;
  }

  /** Lists the inputs of the graph once it is converted. */
  List<TensorSpec> usual() {
    List<TensorSpec> tensors = new ArrayList<>();
    for (TensorRole role : TensorRole.values()) {
      if (isFilled(role)) {
        tensors.add(
            new TensorSpec("tidecast/" + role.key(), role, layout(role), "float32", shape(role)));
      }
    }
    manifest.inputs().stream().filter(Edges::isTakenAsItIs).forEach(tensors::add);
    return tensors;
  }

  private boolean isFilled(TensorRole role) {
    return switch (role) {
      case CONTEXT, CONTEXT_TIME_FEATURES, FUTURE_TIME_FEATURES, FUTURE_COVARIATES ->
          spec.size(role) > 0;
      default -> false;
    };
  }

  private static String layout(TensorRole role) {
    return switch (role) {
      case CONTEXT -> "batch,time,channel";
      case CONTEXT_TIME_FEATURES -> "batch,time,feature";
      case FUTURE_TIME_FEATURES -> "batch,horizon,feature";
      default -> "batch,horizon,covariate";
    };
  }

  private List<Long> shape(TensorRole role) {
    long context = manifest.contextLength();
    long horizon = manifest.predictionLength();
    return switch (role) {
      case CONTEXT -> List.of(batch, context, (long) spec.channels());
      case CONTEXT_TIME_FEATURES -> List.of(batch, context, (long) manifest.timeFeatures().size());
      case FUTURE_TIME_FEATURES -> List.of(batch, horizon, (long) manifest.timeFeatures().size());
      default -> List.of(batch, horizon, (long) manifest.futureCovariates().size());
    };
  }

  /** Writes what converts before the nodes of the graph. */
  void write(GraphEdges graph) {
    for (TensorRole role : TensorRole.values()) {
      if (isFilled(role)) {
        usual.put(role, graph.input(role.key(), shape(role)));
      }
    }
    edges.forEach(edge -> edge.feed(graph, made(graph, edge)));
    manifest.inputs().stream()
        .filter(tensor -> tensor.role() == TensorRole.CONSTANT)
        .forEach(tensor -> feedConstant(graph, tensor));
  }

  private String usual(TensorRole role) {
    return requireNonNull(usual.get(role), "the runtime fills what a tensor is made of");
  }

  private String made(GraphEdges graph, TensorEdge edge) {
    TensorSpec tensor = edge.tensor();
    return switch (tensor.role()) {
      case CONTEXT -> {
        String cells = context(graph, edge);
        yield spec.leftPadding() && isMasked() ? graph.zeroForNan(cells) : cells;
      }
      case OBSERVED_MASK -> graph.observed(context(graph, edge));
      case PAST_COVARIATES -> context(graph, edge);
      case CONTEXT_TIME_FEATURES -> {
        String all = numbered(graph, tensor, usual(TensorRole.CONTEXT_TIME_FEATURES));
        yield inOrder(graph, edge, selected(graph, tensor, all));
      }
      case FUTURE_TIME_FEATURES -> {
        String ahead = usual(TensorRole.FUTURE_TIME_FEATURES);
        String all =
            before(edge) == 0
                ? ahead
                : graph.concat(
                    List.of(newest(graph, usual(TensorRole.CONTEXT_TIME_FEATURES), edge), ahead),
                    1);
        yield selected(graph, tensor, numbered(graph, tensor, all));
      }
      case FUTURE_COVARIATES -> futureCovariates(graph, edge);
      case DECODER_INPUT -> {
        String zeros = zeros(graph, columns(tensor).size());
        String cells = picked(graph, usual(TensorRole.CONTEXT), channels(columns(tensor)));
        yield before(edge) == 0
            ? zeros
            : graph.concat(List.of(newest(graph, cells, edge), zeros), 1);
      }
      case COLUMNS -> columns(graph, tensor);
      case PATCHES, NOISE, CONSTANT, POINT, QUANTILES, SAMPLES, IGNORED ->
          throw new AssertionError("not an edge: " + tensor.role());
    };
  }

  private boolean isMasked() {
    return edges.stream().anyMatch(edge -> edge.tensor().role() == TensorRole.OBSERVED_MASK);
  }

  private String context(GraphEdges graph, TensorEdge edge) {
    long[] channels = channels(columns(edge.tensor()));
    return inOrder(graph, edge, picked(graph, usual(TensorRole.CONTEXT), channels));
  }

  /** Turns the cells round where the newest is to be the first. */
  private String inOrder(GraphEdges graph, TensorEdge edge, String cells) {
    if (edge.named(Axis.TIME, Axis.LAG) != Axis.LAG) {
      return cells;
    }
    int length = manifest.contextLength();
    return graph.gather(cells, 1, LongStream.range(0, length).map(i -> length - 1 - i).toArray());
  }

  private long[] channels(List<String> names) {
    return indices(manifest.channels().names(), names);
  }

  private static long[] indices(List<String> all, List<String> some) {
    return some.stream().mapToLong(all::indexOf).toArray();
  }

  /** Takes columns of the last of three axes; all of them in their order are left as they are. */
  private String picked(GraphEdges graph, String tensor, long[] columns) {
    long[] all = LongStream.range(0, spec.channels()).toArray();
    return Arrays.equals(columns, all) ? tensor : graph.gather(tensor, 2, columns);
  }

  private String selected(GraphEdges graph, TensorSpec tensor, String features) {
    List<String> all = manifest.timeFeatures().stream().map(CalendarFeature::key).toList();
    List<String> some = columns(tensor);
    return all.equals(some) ? features : graph.gather(features, 2, indices(all, some));
  }

  private String numbered(GraphEdges graph, TensorSpec tensor, String features) {
    CalendarNumbers numbers = numbers(tensor);
    if (numbers == CalendarNumbers.CENTRED) {
      return features;
    }
    List<CalendarFeature> all = manifest.timeFeatures();
    float[] factors = new float[all.size()];
    float[] summands = new float[all.size()];
    for (int i = 0; i < factors.length; i++) {
      CalendarFeature feature = all.get(i);
      factors[i] = feature.range();
      summands[i] =
          feature.range() / 2f + (numbers == CalendarNumbers.CALENDAR ? feature.first() : 0);
    }
    return graph.round(graph.affine(features, factors, summands));
  }

  /** The number of cells of the context that a tensor begins with. */
  private long before(TensorEdge edge) {
    return edge.axes().get(1) == Axis.SPAN ? edge.sizes().get(1) - manifest.predictionLength() : 0;
  }

  private String newest(GraphEdges graph, String cells, TensorEdge edge) {
    int length = manifest.contextLength();
    long before = before(edge);
    return before == length
        ? cells
        : graph.gather(cells, 1, LongStream.range(length - before, length).toArray());
  }

  private String futureCovariates(GraphEdges graph, TensorEdge edge) {
    List<String> all = manifest.futureCovariates();
    List<String> some = columns(edge.tensor());
    String ahead = usual(TensorRole.FUTURE_COVARIATES);
    String chosen = all.equals(some) ? ahead : graph.gather(ahead, 2, indices(all, some));
    if (before(edge) == 0) {
      return chosen;
    }
    String past = picked(graph, usual(TensorRole.CONTEXT), channels(some));
    return graph.concat(List.of(newest(graph, past, edge), chosen), 1);
  }

  private String zeros(GraphEdges graph, int width) {
    int horizon = manifest.predictionLength();
    String one = graph.constant(new float[horizon * width], 1, horizon, width);
    return graph.forEachRow(one, usual(TensorRole.CONTEXT), 1, horizon, width);
  }

  /** A column: where it lies among all that a row could be made of. */
  private record Column(TensorRole from, int index) {}

  private Column place(TensorSpec tensor, String column) {
    Matcher lag = LAG.matcher(column);
    if (lag.matches()) {
      List<String> names = manifest.channels().names();
      String name = lag.group(1) == null ? names.get(0) : lag.group(1);
      int back = Integer.parseInt(lag.group(2));
      if (names.contains(name)
          && (lag.group(1) != null || names.size() == 1)
          && back <= manifest.contextLength()) {
        int cell = manifest.contextLength() - back;
        return new Column(TensorRole.CONTEXT, cell * names.size() + names.indexOf(name));
      }
    } else if (CalendarFeature.isNamed(column)) {
      int index = manifest.timeFeatures().indexOf(CalendarFeature.named(column));
      if (index >= 0) {
        return new Column(TensorRole.FUTURE_TIME_FEATURES, index);
      }
    } else if (manifest.futureCovariates().contains(column)) {
      return new Column(TensorRole.FUTURE_COVARIATES, manifest.futureCovariates().indexOf(column));
    }
    throw TensorEdge.refusal(
        KEY,
        tensor,
        "columns: must be lag_1 to lag_%d, of several channels NAME.lag_1 and so on, or among timeFeatures %s or futureCovariates %s; found %s"
            .formatted(
                manifest.contextLength(),
                manifest.timeFeatures(),
                manifest.futureCovariates(),
                column));
  }

  /** Puts all that columns may be of into one row, and takes those that are asked for. */
  private String columns(GraphEdges graph, TensorSpec tensor) {
    List<String> parts = new ArrayList<>();
    Map<TensorRole, Integer> starts = new EnumMap<>(TensorRole.class);
    int width = 0;
    for (TensorRole role : usual.keySet()) {
      if (role != TensorRole.CONTEXT_TIME_FEATURES) {
        String part = usual(role);
        if (role == TensorRole.FUTURE_TIME_FEATURES) {
          part = numbered(graph, tensor, part);
        }
        parts.add(graph.reshape(part, List.of(-1L, (long) spec.size(role))));
        starts.put(role, width);
        width += spec.size(role);
      }
    }
    long[] indices =
        columns(tensor).stream()
            .map(column -> place(tensor, column))
            .mapToLong(
                column -> requireNonNull(starts.get(column.from()), "filled") + column.index())
            .toArray();
    return graph.gather(graph.concat(parts, 1), 1, indices);
  }

  private void feedConstant(GraphEdges graph, TensorSpec tensor) {
    List<Double> values = requireNonNull(tensor.values(), "a constant has values");
    int batchAxis = TensorEdge.split(tensor.layout()).indexOf(Axis.BATCH.key());
    List<Long> shape = new ArrayList<>(tensor.shape());
    long rows = batchAxis < 0 ? 1 : shape.remove(batchAxis);
    if (shape.contains(-1L)) {
      throw TensorEdge.refusal(
          KEY, tensor, "shape: must be fixed beside the batch, found " + tensor.shape());
    }
    int count = (int) shape.stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b);
    if (values.size() != 1 && values.size() != count) {
      throw TensorEdge.refusal(
          KEY, tensor, "values: expected 1 or %d, found %d".formatted(count, values.size()));
    }
    List<Double> whole = values.size() == 1 ? Collections.nCopies(count, values.get(0)) : values;
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = whole.get(i).floatValue();
    }
    if (batchAxis >= 0) {
      shape.add(0, 1L);
    }
    long[] axes = shape.stream().mapToLong(size -> size).toArray();
    String all = graph.constant(floats, axes);
    if (rows == -1) {
      all = graph.forEachRow(all, anyInput(), axes);
    } else if (rows > 1) {
      all = graph.concat(Collections.nCopies((int) rows, all), 0);
    }
    if (batchAxis > 0) {
      int[] order =
          IntStream.range(0, axes.length)
              .map(axis -> axis == batchAxis ? 0 : axis < batchAxis ? axis + 1 : axis)
              .toArray();
      all = graph.transpose(all, order);
    }
    graph.feed(
        tensor.type().equals("float32") ? all : graph.cast(all, tensor.type()), tensor.name());
  }

  private String anyInput() {
    return usual.values().stream()
        .findFirst()
        .orElseThrow(
            () -> new ModelException(KEY + ": a constant for each window can't be beside patches"));
  }
}
