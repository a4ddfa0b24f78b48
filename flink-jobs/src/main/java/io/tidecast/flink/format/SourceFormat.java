package io.tidecast.flink.format;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.Mapping;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;

/** What the values of the source's records are, and how they become observations. */
public sealed interface SourceFormat extends Serializable {

  /** Avro single objects of {@link io.tidecast.schemas.Observation}. */
  record Tidecast() implements SourceFormat {}

  /** One JSON value each. */
  record Json(Mapping mapping) implements SourceFormat {

    public Json {
      requireNonNull(mapping, "mapping is null");
    }
  }

  /**
   * Avro's binary encoding.
   *
   * @param schema a record, which all of them were written with
   */
  record Avro(Schema schema, Framing framing, Mapping mapping) implements SourceFormat {

    public Avro {
      requireNonNull(schema, "schema is null");
      requireNonNull(framing, "framing is null");
      requireNonNull(mapping, "mapping is null");
    }
  }

  /**
   * CSV files instead of topics, the first line of each naming its columns.
   *
   * @param files and folders, as they were written
   */
  record Csv(List<String> files, Mapping mapping) implements SourceFormat {

    public Csv {
      files = List.copyOf(files);
      requireNonNull(mapping, "mapping is null");
    }
  }

  /** What stands before the bytes of an Avro record. */
  enum Framing {
    /** Nothing. */
    NONE,
    /** A zero byte and the four bytes of an id, as Confluent's serializers write them. */
    CONFLUENT
  }

  /** The formats by name. */
  enum Kind {
    TIDECAST,
    JSON,
    AVRO,
    CSV
  }
}
