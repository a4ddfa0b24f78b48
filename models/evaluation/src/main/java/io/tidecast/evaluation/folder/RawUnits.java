package io.tidecast.evaluation.folder;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.evaluation.data.Scaler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network between a scaling and its inverse, so that the graph speaks the units of the series.
 *
 * @param scaler what the network was trained in the units of; null for raw units
 */
record RawUnits<C extends ArchitectureConfig>(
    Architecture<C> architecture, C config, @Nullable Scaler scaler) {

  /**
   * What the network gives.
   *
   * @param ports of the inputs
   */
  <T> T forward(Ops<T> ops, List<Port> ports, Inputs<T> in) {
    if (scaler == null) {
      return architecture.forward(ops, config, in);
    }
    Map<Role, T> scaled = new EnumMap<>(in.values());
    for (Port port : ports) {
      Span channels = channels(port.role());
      if (channels.count() > 0) {
        T row = ops.reshape(in.get(port.role()), -1, channels.size(port));
        row = ops.sub(row, channels.each(ops, port, scaler.mean()));
        row = ops.div(row, channels.each(ops, port, scaler.deviation()));
        scaled.put(port.role(), channels.shaped(ops, port, row));
      }
    }
    Port output = architecture.output(config);
    Span targets = channels(output.role());
    T y = architecture.forward(ops, config, new Inputs<>(scaled));
    T row = ops.precise(ops.reshape(y, -1, targets.size(output)));
    row = ops.mul(row, targets.each(ops, output, scaler.deviation()));
    row = ops.add(row, targets.each(ops, output, scaler.mean()));
    return targets.shaped(ops, output, row);
  }

  private Span channels(Role role) {
    int channels = config.encIn();
    int targets = architecture.targets(config);
    return switch (role) {
      case CONTEXT, PATCHES -> new Span(0, channels);
      case FUTURE_COVARIATES -> new Span(0, architecture.futureCovariates(config));
      case POINT, QUANTILES, SAMPLES -> new Span(channels - targets, targets);
      case CONTEXT_TIME_FEATURES, FUTURE_TIME_FEATURES, NOISE, FLOW_NOISE, FLOW_TIME ->
          new Span(0, 0);
    };
  }

  /**
   * The channels of a tensor, whose values of one window are scaled in a row: along a short last
   * axis, ONNX Runtime 1.28 broadcasts value by value, which was a quarter of PatchTST's time.
   */
  private record Span(int first, int count) {

    /** Values of one window. */
    int size(Port port) {
      int size = port.role() == Role.PATCHES ? count : 1;
      for (long length : port.shape().subList(1, port.shape().size())) {
        size *= (int) length;
      }
      return size;
    }

    /** A constant for each value of a window; a single one where there is one channel. */
    <T> T each(Ops<T> ops, Port port, double[] ofChannel) {
      if (count == 1) {
        return ops.constant(ofChannel[first]);
      }
      int size = size(port);
      float[] each = new float[size];
      for (int i = 0; i < size; i++) {
        int channel = port.role() == Role.PATCHES ? i / (size / count) : i % count;
        each[i] = (float) ofChannel[first + channel];
      }
      return ops.constant(each, size);
    }

    <T> T shaped(Ops<T> ops, Port port, T row) {
      return ops.reshape(row, port.shape().stream().mapToLong(Long::longValue).toArray());
    }
  }
}
