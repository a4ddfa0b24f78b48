package io.tidecast.cli.model;

import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxDescription;
import io.tidecast.runtime.onnx.OnnxDescription.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the tensors of a graph seem to be for, wherever it comes from.
 *
 * @param byPort every role that could be guessed
 */
record GraphRoles(Map<Port, TensorRole> byPort) {

  static GraphRoles of(OnnxDescription graph) {
    Map<Port, TensorRole> roles = new LinkedHashMap<>();
    roles.putAll(guessed(graph.inputs(), true));
    roles.putAll(guessed(graph.outputs(), false));
    return new GraphRoles(roles);
  }

  /** Finds the first tensor of a role; null where none seems to have it. */
  private @Nullable Port port(TensorRole role) {
    return byPort.keySet().stream()
        .filter(port -> byPort.get(port) == role)
        .findFirst()
        .orElse(null);
  }

  private @Nullable Port context() {
    return port(TensorRole.CONTEXT);
  }

  private @Nullable Port point() {
    return port(TensorRole.POINT);
  }

  /** Says the role of a tensor; empty where neither its name nor its place tells. */
  Optional<TensorRole> role(Port port) {
    return Optional.ofNullable(byPort.get(port));
  }

  /** The number of past steps that the graph takes; -1 where it leaves that open. */
  long contextLength() {
    return size(context(), timeAxis());
  }

  /** The number of steps that the graph forecasts; -1 where it leaves that open. */
  long predictionLength() {
    return size(point(), timeAxis());
  }

  /** The number of channels that the graph takes; -1 where it leaves that open. */
  long channels() {
    return Math.max(size(context(), channelAxis()), targets());
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

  /**
   * The number of cells of a patch, -1 where the graph leaves that open; empty where it takes no
   * patches.
   */
  OptionalLong patchLength() {
    return width(TensorRole.PATCHES);
  }

  /** The number of patches of one channel; -1 where the graph leaves that open. */
  long patchCount() {
    return size(port(TensorRole.PATCHES), 1);
  }

  /** The number of channels that are forecast; -1 where the graph leaves that open. */
  long targets() {
    return size(point(), channelAxis());
  }

  private int timeAxis() {
    return isTimeLast() ? 2 : 1;
  }

  private int channelAxis() {
    return isTimeLast() ? 1 : 2;
  }

  /**
   * Says whether time is the last axis: only then does the axis that stays the same come before the
   * one that changes.
   */
  private boolean isTimeLast() {
    return size(context(), 1) > 0
        && size(context(), 1) == size(point(), 1)
        && size(context(), 2) != size(point(), 2);
  }

  private static long size(@Nullable Port port, int axis) {
    if (port == null) {
      return -1;
    }
    return axis < port.shape().size() ? port.shape().get(axis) : 1;
  }

  /**
   * Names the axes of a tensor. One that has other axes than its role asks for keeps them as they
   * are, so that it is refused for them.
   */
  String layout(Port port) {
    int axes = port.shape().size();
    return role(port)
        .map(role -> layout(role, axes))
        .filter(layout -> layout.split(",", -1).length == axes)
        .orElseGet(
            () ->
                IntStream.range(0, axes)
                    .mapToObj(axis -> axis == 0 ? "batch" : "axis_" + axis)
                    .collect(Collectors.joining(",")));
  }

  private String layout(TensorRole role, int axes) {
    return switch (role) {
      case CONTEXT, PAST_COVARIATES, DECODER_INPUT ->
          isTimeLast() ? "batch,channel,time" : "batch,time,channel";
      case POINT -> isTimeLast() ? "batch,channel,horizon" : "batch,horizon,channel";
      case CONTEXT_TIME_FEATURES -> "batch,time,feature";
      case FUTURE_TIME_FEATURES -> "batch,horizon,feature";
      case FUTURE_COVARIATES -> "batch,horizon,covariate";
      case QUANTILES -> axes == 4 ? "batch,horizon,channel,level" : "batch,horizon,level";
      case SAMPLES -> "batch,sample,horizon";
      case PATCHES -> "batch*channel,patch,step";
      case NOISE -> "";
    };
  }

  /** Guesses the roles by name where names tell; what then is left alone is the series itself. */
  private static Map<Port, TensorRole> guessed(List<Port> ports, boolean inputs) {
    Map<Port, TensorRole> roles = new LinkedHashMap<>();
    List<Port> others = new ArrayList<>();
    for (Port port : ports) {
      Optional<TensorRole> role = byName(port.name().toLowerCase(Locale.ROOT), inputs);
      role.ifPresentOrElse(r -> roles.put(port, r), () -> others.add(port));
    }
    TensorRole main = inputs ? TensorRole.CONTEXT : TensorRole.POINT;
    boolean given = roles.containsValue(main) || roles.containsValue(TensorRole.PATCHES);
    if (others.size() == 1 && !given) {
      roles.put(others.get(0), main);
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
    if (name.contains("patch")) {
      return Optional.of(TensorRole.PATCHES);
    }
    if (name.contains("mark") || name.contains("time_features")) {
      return Optional.of(
          name.contains("dec") || name.contains("future")
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
}
