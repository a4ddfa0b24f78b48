package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.process.ProcessorTime;
import io.tidecast.schemas.CodecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A broker that has all observations, on which jobs are measured one after the other; each in a
 * process of its own, writing to topics of its own. This process reads what they commit. One
 * thread.
 */
final class PipelineStage implements AutoCloseable {

  /** Most windows of a run unless another number is measured. */
  static final int BATCH = 128;

  /** No rate that a job is held to. */
  static final double FULL_SPEED = Double.POSITIVE_INFINITY;

  private static final String OBSERVATIONS = "observations";
  private static final String DEAD_LETTERS = "observations.dlq";

  /** The job that copies writes these again and again. */
  private static final int SAMPLES = 4096;

  private static final int LAST_WORDS = 20;
  private static final Duration READING_LOOK = Duration.ofMillis(200);
  private static final long READING_PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

  private final Path folder;
  private final Setup setup;
  private final Broker broker;
  private List<ConsumerRecord<byte[], byte[]>> written = List.of();
  private int runs;

  /**
   * What is run.
   *
   * @param model its folder
   * @param batch most windows of a run
   * @param keys more of the job file
   * @param warmUp what is not counted
   */
  record Setup(
      Workload workload,
      Path model,
      int parallelism,
      int batch,
      Duration commitInterval,
      Map<String, String> keys,
      SteadyPart.WarmUp warmUp) {}

  private PipelineStage(Path folder, Setup setup, Broker broker) {
    this.folder = folder;
    this.setup = setup;
    this.broker = broker;
  }

  /** Starts the broker and gives it every observation. */
  static PipelineStage set(Path folder, Setup setup) throws IOException, InterruptedException {
    PipelineStage stage =
        new PipelineStage(folder, setup, Broker.startFast(folder.resolve("broker")));
    boolean ready = false;
    try {
      stage.broker.createTopic(OBSERVATIONS, setup.parallelism());
      stage.broker.createTopic(DEAD_LETTERS, 1);
      setup.workload().produce(stage.broker.bootstrapServers(), OBSERVATIONS);
      ready = true;
      return stage;
    } finally {
      if (!ready) {
        stage.close();
      }
    }
  }

  Setup setup() {
    return setup;
  }

  /**
   * Where a job writes to.
   *
   * @param place folder of its process
   * @param file of the job
   */
  record Output(String topic, Path place, Path file) {

    Path words() {
      return place.resolve("job.out");
    }

    /** What the process said last. */
    String lastWords() throws IOException {
      List<String> lines = Files.readAllLines(words(), StandardCharsets.UTF_8);
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    }
  }

  /** Makes a topic, a folder and a job file for what writes to it. */
  Output output(String name) throws IOException, InterruptedException {
    String topic = name + "-" + ++runs;
    broker.createTopic(topic, setup.parallelism());
    Path place = Files.createDirectory(folder.resolve(topic));
    Path file = place.resolve("job.yaml");
    JobYaml.write(file, keys(topic));
    return new Output(topic, place, file);
  }

  /** Makes a job that has not begun. */
  Job job(Output output) {
    return new Job(output.file, output.place, List.of(), options());
  }

