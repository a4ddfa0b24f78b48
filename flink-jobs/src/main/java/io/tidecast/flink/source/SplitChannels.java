package io.tidecast.flink.source;

import io.tidecast.flink.record.Measurement;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Makes each channel of an observation an observation of a series of its own. Stateless. */
public final class SplitChannels implements FlatMapFunction<Measurement, Measurement> {

  private static final long serialVersionUID = 1L;

  private final ChannelSeries channels;

  public SplitChannels(ChannelSeries channels) {
    this.channels = channels;
  }

  @Override
  public void flatMap(Measurement all, Collector<Measurement> out) {
    for (int i = 0; i < all.values().length; i++) {
      out.collect(
          new Measurement(
              all.source(),
              all.series() + channels.suffix(i),
              all.group(),
              all.timeMillis(),
              new double[] {all.values()[i]}));
    }
  }
}
