package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.ParsedMeasurement;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * CSV files, merged by time into one stream that ends: the work of one subtask, the first. Reading
 * is little beside forecasting, and merged there is one watermark, which no file runs ahead of.
 */
public final class CsvSource
    implements Source<ParsedMeasurement, CsvSplit, CsvSplit>,
        ResultTypeQueryable<ParsedMeasurement> {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A copy, of a class that is serializable.
  private final List<String> files;

  private final SourceFormat.Csv format;
  private final LineParser parser;

  /**
   * @param files that the format stands for
   */
  public CsvSource(List<String> files, SourceFormat.Csv format, LineParser parser) {
    this.files = List.copyOf(files);
    this.format = format;
    this.parser = parser;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<ParsedMeasurement, CsvSplit> createReader(SourceReaderContext context) {
    return new CsvReader(format, parser);
  }

  @Override
  public SplitEnumerator<CsvSplit, CsvSplit> createEnumerator(
      SplitEnumeratorContext<CsvSplit> context) {
    return new Enumerator(
        context, new CsvSplit(files.stream().map(CsvSplit.Position::beginning).toList()));
  }

  @Override
  public SplitEnumerator<CsvSplit, CsvSplit> restoreEnumerator(
      SplitEnumeratorContext<CsvSplit> context, CsvSplit waiting) {
    return new Enumerator(context, waiting);
  }

  @Override
  public SimpleVersionedSerializer<CsvSplit> getSplitSerializer() {
    return new CsvSplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<CsvSplit> getEnumeratorCheckpointSerializer() {
    return new CsvSplit.Serializer();
  }

  @Override
  public TypeInformation<ParsedMeasurement> getProducedType() {
    return TypeInformation.of(ParsedMeasurement.class);
  }

  /**
   * Gives the one split to the first reader, unless that has kept it, and nothing to the others.
   */
  private static final class Enumerator implements SplitEnumerator<CsvSplit, CsvSplit> {

    private final SplitEnumeratorContext<CsvSplit> context;
    private CsvSplit waiting;

    Enumerator(SplitEnumeratorContext<CsvSplit> context, CsvSplit waiting) {
      this.context = context;
      this.waiting = waiting;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {}

    @Override
    public void addSplitsBack(List<CsvSplit> splits, int subtask) {
      splits.forEach(split -> waiting = split);
    }

    @Override
    public void addReader(int subtask) {
      if (subtask == 0 && !waiting.files().isEmpty()) {
        context.assignSplit(waiting, subtask);
        waiting = CsvSplit.NONE;
      }
      context.signalNoMoreSplits(subtask);
    }

    @Override
    public CsvSplit snapshotState(long checkpoint) {
      return waiting;
    }

    @Override
    public void close() throws IOException {}
  }
}