  /** Makes a job that has not begun, with topics that it needs beyond those that there are. */
  Job jobWithTopics(Output output, List<String> more) {
    return new Job(
        output.file,
        output.place,
        List.of("--create-topics"),
        Stream.concat(options().stream(), more.stream()).toList());
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Reads what is written there, and that nothing is rejected. */
  CommittedForecasts committed(Output output) {
    return new CommittedForecasts(
        broker.bootstrapServers(), List.of(output.topic, DEAD_LETTERS), SAMPLES);
  }

  /** Makes a feed that goes on where the observations end. */
  PacedFeed feed(PacedFeed.Pace pace) {
    return new PacedFeed(setup.workload(), OBSERVATIONS, broker.bootstrapServers(), pace);
  }

  /**
   * Runs the whole job once over all observations.
   *
   * @param profile where to write where its time goes
   * @throws IllegalStateException if a forecast is missing, comes twice or is not the model's
   */
  SteadyPart forecast(Optional<Path> profile) throws Exception {
    Output output = output("forecasts");
    long expected = setup.workload().forecasts();
    try (Job job = job(output);
        CommittedForecasts committed = committed(output)) {
      job.start();
      job.leaveAlone();
      SteadyPart.Listener listener =
          profile.isPresent()
              ? new Profiler(job.process(), output.place, profile.orElseThrow())
              : SteadyPart.Listener.NONE;
      SteadyPart measured =
          measure(new Measured(job.process(), output, expected), committed, listener);
      job.stop();
      written = committed.first();
      requireComplete(output, expected);
      return measured;
    }
  }

  /** Reads all forecasts once more, now that nobody is measured, and lets go of them. */
  private void requireComplete(Output output, long expected)
      throws IOException, CodecException, InterruptedException {
    Completeness completeness = new Completeness(setup.workload());
    try (CommittedForecasts committed = committed(output)) {
      long deadline = System.nanoTime() + READING_PATIENCE_NANOS;
      while (committed.read(READING_LOOK) < expected) {
        for (byte[] value : committed.take()) {
          completeness.take(value);
        }
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "forecasts must be there once more: expected=%d found=%d"
                  .formatted(expected, committed.count()));
        }
      }
      for (byte[] value : committed.take()) {
        completeness.take(value);
      }
    }
    completeness.require(expected);
    broker.deleteTopic(output.topic);
  }

  /**
   * Runs the job that only copies once over all observations, after {@link #forecast}.
   *
   * @param perSecond at most; {@link #FULL_SPEED} for as many as it can
   */
  SteadyPart copy(double perSecond) throws Exception {
    Output output = output("copies");
    Path samples = output.place.resolve("samples");
    SampleRecords.write(samples, written);
    ChildProcess.Command command =
        new ChildProcess.Command(
            CopyJob.class.getName(),
            Stream.concat(
                    Stream.of("-Xmx1g", "-Djava.io.tmpdir=" + output.place), options().stream())
                .toList(),
            List.of(
                output.file.toString(),
                samples.toString(),
                output.topic,
                Double.toString(perSecond)),
            output.place);
    SteadyPart measured;
    try (ChildProcess job = ChildProcess.start(command, output.words());
        CommittedForecasts committed = committed(output)) {
      measured =
          measure(
              new Measured(job, output, setup.workload().observations()),
              committed,
              SteadyPart.Listener.NONE);
    }
    broker.deleteTopic(output.topic);
    return measured;
  }

  /** A job that is measured until so many records are there. */
  private record Measured(ChildProcess process, Output output, long expected) {}

  private SteadyPart measure(
      Measured measured, CommittedForecasts committed, SteadyPart.Listener listener)
      throws IOException {
    try (WrittenRecords count =
        new WrittenRecords(broker.bootstrapServers(), measured.output.topic)) {
      return SteadyPart.measure(
          new SteadyPart.Run(measured.expected, setup.warmUp(), measured.process, broker.process()),
          count,
          committed,
          listener);
    } catch (IOException e) {
      throw new IOException(
          "%s; its last words:%n%s".formatted(e.getMessage(), measured.output.lastWords()), e);
    }
  }

  /** A heap that does not grow while it is measured, and compilers whose time can be told apart. */
  private static List<String> options() {
    return List.of(
        "-Xms1g", ProcessorTime.KEEP_COMPILERS, Profiler.UNLOCK_PRECISE, Profiler.PRECISE);
  }

  private Map<String, Object> keys(String topic) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("source.topic", OBSERVATIONS);
    keys.put("source.start", "earliest");
    keys.put("source.group-id", topic);
    keys.put("series.step", setup.workload().step().toString());
    keys.put("series.channels", setup.workload().spec().channels());
    keys.put("model.path", setup.model().toString());
    keys.put("model.max-batch-size", setup.batch());
    keys.put("sink.topic", topic);
    keys.put("sink.delivery", "exactly-once");
    keys.put("dead-letters.topic", DEAD_LETTERS);
    keys.put("checkpoints.interval", setup.commitInterval().toString());
    keys.put("job.parallelism", setup.parallelism());
    setup.keys().forEach((key, value) -> keys.put(key, JobYaml.value(value)));
    return keys;
  }

  @Override
  public void close() {
    broker.close();
  }
}
