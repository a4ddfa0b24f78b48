package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.runtime.measures.FloatResolution;
import io.tidecast.runtime.windows.Window;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the windows whose values a model cannot tell apart, because it must be given them as they
 * are, and tells of their series as they begin. One thread.
 */
final class CoarseSeries {

  private static final Logger LOG = LoggerFactory.getLogger(CoarseSeries.class);

  /** So many series are told of by name. */
  private static final int TOLD = 10;

  private final Counter windows;
  private final Set<String> told = new HashSet<>();

  CoarseSeries(JobMetrics metrics) {
    this.windows = metrics.counter(JobMetric.COARSE_WINDOWS);
  }

  /** Looks at the window of a model whose forecasts do not move with their context. */
  void look(Window window) {
    if (window.bases().length == 0) {
      return;
    }
    for (int channel = 0; channel < window.bases().length; channel++) {
      FloatResolution resolution = resolution(window, channel);
      if (!resolution.isEnough()) {
        windows.inc();
        tell(window.series(), channel, resolution);
        return;
      }
    }
  }

  private static FloatResolution resolution(Window window, int channel) {
    int channels = window.bases().length;
    double[] values = new double[window.context().length / channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = window.bases()[channel] + window.context()[i * channels + channel];
    }
    return FloatResolution.of(values, 1, 0);
  }

  private void tell(String series, int channel, FloatResolution resolution) {
    if (told.size() < TOLD && told.add(series)) {
      LOG.warn(
          "Channel {} of the series \"{}\" {}. The model has to be given its values as they are, for its forecasts do"
              + " not move with their context. Subtract a constant from the series, forecast its changes (series.aggregate:"
              + " delta), or take a model whose manifest may say shiftEquivariant. {}",
          channel,
          RunMetrics.printable(series),
          resolution.complaint(),
          told.size() == TOLD
              ? "Windows of further series are only counted, in "
                  + JobMetric.COARSE_WINDOWS.metricName()
                  + "."
              : "");
    }
  }
}
