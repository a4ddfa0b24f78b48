package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;

/**
 * Makes a record of each channel of a closed cell, under its series, in the format of the
 * forecasts.
 */
public final class CellRecords implements RecordEncoder<ClosedCell> {

  private static final long serialVersionUID = 1L;
  private static final CellShape.CellValue SAMPLE =
      new CellShape.CellValue(new ClosedCell("", 0, new double[1], false), 0, "");

  private final String topic;
  private final List<String> channels;
  private final SinkSettings.Kafka forecasts;
  private transient SeriesRecords<CellShape.CellValue> records;

  /**
   * @param topic of the cells
   * @param channels names of what a series observes, in order; empty where they have none
   * @param forecasts how forecasts are written
   */
  public CellRecords(String topic, List<String> channels, SinkSettings.Kafka forecasts) {
    this.topic = topic;
    this.channels = List.copyOf(channels);
    this.forecasts = forecasts;
  }

  @Override
  public void open(InitializationContext context) {
    records =
        new SeriesRecords<>(
            topic,
            Written.values(
                RecordKind.CELL,
                forecasts.records(),
                new CellShape(),
                SAMPLE,
                SinkSchemas.cellFrame(topic, forecasts)),
            CloudEvents.of(RecordKind.CELL, forecasts.records()),
            CloudEvents::of);
  }

  @Override
  public void encode(ClosedCell cell, Out out) throws IOException, InterruptedException {
    byte[] key = SeriesRecords.key(cell.series());
    for (int channel = 0; channel < cell.values().length; channel++) {
      records.write(key, new CellShape.CellValue(cell, channel, target(channel)), out);
    }
  }

  private String target(int channel) {
    return channel < channels.size() ? channels.get(channel) : Integer.toString(channel);
  }
}
