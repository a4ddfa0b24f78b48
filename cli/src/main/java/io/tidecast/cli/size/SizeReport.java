package io.tidecast.cli.size;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job takes. {@code size --json} prints it under these names. Bytes are bytes, rates are a
 * second.
 *
 * @param config the job file
 * @param backend that the cluster is reckoned with: {@code heap} or {@code rocksdb}
 * @param postgres null where nothing is copied there
 * @param assumptions what was not computed of the job, a sentence each
 * @param notices what the figures do not have in them, or what the job file is in the way of
 */
record SizeReport(
    String config,
    Demand demand,
    State state,
    String backend,
    Processors processors,
    Cluster cluster,
    Kafka kafka,
    @Nullable Postgres postgres,
    List<String> assumptions,
    List<String> notices) {

  /**
   * What series take, all of them unless it says of a series.
   *
   * @param heapOfASeries with all that it may keep, on the heap
   * @param diskOfASeries the same in RocksDB and in a checkpoint
   * @param heap of the JVMs, into which the job takes so many series
   * @param files of RocksDB
   * @param disk that must be free, onto which the job takes so many series
   * @param checkpoint that holds all, at most; every one does on the heap, the first one with
   *     RocksDB
   * @param savepoint in the form that every state backend reads
   * @param nextCheckpoint after an interval, in the mean, with RocksDB
   * @param largestCheckpoint the same while every subtask reads as fast as a core lets it
   * @param checkpointSeconds from one to the next
   * @param checkpointedOfAnObservation what a checkpoint of RocksDB writes for each that came since
   *     the one before
   * @param writtenOfAnObservation bytes that RocksDB and its checkpoints write to disks for each,
   *     at most
   * @param writtenASecond of all; 0 on the heap
   */
  record State(
      long heapOfASeries,
      long diskOfASeries,
      long heap,
      long files,
      long disk,
      long checkpoint,
      long savepoint,
      long nextCheckpoint,
      long largestCheckpoint,
      double checkpointSeconds,
      double checkpointedOfAnObservation,
      double writtenOfAnObservation,
      double writtenASecond) {}

  /**
   * @param forecastMicros of a forecast with its model
   * @param besidesModelMicros of a forecast besides its model, where the model is measured
   * @param observationMicros of an observation
   * @param forecastsPerCore a second, if a core did nothing else
   * @param forecastsPerGpu a second; null where the model runs on processors
   * @param busy processors that are busy all the time
   * @param cores to plan with
   * @param gpus null where the model runs on processors
   * @param secondsForAll until each series has a forecast, where all cells close at once
   */
  record Processors(
      double forecastMicros,
      double besidesModelMicros,
      double observationMicros,
      double forecastsPerCore,
      @Nullable Double forecastsPerGpu,
      double busy,
      int cores,
      @Nullable Integer gpus,
      double secondsForAll) {}

  /**
   * @param parallelism of the job
   * @param slots of a task manager
   * @param seriesOfATaskManager that it has room for
   * @param heap of the JVM of a task manager
   * @param managed memory of one
   * @param offHeap of tasks of one
   * @param process all memory of one
   */
  record Cluster(
      int parallelism,
      int taskManagers,
      int slots,
      long seriesOfATaskManager,
      long heap,
      long managed,
      long offHeap,
      long process) {}

  /**
   * @param observationBytes of one
   * @param in bytes a second that are read
   * @param recordsOfAForecast that one becomes
   * @param forecastBytes of all records of one
   * @param out bytes a second that are written, before compression and replication
   * @param shuffled bytes a second between subtasks
   */
  record Kafka(
      long observationBytes,
      double in,
      int recordsOfAForecast,
      long forecastBytes,
      double out,
      double shuffled) {}

  /**
   * @param rows a second
   * @param processes that copy them
   * @param bytesADay that the tables grow by, without retention
   */
  record Postgres(double rows, int processes, double bytesADay) {}
}
