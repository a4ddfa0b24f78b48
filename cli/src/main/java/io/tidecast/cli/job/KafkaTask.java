package io.tidecast.cli.job;

import io.tidecast.flink.config.JobConfig;
import java.util.EnumSet;
import java.util.Set;

/** What somebody does with a job at Kafka, which takes rights of its own. */
public enum KafkaTask {
  /** The job itself, wherever it runs. */
  JOB,
  /** Copies what the job writes to PostgreSQL: {@code tidecast postgres}. */
  POSTGRES,
  /** Creates the topics of the job: {@code --create-topics}. */
  CREATE_TOPICS,
  /** Serves the page of the job: {@code tidecast run --page}. */
  PAGE,
  /** Looks at what the job has written: {@code tidecast read}. */
  READ,
  /** Reads what the job has read: {@code tidecast train --config} and {@code evaluate --config}. */
  TRAIN,
  /** Commands the models of the job: {@code tidecast model activate} and its like. */
  MODEL;

  /** What {@code tidecast run} does without options. */
  public static Set<KafkaTask> ofRun(JobConfig config) {
    return config.postgres() == null ? EnumSet.of(JOB) : EnumSet.of(JOB, POSTGRES);
  }
}
