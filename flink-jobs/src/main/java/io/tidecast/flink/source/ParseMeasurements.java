package io.tidecast.flink.source;

import io.tidecast.flink.format.MappedReader;
import io.tidecast.flink.format.ObservationReader;
import io.tidecast.flink.format.Readings;
import io.tidecast.flink.format.RecordTrees;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.TidecastReader;
import io.tidecast.flink.format.csv.CsvTree;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.influx.InfluxTree;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import io.tidecast.flink.source.csv.LineParser;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.time.SeriesOrder;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private final TimeDoubts doubts;

  private transient ObservationReader reader;
  private transient Outcomes outcomes;

  /** Null for lines of files, which have no headers. */
  private transient @Nullable PassingHeaders passing;

  public ParseMeasurements(ParseRules rules, MillisClock clock) {
    this.rules = rules;
    this.clock = clock;
    this.doubts = TimeDoubts.of(rules.format());
  }

  @Override
  public LineParser.OfFile ofFile(CsvLayout layout, byte[] memory) {
    Mapping mapping = ((SourceFormat.Csv) rules.format()).mapping().with(layout.marks());
    ParseMeasurements parser = new ParseMeasurements(rules, clock);
    MappedReader reader = new MappedReader(mapping, new CsvTree(layout, mapping.fields().toList()));
    reader.order().restore(memory);
    parser.reader = reader;
    parser.outcomes = parser.new Outcomes();
    return parser.new OfFile(reader.order());
  }

  /** Parses the lines of one file. */
  private final class OfFile implements LineParser.OfFile {

    private final SeriesOrder order;

    OfFile(SeriesOrder order) {
      this.order = order;
    }

    @Override
    public List<ParsedMeasurement> parse(SourceRecord line) {
      order.begin();
      return ParseMeasurements.this.parse(line, NO_HEADERS);
    }

    @Override
    public byte[] memory() {
      return order.bytes();
    }
  }

  @Override
  public void open(InitializationContext context) {
    outcomes = new Outcomes();
    passing =
        new PassingHeaders(
            rules.passed(), context == null ? null : new JobMetrics(context.getMetricGroup()));
    SourceFormat format = rules.format();
    RegistrySettings settings = format.registryOrNull();
    SchemaRegistry registry =
        settings == null ? null : HttpSchemaRegistry.open(settings, watcher(context));
    if (format instanceof SourceFormat.Json json) {
      reader =
          new MappedReader(
              json.mapping(), RecordTrees.of(json, registry, rules.section()), registry);
    } else if (format instanceof SourceFormat.Influx influx) {
      reader = new MappedReader(influx.mapping(), new InfluxTree(), registry);
    } else if (format instanceof SourceFormat.Avro avro) {
      reader =
          new MappedReader(
              avro.mapping(), RecordTrees.of(avro, registry, rules.section()), registry);
    } else if (format instanceof SourceFormat.Protobuf protobuf) {
      reader = new MappedReader(protobuf.mapping(), RecordTrees.of(protobuf, registry), registry);
    } else {
      reader = new TidecastReader(rules.valueCount());
    }
  }

  /**
   * @param context null where nobody counts
   */
  private static RegistryWatcher watcher(@Nullable InitializationContext context) {
    return context == null
        ? RegistryWatcher.NONE
        : new CountingWatcher(new JobMetrics(context.getMetricGroup()));
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
  public void parse(SourceRecord record, Headers headers, Consumer<ParsedMeasurement> out) {
    SourceRecord source = passing == null ? record : passing.of(record, headers);
    outcomes.begin(source, headers, out);
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
      Optional<String> hint = doubts.hint(timeMillis);
      throw new RefusedException(
          ErrorCode.TIME_OUT_OF_RANGE,
          "time must be within %s..%s%s: time=%s%s"
              .formatted(
                  EARLIEST,
                  latest,
                  // With more of it, the time would be taken for what it says.
                  hint.isPresent()
                      ? ""
                      : " (%s.max-future ahead of the clock)".formatted(rules.section()),
                  time,
                  hint.map(other -> "; " + other).orElse("")));
    }
  }

  /** What became of the record that is being read. One object serves all records of a subtask. */
  private final class Outcomes implements Readings {

    private SourceRecord source = new SourceRecord("", 0, 0, -1, null, null);
    private Headers headers = NO_HEADERS;
    private Consumer<ParsedMeasurement> out = none -> {};
    private long now;
    private int elements;
    private boolean first;

    /** Has the bytes of the record, which its observations share; null until it is needed. */
    private @Nullable RecordOrigin whole;

    // Null until something is refused or passed over, which is rare.
    private @Nullable Map<ErrorCode, Refusals> refusals;
    private @Nullable Map<PassedOver.Reason, Integer> passedOver;

    void begin(SourceRecord next, Headers itsHeaders, Consumer<ParsedMeasurement> taker) {
      source = next;
      headers = itsHeaders;
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
          good = good.from(whole());
        }
        elements++;
        out.accept(new ParsedMeasurement(good, null, null, first));
        first = false;
      } catch (RefusedException e) {
        refused(e.about(measurement.series(), measurement.timeMillis()));
      }
    }

    @Override
    public void refused(RefusedException why) {
      elements++;
      if (refusals == null) {
        refusals = new EnumMap<>(ErrorCode.class);
      }
      refusals.computeIfAbsent(why.code, code -> new Refusals(said(why), why)).add(why);
    }

    /** Says with which schema the record was written, for another may be right. */
    private String said(RefusedException why) {
      boolean ofKey = why.getMessage().contains("$key") && reader.keySchemaName() != null;
      String schema = ofKey ? reader.keySchemaName() : reader.schemaName();
      return schema == null || why.getMessage().contains(schema)
          ? why.getMessage()
          : "%s; the %s was written with the schema of %s"
              .formatted(why.getMessage(), ofKey ? "key" : "record", schema);
    }

    @Override
    public void passedOver(PassedOver.Reason reason, int count) {
      elements += count;
      if (passedOver == null) {
        passedOver = new EnumMap<>(PassedOver.Reason.class);
      }
      passedOver.merge(reason, count, Integer::sum);
    }

    private RecordOrigin whole() {
      RecordOrigin made = whole == null ? source.whole(rules.maxValueBytes(), headers) : whole;
      whole = made;
      return made;
    }

    /** Returns the series of what was refused, if it is known and is a name. */
    private @Nullable String series(Refusals these) {
      try {
        if (these.series != null && rules.named()) {
          checkName("series", these.series, rules.maxNameChars());
          return these.series;
        }
      } catch (RefusedException none) {
        // Then nothing can be written under it.
      }
      return null;
    }

    void end() {
      if (refusals != null) {
        refusals.forEach(
            (code, these) -> {
              String detail = these.detail(elements);
              Rejection rejection =
                  Rejection.of(code, detail, whole(), now).about(series(these), these.timeMillis);
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

    // Null where it is not known, or not the same of all.
    private @Nullable String series;
    private @Nullable Long timeMillis;

    Refusals(String firstDetail, RefusedException first) {
      this.firstDetail = firstDetail;
      this.series = first.series();
      this.timeMillis = first.timeMillis();
    }

    void add(RefusedException why) {
      count++;
      series = Objects.equals(series, why.series()) ? series : null;
      timeMillis = Objects.equals(timeMillis, why.timeMillis()) ? timeMillis : null;
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
