package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

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
  private transient Opened opened;

  private record Opened(Written<CellShape.CellValue> values, @Nullable CloudEvents events) {}

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
    opened =
        new Opened(
            Written.values(
                RecordKind.CELL,
                forecasts.records(),
                new CellShape(),
                SAMPLE,
                SinkSchemas.cellFrame(topic, forecasts)),
            CloudEvents.of(RecordKind.CELL, forecasts.records()));
  }

  @Override
  public void encode(ClosedCell cell, Out out) throws IOException, InterruptedException {
    byte[] key = cell.series().getBytes(StandardCharsets.UTF_8);
    for (int channel = 0; channel < cell.values().length; channel++) {
      CellShape.CellValue one = new CellShape.CellValue(cell, channel, target(channel));
      // No timestamp, that is the wall clock; see ForecastRecords.
      out.write(
          new ProducerRecord<>(
              topic,
              null,
              null,
              key,
              opened.values.bytes(one),
              opened.events == null ? null : opened.events.of(one)));
    }
  }

  private String target(int channel) {
    return channel < channels.size() ? channels.get(channel) : Integer.toString(channel);
  }
}
