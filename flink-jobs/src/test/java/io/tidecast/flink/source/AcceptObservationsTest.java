package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.testing.Samples;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** A topic of one schema, which the job has found out of its first records. */
class AcceptObservationsTest {

  private static final String SCHEMA =
      "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"v\", \"type\": \"double\"}]}";

  private static final JobConfig JOB =
      Samples.config(
          "source: {format: avro, framing: confluent, avro-schema: '%s', mapping: {series: id, time: $timestamp, values: v}}"
              .formatted(SCHEMA));

  @Test
  void shouldGoOnOnlyWithTheSchemaOfBefore() throws Exception {
    // Two subtasks before, three after.
    Before before =
        new Before(
            2,
            AbstractStreamOperatorTestHarness.repackageState(
                kept(named(1), null, 2, 0), kept(named(1), null, 2, 1)));

    for (int subtask = 0; subtask < 3; subtask++) {
      int at = subtask;
      assertThatCode(() -> kept(named(1), before, 3, at)).doesNotThrowAnyException();
      assertThatThrownBy(() -> kept(named(2), before, 3, at))
          .rootCause()
          .hasMessage(
              "source.avro-schemas must say which schema is which, or registry.url: source.avro-schema was the one of id 1, and the first records of the topic now name id 2");
      assertThatThrownBy(() -> kept(named(2), before, 3, at))
          .isInstanceOf(SuppressRestartsException.class);
    }
  }

  @Test
  void shouldGoOnFromStateOfBeforeAndWithEveryOtherFormat() throws Exception {
    Before none = new Before(1, kept(new SourceFormat.Tidecast(), null, 1, 0));
    Before some = new Before(1, kept(named(1), none, 1, 0));

    assertThat(kept(new SourceFormat.Tidecast(), some, 1, 0)).isNotNull();
  }

  private static SourceFormat named(int id) {
    return Samples.naming(JOB, id).source().format();
  }

  /** What so many subtasks have left. */
  private record Before(int subtasks, OperatorSubtaskState state) {}

  /** Starts, takes a snapshot and ends. */
  private static OperatorSubtaskState kept(
      SourceFormat format, Before before, int subtasks, int subtask) throws Exception {
    OneInputStreamOperatorTestHarness<ParsedMeasurement, Measurement> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new AcceptObservations(format)), subtasks, subtasks, subtask);
    try {
      harness.setup();
      if (before != null) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                before.state, subtasks, before.subtasks, subtasks, subtask));
      }
      harness.open();
      return harness.snapshot(1, 1);
    } finally {
      harness.close();
    }
  }
}
