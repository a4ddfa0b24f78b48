package io.tidecast.flink.source;

import io.tidecast.flink.format.MappedReader;
import io.tidecast.flink.format.ObservationReader;
import io.tidecast.flink.format.Readings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.SourceFormat.JsonLayout;
import io.tidecast.flink.format.TidecastReader;
import io.tidecast.flink.format.avro.AvroTree;
import io.tidecast.flink.format.csv.CsvTree;
import io.tidecast.flink.format.field.LineTree;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.influx.InfluxTree;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.csv.LineParser;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Decides of each record whether it is a good observation, or good values of covariates, and if
 * not, why. It does so inside the source, so that watermarks are made per partition and from good
 * observations only: one clock that runs ahead moves nothing.
 *
 * <p>Never throws for what a record holds.
 */
public final class ParseMeasurements
    implements KafkaRecordDeserializationSchema<ParsedMeasurement>, LineParser {

  /** Far enough from the ends of a long that no arithmetic on grids overflows. */
  static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final long serialVersionUID = 1L;

  /** A decoder puts it in the place of bytes that it cannot read. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final Headers NO_HEADERS = new RecordHeaders();

  private final ParseRules rules;
  private final MillisClock clock;

  private transient ObservationReader reader;
  private transient Outcomes outcomes;

  public ParseMeasurements(ParseRules rules, MillisClock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  @Override
  public LineParser.OfFile ofFile(CsvLayout layout) {
    Mapping mapping = ((SourceFormat.Csv) rules.format()).mapping().with(layout.marks());
    ParseMeasurements parser = new ParseMeasurements(rules, clock);
    parser.reader = new MappedReader(mapping, new CsvTree(layout, mapping.fields().toList()));
    parser.outcomes = parser.new Outcomes();
    return line -> parser.parse(line, NO_HEADERS);
  }

  @Override
  public void open(InitializationContext context) {
    outcomes = new Outcomes();
    SourceFormat format = rules.format();
    if (format instanceof SourceFormat.Json json) {
      JsonTree tree = new JsonTree();
      reader =
          new MappedReader(
              json.mapping(), json.layout() == JsonLayout.LINES ? new LineTree(tree) : tree);
    } else if (format instanceof SourceFormat.Influx influx) {
      reader = new MappedReader(influx.mapping(), new InfluxTree());
    } else if (format instanceof SourceFormat.Avro avro) {
      AvroTree tree = new AvroTree(avro.schema(), avro.framing());
      reader = new MappedReader(avro.mapping(), tree);
    } else {
      reader = new TidecastReader(rules.valueCount());
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedMeasurement> out) {
    parse(SourceRecord.of(record), record.headers(), out::collect);
  }

  @Override
  public TypeInformation<ParsedMeasurement> getProducedType() {
    return TypeInformation.of(ParsedMeasurement.class);
  }

  /**
   * Hands on what becomes of a record: each of its observations, a dead letter for each reason that
   * some of it is refused for, and how much of it is passed over for each reason.
   *
   * @param out is given at least one outcome
   */
  public void parse(SourceRecord source, Headers headers, Consumer<ParsedMeasurement> out) {
    outcomes.begin(source, out);
    try {
      if (source.value() == null) {
        outcomes.passedOver(PassedOver.Reason.TOMBSTONE, 1);
      } else {
        reader.read(source, headers, outcomes);
      }
    } catch (RefusedException e) {
      outcomes.refused(e);
    }
    outcomes.end();
  }

  /** Returns the outcomes of a record, in order; at least one. */
  public List<ParsedMeasurement> parse(SourceRecord source, Headers headers) {
    List<ParsedMeasurement> all = new ArrayList<>(1);
    parse(source, headers, all::add);
    return all;
  }

  private Measurement checked(Measurement measurement, long now) throws RefusedException {
    checkTime(measurement.timeMillis(), now);
    Measurement checked = measurement;
    if (rules.named()) {
      checkName("series", measurement.series(), rules.maxNameChars());
      if (measurement.group() != null) {
        checkName("group", measurement.group(), ParseRules.MAX_SERIES_CHARS);
      }
    } else {
      checked =
          new Measurement(measurement.source(), "", measurement.timeMillis(), measurement.values());
    }
    return checked;
  }

  static void checkSeries(String series) throws RefusedException {
    checkName("series", series, ParseRules.MAX_SERIES_CHARS);
  }

  private static void checkName(String what, String name, int maxChars) throws RefusedException {
    if (name.isBlank() || name.length() > maxChars) {
      throw new RefusedException(
          ErrorCode.INVALID_SERIES,
          "%s must have 1 to %d characters, not all blank: length=%d"
              .formatted(what, maxChars, name.length()));
    }
    int at = firstUnwritable(name);
    if (at >= 0) {
      // Not the name itself: it could not be written here either.
      throw new RefusedException(
          ErrorCode.INVALID_SERIES,
          ("%s must be text that UTF-8 can write, or two of them would get one name:"
                  + " character %d is U+%04X%s")
              .formatted(
                  what,
                  at + 1,
                  (int) name.charAt(at),
                  name.charAt(at) == REPLACEMENT
                      ? ", which stands for bytes that were no text"
                      : ", one half of a surrogate pair"));
    }
  }

  /**
   * Finds what names of different series may share: the character that stands for bytes which could
   * not be read, or half a surrogate pair, which is written as a question mark; -1 without any.
   */
  private static int firstUnwritable(String name) {
    for (int i = 0; i < name.length(); i++) {
      char one = name.charAt(i);
      if (one == REPLACEMENT) {
        return i;
      }
      if (Character.isSurrogate(one)) {
        boolean pair =
            Character.isHighSurrogate(one)
                && i + 1 < name.length()
                && Character.isLowSurrogate(name.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private void checkTime(long timeMillis, long now) throws RefusedException {
    Instant time = Instant.ofEpochMilli(timeMillis);
    Instant latest = Instant.ofEpochMilli(now + rules.maxFuture().toMillis());
    if (time.isBefore(EARLIEST) || time.isAfter(latest)) {
      throw new RefusedException(
          ErrorCode.TIME_OUT_OF_RANGE,
          "time must be within %s..%s (%s.max-future ahead of the clock): time=%s"
              .formatted(EARLIEST, latest, rules.section(), time));
    }
  }

  /** What became of the record that is being read. One object serves all records of a subtask. */
  private final class Outcomes implements Readings {

    private SourceRecord source = new SourceRecord("", 0, 0, -1, null, null);
    private Consumer<ParsedMeasurement> out = none -> {};
    private long now;
    private int elements;
    private boolean first;

    /** Has the bytes of the record, which its observations share; null until it is needed. */
    private @Nullable RecordOrigin whole;

    // Null until something is refused or passed over, which is rare.
    private @Nullable Map<ErrorCode, Refusals> refusals;
    private @Nullable Map<PassedOver.Reason, Integer> passedOver;

    void begin(SourceRecord next, Consumer<ParsedMeasurement> taker) {
      source = next;
      out = taker;
      now = clock.millis();
      elements = 0;
      first = true;
      whole = null;
      refusals = null;
      passedOver = null;
    }

    @Override
    public void found(Measurement measurement) {
      try {
        Measurement good = checked(measurement, now);
        if (rules.keepsBytes()) {
          whole = whole == null ? source.whole(rules.maxValueBytes()) : whole;
          good = good.from(whole);
        }
        elements++;
        out.accept(new ParsedMeasurement(good, null, null, first));
        first = false;
      } catch (RefusedException e) {
        refused(e);
      }
    }

    @Override
    public void refused(RefusedException why) {
      elements++;
      if (refusals == null) {
        refusals = new EnumMap<>(ErrorCode.class);
      }
      refusals.computeIfAbsent(why.code, code -> new Refusals(why.getMessage())).count++;
    }

    @Override
    public void passedOver(PassedOver.Reason reason, int count) {
      elements += count;
      if (passedOver == null) {
        passedOver = new EnumMap<>(PassedOver.Reason.class);
      }
      passedOver.merge(reason, count, Integer::sum);
    }

    void end() {
      if (refusals != null) {
        refusals.forEach(
            (code, these) -> {
              String detail = these.detail(elements);
              int maxBytes = rules.maxValueBytes();
              Rejection rejection = Rejection.of(code, detail, source, maxBytes, now);
              out.accept(new ParsedMeasurement(null, rejection, null, first));
              first = false;
            });
      }
      if (passedOver != null) {
        passedOver.forEach(
            (reason, count) -> {
              out.accept(new ParsedMeasurement(null, null, new PassedOver(reason, count), first));
              first = false;
            });
      }
    }
  }

  /** The elements of one record that are refused for one reason. */
  private static final class Refusals {

    private final String firstDetail;
    private int count;

    Refusals(String firstDetail) {
      this.firstDetail = firstDetail;
    }

    /**
     * @param elements of the record, refused or not
     */
    String detail(int elements) {
      return elements == 1
          ? firstDetail
          : "%s (%d of the %d observations of the record are refused so)"
              .formatted(firstDetail, count, elements);
    }
  }
}
