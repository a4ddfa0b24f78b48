package io.tidecast.flink.format;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.Mapping;
import io.tidecast.runtime.csv.CsvOptions;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;

/** Says what the values of records are, and how they become observations. */
public sealed interface SourceFormat extends Serializable {

  /** Its records are the producers' own, and a mapping says what in them is an observation. */
  sealed interface Mapped extends SourceFormat {

    Mapping mapping();
  }

  /** Each record is an Avro single object of {@link io.tidecast.schemas.Observation}. */
  record Tidecast() implements SourceFormat {}

  /**
   * Each record is one JSON value, or several, each on a line of its own.
   *
   * @param layout says which
   */
  record Json(Mapping mapping, JsonLayout layout) implements Mapped {

    /** Each record is one JSON value. */
    public Json(Mapping mapping) {
      this(mapping, JsonLayout.VALUE);
    }

    public Json {
      requireNonNull(mapping, "mapping is null");
      requireNonNull(layout, "layout is null");
    }
  }

  /**
   * Each record is in Avro's binary encoding.
   *
   * @param schema a record, which all of them were written with
   */
  record Avro(Schema schema, Framing framing, Mapping mapping) implements Mapped {

    public Avro {
      requireNonNull(schema, "schema is null");
      requireNonNull(framing, "framing is null");
      requireNonNull(mapping, "mapping is null");
    }
  }

  /** Each record is one or more lines of InfluxDB's line protocol. */
  record Influx(Mapping mapping) implements Mapped {

    public Influx {
      requireNonNull(mapping, "mapping is null");
    }
  }

  /**
   * Records are the lines of CSV files instead of topics.
   *
   * @param files and folders, as they were written
   * @param options what is declared of all of them
   */
  record Csv(List<String> files, Mapping mapping, CsvOptions options, Order order)
      implements Mapped {

    public Csv {
      files = List.copyOf(files);
      requireNonNull(mapping, "mapping is null");
      requireNonNull(options, "options is null");
      requireNonNull(order, "order is null");
    }
  }

  /** Says in which order the records of a file stand. */
  enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
  }

  /** Says what stands before the bytes of an Avro record. */
  enum Framing {
    /** Nothing stands there. */
    NONE,
    /**
     * A zero byte and the four bytes of an id stand there, as Confluent's serializers write them.
     */
    CONFLUENT
  }

  /** Says how many JSON values a record is. */
  enum JsonLayout {
    /** It is one. */
    VALUE,
    /** Each of its lines is one. */
    LINES
  }

  /** Names the formats. */
  enum Kind {
    TIDECAST,
    JSON,
    AVRO,
    INFLUX,
    CSV
  }
}
