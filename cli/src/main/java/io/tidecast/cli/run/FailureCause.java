package io.tidecast.cli.run;

import io.tidecast.cli.console.Failures;
import io.tidecast.cli.job.KafkaPreflight;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * What a job failed by, for people: what everything began with, and what to do about it.
 *
 * @param name the same for failures by the same cause
 * @param sentence without a full stop
 */
record FailureCause(Kind kind, String name, String sentence) {

  /** Says whether it helps to try again. */
  enum Kind {
    /** Somebody or something else can put an end to it: a broker comes back, a right is given. */
    PASSES,
    /** It would be the same with every try. */
    STAYS,
    /** Nobody knows. */
    UNKNOWN,
    /** It only follows from another failure. */
    FOLLOWS
  }

  /**
   * Failures that are known.
   *
   * @param is says whether a failure is one of them
   * @param advice what to do
   */
  private record Known(Predicate<Throwable> is, Kind kind, String advice) {}

  private static Predicate<Throwable> by(Class<? extends Throwable> type) {
    return failure -> Failures.find(failure, type) != null;
  }

  /** The first that fits counts. */
  private static final List<Known> KNOWN =
      List.of(
          new Known(
              by(RecordTooLargeException.class),
              Kind.STAYS,
              "raise the topic's max.message.bytes and kafka.properties.max.request.size, or set a shorter model.horizon"),
          new Known(
              failure -> Failures.says(failure, KafkaPreflight.MAX_TRANSACTION_TIMEOUT),
              Kind.STAYS,
              "lower sink.transaction-timeout, or raise the brokers' transaction.max.timeout.ms"),
          new Known(
              by(TopicAuthorizationException.class),
              Kind.PASSES,
              "give the job's user the right to READ source topics and to WRITE sink.topic and dead-letters.topic; 'tidecast acls' prints all that it needs"),
          new Known(
              by(TransactionalIdAuthorizationException.class),
              Kind.PASSES,
              "give the job's user the right to WRITE transactional ids that begin with sink.transactional-id-prefix"),
          new Known(
              by(GroupAuthorizationException.class),
              Kind.PASSES,
              "give the job's user the right to READ the group of source.group-id"),
          new Known(
              by(AuthenticationException.class),
              Kind.PASSES,
              "look at the credentials in kafka.properties"),
          new Known(
              by(ProducerFencedException.class),
              Kind.PASSES,
              "another job may have the same sink.transactional-id-prefix, or the job was away for longer than sink.transaction-timeout"),
          new Known(
              by(InvalidProducerEpochException.class),
              Kind.PASSES,
              "another job may have the same sink.transactional-id-prefix, or the job was away for longer than sink.transaction-timeout"),
          new Known(
              by(RetriableException.class),
              Kind.PASSES,
              "look at the brokers of kafka.bootstrap-servers and at the topics"));

  /** What Flink says of a job whose task manager has just ended, which tells no cause. */
  private static final List<String> AFTERMATH =
      List.of(
          "TaskManager with id",
          "TaskExecutor",
          "The TaskExecutor is shutting down",
          "Could not acquire the minimum required resources");

  /** Finds the cause of a failure. */
  static FailureCause of(Throwable failure) {
    for (Known known : KNOWN) {
      if (known.is().test(failure)) {
        return new FailureCause(
            known.kind(), known.advice(), Failures.text(failure) + "; " + known.advice());
      }
    }
    String text = Failures.text(failure);
    if (AFTERMATH.stream().anyMatch(text::startsWith)) {
      return new FailureCause(
          Kind.FOLLOWS,
          "task manager",
          "the task manager of this process ended and was replaced, as a task of it could not be ended or cleaned up; --debug shows why");
    }
    return new FailureCause(Kind.UNKNOWN, Failures.root(failure).getClass().getName(), text);
  }
}
