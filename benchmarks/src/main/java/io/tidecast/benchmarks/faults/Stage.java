package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.echo.EchoModel;
import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.process.JobYaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a case plays with: a broker with its topics, the feed, the job and what it has
 * answered. One thread.
 */
final class Stage implements AutoCloseable {

  static final String OBSERVATIONS = "observations";
  static final String FORECASTS = "forecasts";
  static final String DEAD_LETTERS = "observations.dlq";
  static final int PARTITIONS = 2;

  private static final double ROUNDS_PER_SECOND = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 500;

  /** What is told as lost does not come any more; this much later nothing else does either. */
  private static final Duration TOLD = Duration.ofSeconds(5);

  private final Path folder;
  private final FaultCase.Setup setup;
  private final Run run;
  private final Plan plan;
  private final Broker broker;
  private final Feed feed;
  private final Job job;
  private Answers answers;
  private final List<Job> others = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private @Nullable SmallDisk disk;

  /**
   * How a case is run.
   *
   * @param shortForm with fewer and shorter faults
   */
  record Run(long seed, boolean shortForm) {}

  private Stage(Path folder, FaultCase.Setup setup, Run run)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.setup = setup;
    this.run = run;
    this.plan = new Plan(run.seed(), setup.series(), setup.contextLength());
    this.broker = Broker.start(folder.resolve("broker"), setup.entrance());
    this.feed = new Feed(broker.bootstrapServers(), OBSERVATIONS, plan);
    this.answers = answers(Ledger.Wrong.NONE);
    this.job = new Job(folder.resolve("job.yaml"), folder, List.of());
  }

  /** Sets the stage in this folder; the job has not begun. */
  static Stage set(Path folder, FaultCase.Setup setup, Run run)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Stage stage = new Stage(folder, setup, run);
    boolean ready = false;
    try {
      stage.broker.createTopic(OBSERVATIONS, PARTITIONS);
      stage.broker.createTopic(FORECASTS, PARTITIONS);
      stage.broker.createTopic(DEAD_LETTERS, PARTITIONS);
      stage.writeJob(setup.keys(), EchoModel.write(folder, setup.contextLength()));
      ready = true;
      return stage;
    } finally {
      if (!ready) {
        stage.close();
      }
    }
  }

  private Answers answers(Ledger.Wrong wrong) {
    return new Answers(
        broker.bootstrapServers(), List.of(FORECASTS, DEAD_LETTERS), new Ledger(plan, wrong));
  }

  private void writeJob(Map<String, Object> more, Path model) throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("kafka.bootstrap-servers", broker.bootstrapServersOfJobs());
    if (!broker.propertiesOfJobs().isEmpty()) {
      keys.put("kafka.properties", broker.propertiesOfJobs());
    }
    keys.put("source.topic", OBSERVATIONS);
    keys.put("series.step", "30min");
    keys.put("model.path", model.toString());
    keys.put("sink.topic", FORECASTS);
    if (!more.isEmpty()) {
      keys.put("checkpoints.directory", checkpoints().toUri().toString());
    }
    keys.putAll(more);
    JobYaml.write(folder.resolve("job.yaml"), keys);
  }

  /** Gives the job the model that never ends with a certain value; before it begins. */
  void giveHangingModel(Map<String, Object> keys) throws IOException {
    writeJob(keys, EchoModel.writeHanging(folder, plan.contextLength()));
  }

  /** Says which observation the model fails on; before the first answer is read. */
  void expectFailures(Ledger.Wrong wrong) {
    answers = answers(wrong);
  }

  boolean isShort() {
    return run.shortForm();
  }

  Random random() {
    return new Random(run.seed());
  }

  Path folder() {
    return folder;
  }

  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  Broker broker() {
    return broker;
  }

  Feed feed() {
    return feed;
  }

  Job job() {
    return job;
  }

  Plan plan() {
    return plan;
  }

  /** Sends a context, starts the job, and waits until the first forecasts are committed. */
  void begin() throws IOException, InterruptedException {
    feed.send(plan.contextLength());
    job.start();
    awaitAnswers(plan.series());
    feed.start(ROUNDS_PER_SECOND);
  }

  void goOn() {
    feed.start(ROUNDS_PER_SECOND);
  }

  /** Waits until so many forecasts are there, at the beginning, when nothing is wrong yet. */
  void awaitAnswers(long forecasts) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (account().once() < forecasts) {
      if (System.nanoTime() - deadline > 0 || job.starts() > 20) {
        throw new IOException("the job must give its first forecasts; see " + folder);
      }
      Thread.sleep(LOOK_MILLIS);
      deadline = answers.read() > 0 ? System.nanoTime() + PATIENCE.toNanos() : deadline;
    }
  }

  /** Ends the feed for a while, and waits until everything that is owed is there. */
  void calm() throws IOException, InterruptedException {
    feed.pause();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!account().isComplete()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("the job must answer all before the fault; see " + folder);
      }
      Thread.sleep(LOOK_MILLIS);
      answers.read();
    }
  }

  /** Has its answers read from the beginning of a topic that was made anew. */
  void forget(String topic) {
    answers.forget(topic);
  }

  /** Lets everything go on for a while before a fault, or after one. */
  void undisturbed() throws InterruptedException {
    last(Duration.ofSeconds(isShort() ? 1 : 5));
  }

  /** Waits until the job has said what it must, and no longer than a while. */
  void awaitWords() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0
        && !setup.mustSay().stream().allMatch(new Sentences(said())::have)) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Lets a fault last so long, a third of that in the short form. */
  void fault(long seconds) throws InterruptedException {
    last(Duration.ofSeconds(isShort() ? seconds / 3 : seconds));
  }

  /** Lets everything go on for so long. */
  static void last(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  /** Starts another process of the same job file, which is started again like the first. */
  Job another(String name) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Job another = new Job(folder.resolve("job.yaml"), place, List.of());
    others.add(another);
    another.start();
    return another;
  }

  /** Remembers what is not as it must be. */
  void objectUnless(boolean good, String problem) {
    if (!good) {
      problems.add(problem);
    }
  }

  /** The checkpoint that was finished last. */
  Path newestCheckpoint() throws IOException {
    try (Stream<Path> files = Files.walk(checkpoints())) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(Stage::modifiedMillis))
          .map(file -> Optional.ofNullable(file.getParent()).orElseThrow())
          .orElseThrow(() -> new IOException("the job must have a checkpoint"));
    }
  }

  private static long modifiedMillis(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the checkpoints onto a small disk; before the job begins. */
  SmallDisk mountSmallDisk(int megabytes) throws IOException, InterruptedException {
    disk = SmallDisk.mount(checkpoints(), megabytes);
    return disk;
  }

  private Account account() {
    return answers.account(feed.cells(), feed.unreadable());
  }

  /**
   * Ends the feed, waits until all that is owed is there or nothing comes any more, and stops the
   * job.
   */
  Ending end() throws IOException, InterruptedException {
    feed.pause();
    long newest = System.nanoTime();
    answers.read();
    while (!account().isComplete() && System.nanoTime() - newest < quiet().toNanos()) {
      Thread.sleep(LOOK_MILLIS);
      newest = answers.read() > 0 ? System.nanoTime() : newest;
    }
    job.leaveAlone();
    boolean alive = job.isAlive();
    int code = job.stop();
    objectUnless(alive, "the job must run at the end");
    objectUnless(!alive || code == 143, "SIGTERM must end the job with 143: found " + code);
    long hidden = awaitStable();
    objectUnless(hidden == 0, "open transactions hide " + hidden + " records");
    objectUnless(
        answers.size(OBSERVATIONS) == feed.sent(), "the topic must hold what was sent, once");
    return new Ending(account(), job.starts(), said(), problems);
  }

  /** How long nothing may come before what is missing is lost: not long, if the job says so. */
  private Duration quiet() {
    return new Sentences(said()).lossTold().equals(account().loss()) ? TOLD : setup.quiet();
  }

  private List<String> said() {
    List<String> said = new ArrayList<>(job.said());
    others.forEach(other -> other.said().forEach(line -> said.add("[another] " + line)));
    return said;
  }

  /** Reads the last commits; returns how many records are hidden still after a while. */
  private long awaitStable() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long hidden = answers.hidden();
    while (hidden > 0 && System.nanoTime() - deadline < 0) {
      Thread.sleep(LOOK_MILLIS);
      hidden = answers.hidden();
    }
    answers.read();
    return hidden;
  }

  /**
   * How a case ended.
   *
   * @param said by the job, line by line
   * @param problems what was not as it must be, the account aside
   */
  record Ending(Account account, int starts, List<String> said, List<String> problems) {}

  @Override
  public void close() {
    job.close();
    others.forEach(Job::close);
    feed.close();
    broker.close();
    if (disk != null) {
      disk.close();
    }
  }
}
