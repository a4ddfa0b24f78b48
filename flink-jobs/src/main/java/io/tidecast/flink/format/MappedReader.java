package io.tidecast.flink.format;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.Mapping.Named;
import io.tidecast.flink.format.field.Mapping.Wide;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.field.ValueReader;
import io.tidecast.flink.format.time.TimeReader;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.ErrorCode;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;

/** Reads records of other formats as a mapping says. One thread uses it. */
public final class MappedReader implements ObservationReader {

  private final Mapping mapping;
  private final FieldReader fields;
  private final TimeReader time;
  private final ValueReader value;
  private final Map<String, Integer> channels = new HashMap<>();

  /**
   * @param tree that knows the format of the records; not shared
   */
  public MappedReader(Mapping mapping, RecordTree tree) {
    this.mapping = mapping;
    this.fields = new FieldReader(tree);
    this.time = TimeReader.of(mapping.time(), mapping.numericStrings(), mapping.keys());
    this.value = new ValueReader(mapping);
    if (mapping.values() instanceof Named named) {
      for (String name : named.channelNames()) {
        channels.put(name, channels.size());
      }
    }
  }

  @Override
  public void read(SourceRecord source, Headers headers, Readings out) throws RefusedException {
    fields.next(source, headers);
    out.found(measurement(source));
  }

  private Measurement measurement(SourceRecord source) throws RefusedException {
    String series = series();
    long timeMillis = time.millis(required(mapping.time().path()));
    FieldPath group = mapping.series().group();
    return new Measurement(
        source.origin(), series, group == null ? null : name(group), timeMillis, values());
  }

  private String series() throws RefusedException {
    List<FieldPath> paths = mapping.series().paths();
    if (paths.size() == 1) {
      return name(paths.get(0));
    }
    StringBuilder series = new StringBuilder();
    for (int i = 0; i < paths.size(); i++) {
      String part = name(paths.get(i));
      // Or two series could get one name.
      if (part.isBlank() || part.contains(mapping.series().separator())) {
        throw new RefusedException(
            ErrorCode.INVALID_SERIES,
            "part of a name must not be blank nor contain %s=%s: %s"
                .formatted(mapping.keys().separator(), mapping.series().separator(), paths.get(i)));
      }
      series.append(i == 0 ? "" : mapping.series().separator()).append(part);
    }
    return series.toString();
  }

  private double[] values() throws RefusedException {
    if (mapping.values() instanceof Wide wide) {
      double[] values = new double[wide.paths().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(wide.paths().get(i));
      }
      return values;
    }
    Named named = (Named) mapping.values();
    String name = name(named.name());
    Integer channel = channels.get(name);
    if (channel == null) {
      throw new RefusedException(
          ErrorCode.UNKNOWN_CHANNEL,
          "channel must be one of %s: %s=%s"
              .formatted(mapping.keys().channelNames(), named.name(), name));
    }
    int each = named.values().size();
    double[] values = new double[channels.size() * each];
    Arrays.fill(values, Double.NaN);
    for (int i = 0; i < each; i++) {
      values[channel * each + i] = value(named.values().get(i));
    }
    return values;
  }

  private double value(FieldPath path) throws RefusedException {
    return value.value(fields.field(path), path);
  }

  /** Returns text, or a whole number as text. */
  private String name(FieldPath path) throws RefusedException {
    Object found = required(path);
    if (found instanceof String text) {
      return text;
    }
    if (found instanceof Long || found instanceof Integer || found instanceof BigInteger) {
      return found.toString();
    }
    throw RefusedException.field(path, "text or a whole number", found);
  }

  private Object required(FieldPath path) throws RefusedException {
    Object found = fields.field(path);
    if (found == null) {
      throw RefusedException.missing(path);
    }
    return found;
  }
}
