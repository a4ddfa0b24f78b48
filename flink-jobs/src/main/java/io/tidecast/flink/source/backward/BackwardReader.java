package io.tidecast.flink.source.backward;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Parses what {@link BackwardBlocks} reads, and remembers how far that is. The thread of the task.
 */
@SuppressWarnings("try") // As Flink declares close.
final class BackwardReader
    extends SingleThreadMultiplexSourceReaderBase<
        ConsumerRecord<byte[], byte[]>, ParsedMeasurement, BackwardSplit, BackwardReader.Progress> {

  BackwardReader(
      Supplier<SplitReader<ConsumerRecord<byte[], byte[]>, BackwardSplit>> blocks,
      ParseMeasurements parser,
      SourceReaderContext context) {
    super(blocks, new Parser(parser), context.getConfiguration(), context);
  }

  /** How far a partition has been read. */
  static final class Progress {

    private BackwardSplit left;

    private Progress(BackwardSplit left) {
      this.left = left;
    }
  }

  /** Parses records. All that a record holds comes at once: a checkpoint is between records. */
  private record Parser(ParseMeasurements parser)
      implements RecordEmitter<ConsumerRecord<byte[], byte[]>, ParsedMeasurement, Progress> {

    @Override
    public void emitRecord(
        ConsumerRecord<byte[], byte[]> record,
        SourceOutput<ParsedMeasurement> output,
        Progress progress) {
      parser.deserialize(record, new Output(output, record.timestamp()));
      progress.left = progress.left.upTo(record.offset());
    }
  }

  private record Output(SourceOutput<ParsedMeasurement> output, long timestampMillis)
      implements Collector<ParsedMeasurement> {

    @Override
    public void collect(ParsedMeasurement one) {
      output.collect(one, timestampMillis);
    }

    @Override
    public void close() {}
  }

  @Override
  protected void onSplitFinished(Map<String, Progress> finished) {}

  @Override
  protected Progress initializedState(BackwardSplit split) {
    return new Progress(split);
  }

  @Override
  protected BackwardSplit toSplitType(String id, Progress progress) {
    return progress.left;
  }
}
