package io.tidecast.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxDescription;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the tensors of a graph seem to be for, and what their axes are, wherever it comes from.
 *
 * @param byPort every role that could be guessed
 * @param axes of the past and of the forecast
 */
record GraphRoles(Map<Port, TensorRole> byPort, SeriesAxes axes) {

  /** Counted from 0 by every calendar, so that there is one way to count them. */
  private static final Set<CalendarFeature> FROM_ZERO =
      EnumSet.of(
          CalendarFeature.SECOND_OF_MINUTE,
          CalendarFeature.MINUTE_OF_HOUR,
          CalendarFeature.HOUR_OF_DAY,
          CalendarFeature.DAY_OF_WEEK);

  static GraphRoles of(OnnxDescription graph) {
    Map<Port, TensorRole> roles = new LinkedHashMap<>();
    roles.putAll(inputs(graph.inputs()));
    roles.putAll(outputs(graph.outputs()));
    Port past = first(roles, TensorRole.CONTEXT);
    Port point = first(roles, TensorRole.POINT);
    Port quantiles = first(roles, TensorRole.QUANTILES);
    boolean single = quantiles != null && RoleNames.level(quantiles.name()).isPresent();
    Port ahead = point == null ? quantiles : point;
    SeriesAxes axes = new SeriesAxes(past, ahead, point == null && quantiles != null && !single);
    if (point != null && axes.levels() != 0) {
      // More than there are channels: what is forecast of each are its quantiles.
      roles.put(point, TensorRole.QUANTILES);
    }
    return new GraphRoles(roles, axes);
  }

  private static Map<Port, TensorRole> inputs(List<Port> ports) {
    Map<Port, TensorRole> roles = new LinkedHashMap<>();
    List<Port> others = new ArrayList<>();
    for (Port port : ports) {
      Optional<TensorRole> role = RoleNames.role(port.name(), true);
      if (role.isEmpty() && RoleNames.calendar(port.name()).isPresent()) {
        role =
            Optional.of(
                RoleNames.isAhead(port.name())
                    ? TensorRole.FUTURE_TIME_FEATURES
                    : TensorRole.CONTEXT_TIME_FEATURES);
      }
      if (role.isEmpty() && port.type().equals("bool")) {
        role = Optional.of(TensorRole.OBSERVED_MASK);
      }
      role.ifPresentOrElse(r -> roles.put(port, r), () -> others.add(port));
    }
    boolean given =
        Stream.of(TensorRole.CONTEXT, TensorRole.PATCHES, TensorRole.COLUMNS)
            .anyMatch(roles::containsValue);
    if (!given) {
      likeliest(others, true).ifPresent(port -> roles.put(port, TensorRole.CONTEXT));
    }
    return roles;
  }

  private static Map<Port, TensorRole> outputs(List<Port> ports) {
    Map<Port, TensorRole> roles = new LinkedHashMap<>();
    List<Port> others = new ArrayList<>();
    for (Port port : ports) {
      RoleNames.role(port.name(), false)
          .ifPresentOrElse(role -> roles.put(port, role), () -> others.add(port));
    }
    if (!roles.containsValue(TensorRole.POINT)) {
      List<Port> forecasts =
          others.stream().filter(port -> !RoleNames.isBeside(port.name())).toList();
      boolean quantilesAlone = roles.containsValue(TensorRole.QUANTILES) && forecasts.isEmpty();
      if (!quantilesAlone) {
        likeliest(forecasts.isEmpty() ? others : forecasts, false)
            .ifPresent(port -> roles.put(port, TensorRole.POINT));
      }
    }
    boolean hasForecast =
        roles.containsValue(TensorRole.POINT) || roles.containsValue(TensorRole.QUANTILES);
    if (hasForecast) {
      others.stream()
          .filter(port -> !roles.containsKey(port))
          .forEach(port -> roles.put(port, TensorRole.IGNORED));
    }
    return roles;
  }

  /** The one port that there is, or the one with the name that most have; empty if none is. */
  private static Optional<Port> likeliest(List<Port> ports, boolean input) {
    if (ports.size() == 1) {
      return Optional.of(ports.get(0));
    }
    return ports.stream()
        .filter(port -> RoleNames.rank(port.name(), input) < Integer.MAX_VALUE)
        .min(Comparator.comparingInt(port -> RoleNames.rank(port.name(), input)));
  }

  /** Finds the first tensor of a role; null where none seems to have it. */
  private static @Nullable Port first(Map<Port, TensorRole> roles, TensorRole role) {
    return roles.keySet().stream().filter(port -> roles.get(port) == role).findFirst().orElse(null);
  }

  private @Nullable Port port(TensorRole role) {
    return first(byPort, role);
  }

  /** Says the role of a tensor; empty where neither its name nor its place tells. */
  Optional<TensorRole> role(Port port) {
    return Optional.ofNullable(byPort.get(port));
  }

  boolean has(TensorRole role) {
    return byPort.containsValue(role);
  }

