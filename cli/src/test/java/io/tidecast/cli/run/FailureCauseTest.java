package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.run.FailureCause.Kind;
import java.io.IOException;
import org.apache.flink.util.FlinkException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class FailureCauseTest {

  @Test
  void shouldTellWhatCanPassFromWhatStays() {
    assertThat(kind(new TransactionalIdAuthorizationException("denied"))).isEqualTo(Kind.PASSES);
    assertThat(kind(new ProducerFencedException("fenced"))).isEqualTo(Kind.PASSES);
    assertThat(kind(new TimeoutException("Topic out not present in metadata")))
        .isEqualTo(Kind.PASSES);
    assertThat(kind(new RecordTooLargeException("too large"))).isEqualTo(Kind.STAYS);
    assertThat(kind(new KafkaException("larger than allowed by transaction.max.timeout.ms")))
        .isEqualTo(Kind.STAYS);
    assertThat(kind(new IllegalStateException("what is this"))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(new FlinkException("The TaskExecutor is shutting down.")))
        .isEqualTo(Kind.FOLLOWS);
  }

  @Test
  void shouldSayWhatItBeganWithAndWhatToDo() {
    Exception failure =
        new IOException(
            "send requests failed", new ProducerFencedException("There is a newer producer."));

    assertThat(FailureCause.of(failure).sentence())
        .startsWith(
            "There is a newer producer; another job may have the same sink.transactional-id-prefix");
    assertThat(FailureCause.of(new IOException(new NullPointerException())).sentence())
        .isEqualTo("NullPointerException");
  }

  private static Kind kind(Exception cause) {
    return FailureCause.of(new IOException("send requests failed", cause)).kind();
  }
}
