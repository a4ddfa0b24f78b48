package io.tidecast.flink.format;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.schema.Framing;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.runtime.csv.CsvOptions;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

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
  record Json(Framing framing, Mapping mapping, JsonLayout layout) implements Mapped {

    /** Each record is one JSON value, with nothing around it. */
    public Json(Mapping mapping) {
      this(Framing.NONE, mapping, JsonLayout.VALUE);
    }

    public Json {
      requireNonNull(framing, "framing is null");
      requireNonNull(mapping, "mapping is null");
      requireNonNull(layout, "layout is null");
    }
  }

  /**
   * Each record is in Avro's binary encoding.
   *
   * @param schema a record, which the mapping was held against
   * @param written where the schemas are that wrote the records
   */
  record Avro(Schema schema, Written written, Mapping mapping) implements Mapped {

    public Avro {
      requireNonNull(schema, "schema is null");
      requireNonNull(written, "written is null");
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
   * Each record is a Protobuf message.
   *
   * @param type that the mapping was held against
   * @param registry that has the schemas which wrote the records; null where all were written with
   *     that one
   */
  record Protobuf(
      MessageType type, Framing framing, @Nullable RegistrySettings registry, Mapping mapping)
      implements Mapped {

    public Protobuf {
      requireNonNull(type, "type is null");
      requireNonNull(framing, "framing is null");
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

  /** Returns the registry that records are read with; null where they are read without one. */
  default @Nullable RegistrySettings registryOrNull() {
    RegistrySettings ofValues = null;
    if (this instanceof Protobuf protobuf) {
      ofValues = protobuf.registry();
    } else if (this instanceof Avro avro) {
      ofValues = avro.written().registryOrNull();
    }
    KeyFormat key = this instanceof Mapped mapped ? mapped.mapping().encodings().key() : null;
    return ofValues == null && key != null ? key.registryOrNull() : ofValues;
  }

  /** Says in which order the records of a file stand. */
  enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
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
    PROTOBUF,
    INFLUX,
    CSV
  }
}