  /** The number of past steps that the graph takes; -1 where it leaves that open. */
  long contextLength() {
    long furthest =
        columns().stream()
            .filter(column -> column.startsWith("lag_"))
            .mapToLong(column -> Long.parseLong(column.substring("lag_".length())))
            .max()
            .orElse(-1);
    return Math.max(axes.context(), furthest);
  }

  /** The number of steps that the graph forecasts; -1 where it leaves that open. */
  long predictionLength() {
    return axes.horizon();
  }

  /** The number of channels that the graph takes; -1 where it leaves that open. */
  long channels() {
    return Math.max(axes.channels(), Math.max(targets(), columns().isEmpty() ? -1 : 1));
  }

  /** The number of channels that are forecast; -1 where the graph leaves that open. */
  long targets() {
    return axes.targets();
  }

  /** Whether the first channels are those that are forecast, as Darts has them. */
  boolean beginsWithTargets() {
    Port past = first(byPort, TensorRole.CONTEXT);
    return past != null && past.name().equals("x_past");
  }

  /** Whether covariates come by inputs of their own, beside a context of the targets alone. */
  boolean separateCovariates() {
    return axes.channels() > 0
        && axes.channels() == targets()
        && (has(TensorRole.PAST_COVARIATES) || width(TensorRole.FUTURE_COVARIATES).orElse(-1) > 0);
  }

  /** The number of covariates of which the past alone is known. */
  long pastCovariates() {
    return byPort.keySet().stream()
        .filter(port -> byPort.get(port) == TensorRole.PAST_COVARIATES)
        .filter(port -> !RoleNames.isKnownAhead(port.name()))
        .mapToLong(port -> size(port, 2))
        .findFirst()
        .orElse(0);
  }

  /** The columns of inputs that are one each. */
  private List<String> columns() {
    return byPort.keySet().stream()
        .filter(port -> byPort.get(port) == TensorRole.COLUMNS)
        .flatMap(port -> RoleNames.lag(port.name()).stream())
        .toList();
  }

  /** The number of quantiles, -1 where the graph leaves that open; empty where there are none. */
  OptionalLong levels() {
    Port port = port(TensorRole.QUANTILES);
    if (port == null) {
      return OptionalLong.empty();
    }
    return axes.levels() != 0
        ? OptionalLong.of(axes.levels())
        : OptionalLong.of(port.shape().isEmpty() ? 1 : port.shape().get(port.shape().size() - 1));
  }

  /** The levels that the names of outputs tell, where each output is one. */
  List<Double> namedLevels() {
    return byPort.keySet().stream()
        .filter(port -> byPort.get(port) == TensorRole.QUANTILES)
        .flatMap(port -> RoleNames.level(port.name()).stream())
        .sorted()
        .toList();
  }

  /**
   * The length of the last axis of the first tensor of one of the roles, -1 where the graph leaves
   * that open; empty where there is no such tensor.
   */
  OptionalLong width(TensorRole... roles) {
    return Stream.of(roles)
        .map(this::port)
        .filter(Objects::nonNull)
        .mapToLong(port -> size(port, Math.max(2, port.shape().size() - 1)))
        .findFirst();
  }

  private static long size(@Nullable Port port, int axis) {
    if (port == null) {
      return -1;
    }
    return axis < port.shape().size() ? port.shape().get(axis) : 1;
  }

  /** The number of cells of a patch; see {@link #width}. */
  OptionalLong patchLength() {
    return width(TensorRole.PATCHES);
  }

  /** The number of patches of one channel; -1 where the graph leaves that open. */
  long patchCount() {
    return size(port(TensorRole.PATCHES), 1);
  }

  /** The places in the calendar that names of inputs tell, each once. */
  Set<CalendarFeature> calendar() {
    return byPort.keySet().stream()
        .filter(port -> isOfFeatures(byPort.get(port)))
        .flatMap(port -> RoleNames.calendar(port.name()).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether an input of calendar features does not say by its name which they are. */
  boolean hasUnnamedFeatures() {
    return byPort.keySet().stream()
        .anyMatch(
            port -> isOfFeatures(byPort.get(port)) && RoleNames.calendar(port.name()).isEmpty());
  }

  private static boolean isOfFeatures(@Nullable TensorRole role) {
    return role == TensorRole.CONTEXT_TIME_FEATURES || role == TensorRole.FUTURE_TIME_FEATURES;
  }

  /** Writes what is known of a tensor beside its name and its type. */
  void describe(Port port, ObjectNode tensor) {
    Optional<TensorRole> known = role(port).map(role -> placed(port, role));
    known.ifPresent(role -> tensor.put("role", role.key()));
    tensor.put("layout", known.map(role -> layout(port, role)).orElseGet(() -> numbered(port)));
    tensor.put("type", port.type());
    port.shape().forEach(tensor.putArray("shape")::add);
    known.ifPresent(role -> describe(port, role, tensor));
  }

  /** An input of the calendar is of the cells that it has as many of. */
  private TensorRole placed(Port port, TensorRole role) {
    boolean isAhead =
        isOfFeatures(role)
            && !port.shape().contains(contextLength())
            && port.shape().contains(predictionLength());
    return isAhead ? TensorRole.FUTURE_TIME_FEATURES : role;
  }

  private void describe(Port port, TensorRole role, ObjectNode tensor) {
    if (isOfFeatures(role)) {
      Optional<CalendarFeature> feature = RoleNames.calendar(port.name());
      if (feature.isPresent() && (calendar().size() > 1 || hasUnnamedFeatures())) {
        tensor.putArray("columns").add(feature.get().key());
      }
      if (!port.type().equals("float32") || feature.isPresent()) {
        boolean sure =
            !port.type().startsWith("float") && feature.filter(FROM_ZERO::contains).isPresent();
        tensor.put(
            "numbers",
            sure
                ? "calendar"
                : SeriesAxes.ask(
                    "calendar (months 1 to 12, as pandas has them), from_zero (0 to 11) or centred (-0.5 to 0.5)"));
      }
    } else if (role == TensorRole.CONSTANT) {
      ArrayNode values = tensor.putArray("values");
      if (RoleNames.isState(port.name())) {
        values.add(0);
      } else if (port.name().contains("mask") || port.name().contains("observed")) {
        values.add(1);
      } else {
        values.add(SeriesAxes.ask("what it is for the series that will be forecast"));
      }
    } else if (role == TensorRole.COLUMNS) {
      RoleNames.lag(port.name())
          .ifPresentOrElse(
              lag -> tensor.putArray("columns").add(lag),
              () ->
                  tensor.put(
                      "columns", SeriesAxes.ask("a list such as [lag_1, lag_24, hour_of_day]")));
    } else if (role == TensorRole.QUANTILES) {
      RoleNames.level(port.name()).ifPresent(level -> tensor.putArray("levels").add(level));
    }
  }

  /** Names the batch alone, which is the first axis of any size. */
  private static String numbered(Port port) {
    int batch = port.shape().indexOf(-1L);
    return IntStream.range(0, port.shape().size())
        .mapToObj(axis -> axis == batch ? "batch" : "axis_" + axis)
        .collect(Collectors.joining(","));
  }

  private String layout(Port port, TensorRole role) {
    return switch (role) {
      case CONTEXT -> axes.pastLayout();
      case POINT -> axes.aheadLayout();
      case QUANTILES ->
          has(TensorRole.POINT) && axes.levels() == 0
              ? fitted(port, "horizon", "channel", "level")
              : RoleNames.level(port.name()).isPresent()
                  ? fitted(port, "horizon", "channel", "level")
                  : axes.aheadLayout();
      case OBSERVED_MASK, PAST_COVARIATES ->
          fitted(port, "time", role == TensorRole.OBSERVED_MASK ? "channel" : "covariate", "1");
      case CONTEXT_TIME_FEATURES -> fitted(port, "time", "feature", "1");
      case FUTURE_TIME_FEATURES -> fitted(port, "horizon", "feature", "1");
      case FUTURE_COVARIATES -> fitted(port, "horizon", "covariate", "1");
      case DECODER_INPUT -> fitted(port, "horizon", "channel", "1");
      case COLUMNS -> fitted(port, "column", "1", "1");
      case SAMPLES -> "batch,sample,horizon";
      case PATCHES -> "batch*channel,patch,step";
      case CONSTANT, IGNORED, NOISE -> numbered(port);
    };
  }

  /** Names the axes by their sizes: one of cells, one of what each has, one more at most. */
  private String fitted(Port port, String cells, String each, String last) {
    int batch = SeriesAxes.batch(port, port(TensorRole.CONTEXT));
    long length = cells.equals("time") ? contextLength() : predictionLength();
    List<Integer> others =
        IntStream.range(0, port.shape().size()).filter(i -> i != batch).boxed().toList();
    int ofCells =
        others.stream()
            .filter(axis -> port.shape().get(axis) == length)
            .findFirst()
            .or(() -> others.stream().filter(axis -> port.shape().get(axis) > length).findFirst())
            .orElse(others.isEmpty() ? -1 : others.get(0));
    String[] tokens = new String[port.shape().size()];
    boolean reachesBack =
        ofCells >= 0 && cells.equals("horizon") && port.shape().get(ofCells) > length;
    List<String> names = new ArrayList<>(List.of(each, last));
    for (int axis = 0; axis < tokens.length; axis++) {
      if (axis == batch) {
        tokens[axis] = "batch";
      } else if (axis == ofCells) {
        tokens[axis] = reachesBack && length > 0 ? "time+horizon" : cells;
      } else if (names.size() == 2 && others.size() == 2 && last.equals("level")) {
        // A single target does without an axis of its own.
        tokens[axis] = "level";
      } else {
        tokens[axis] = names.isEmpty() ? "1" : names.remove(0);
      }
    }
    return String.join(",", tokens);
  }
}
