package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import io.tidecast.benchmarks.echo.EchoModel;
import io.tidecast.benchmarks.ledger.Account;
import io.tidecast.benchmarks.ledger.Answers;
import io.tidecast.benchmarks.ledger.Feed;
import io.tidecast.benchmarks.ledger.Ledger;
import io.tidecast.benchmarks.ledger.Plan;
import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.Brokers;
import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.process.Service;
import io.tidecast.cli.embedded.BrokerFolder;
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

  /** Who is no further behind has recovered: there is a commit every second. */
  static final Duration RECOVERED = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 500;
  private static final long GLANCE_MILLIS = 100;

  /** What is told as lost does not come any more; this much later nothing else does either. */
  private static final Duration TOLD = Duration.ofSeconds(5);

  private final Path folder;
  private final FaultCase.Setup setup;
  private final Run run;
  private final Random random;
  private final Plan plan;
  private final World world;
  private final Brokers brokers;
  private final Feed feed;
  private Answers answers;
  private Map<String, Object> keys = Map.of();
  private final List<Recovery> recoveries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Blow blow = new Blow(System.nanoTime(), 0, RECOVERED);
  private long newestNanos = System.nanoTime();
  private int swaps;
  private final @Nullable SmallDisk disk;

  /**
   * How a case is run.
   *
   * @param shortForm with fewer and shorter faults
   * @param transactionVersion of the brokers
   */
  record Run(long seed, boolean shortForm, int transactionVersion) {

    /** A run with brokers that do not warn of losses that are none. */
    Run(long seed, boolean shortForm) {
      this(seed, shortForm, BrokerFolder.QUIET_TRANSACTIONS);
    }
  }

  private Stage(Path folder, FaultCase.Setup setup, Run run)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.setup = setup;
    this.run = run;
    this.random = new Random(run.seed());
    this.plan = new Plan(run.seed(), setup.load().series(), setup.load().contextLength());
    int megabytes = setup.surroundings().diskMegabytes();
    // Whoever has a network of its own sees what was mounted before it began, and nothing else.
    this.disk = megabytes > 0 ? SmallDisk.mount(checkpoints(), megabytes) : null;
    this.world = world(folder, setup.surroundings().cluster());
    boolean ready = false;
    try {
      this.brokers = brokers(folder, setup, run);
      ready = true;
    } finally {
      if (!ready) {
        world.close();
      }
    }
    this.feed = new Feed(brokers.bootstrapServers(), OBSERVATIONS, plan);
    this.answers = answers(new Ledger(plan, Ledger.Wrong.NONE));
  }

  private static World world(Path folder, FlinkCluster.@Nullable Layout layout)
      throws IOException, InterruptedException {
    Path file = folder.resolve("job.yaml");
    return layout == null ? new ProcessWorld(folder, file) : ClusterWorld.of(folder, file, layout);
  }

  private static Brokers brokers(Path folder, FaultCase.Setup setup, Run run)
      throws IOException, InterruptedException {
    Surroundings surroundings = setup.surroundings();
    return Brokers.start(
        folder.resolve("broker"),
        new Brokers.Layout(
            surroundings.brokers(),
            FlinkCluster.host(surroundings.cluster()),
            setup.entrance(),
            run.transactionVersion()));
  }

  /** Sets the stage in this folder; the job has not begun. */
  static Stage set(Path folder, FaultCase.Setup setup, Run run)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Stage stage = new Stage(folder, setup, run);
    boolean ready = false;
    try {
      stage.broker().createTopic(OBSERVATIONS, PARTITIONS);
      stage.broker().createTopic(FORECASTS, PARTITIONS);
      stage.broker().createTopic(DEAD_LETTERS, PARTITIONS);
      stage.writeJob(setup.keys(), EchoModel.write(folder, setup.load().contextLength()));
      ready = true;
      return stage;
    } finally {
      if (!ready) {
        stage.close();
      }
    }
  }

  private Answers answers(Ledger ledger) {
    return new Answers(brokers.bootstrapServers(), List.of(FORECASTS, DEAD_LETTERS), ledger);
  }

  private void writeJob(Map<String, Object> more, Path model) throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("kafka.bootstrap-servers", brokers.bootstrapServersOfJobs());
    if (!broker().propertiesOfJobs().isEmpty()) {
      keys.put("kafka.properties", broker().propertiesOfJobs());
    }
    keys.put("source.topic", OBSERVATIONS);
    keys.put("series.step", "30min");
    keys.put("model.path", model.toString());
    keys.put("sink.topic", FORECASTS);
    if (!more.isEmpty()) {
      keys.put("checkpoints.directory", checkpoints().toUri().toString());
    }
    keys.putAll(more);
    this.keys = keys;
    JobYaml.write(folder.resolve("job.yaml"), keys);
  }

  /** Gives the job other keys, which hold from its next start on. */
  void changeJob(Map<String, Object> changed) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(keys);
    all.putAll(changed);
    keys = all;
    JobYaml.write(folder.resolve("job.yaml"), all);
  }

  /** Gives the job the model that never ends with a certain value; before it begins. */
  void giveHangingModel(Map<String, Object> keys) throws IOException {
    writeJob(keys, EchoModel.writeHanging(folder, plan.contextLength()));
  }

  /** The folder of another version of the model than the one that was named last. */
  Path nextModel() throws IOException {
    int context = plan.contextLength();
    swaps++;
    return swaps % 2 == 1 ? EchoModel.writeNext(folder, context) : EchoModel.write(folder, context);
  }

  /** What the job file says of a key, null where it says nothing. */
  @Nullable Object key(String name) {
    return keys.get(name);
  }

  /** Says which observation the model fails on; before the first answer is read. */
  void expectFailures(Ledger.Wrong wrong) {
    answers.close();
    answers = answers(new Ledger(plan, wrong));
  }

  boolean isShort() {
    return run.shortForm();
  }

  Random random() {
    return random;
  }

  Path folder() {
    return folder;
  }

  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** The only broker, or the first. */
  Broker broker() {
    return brokers.node(0);
  }

  Brokers brokers() {
    return brokers;
  }

  Feed feed() {
    return feed;
  }

  /** The job of a world of one process. */
  Job job() {
    return process().job();
  }

  private ProcessWorld process() {
    if (world instanceof ProcessWorld process) {
      return process;
    }
    throw new IllegalStateException("the case must have a job in a process of its own");
  }

  /** The cluster of a world that is one. */
  ClusterWorld cluster() {
    if (world instanceof ClusterWorld cluster) {
      return cluster;
    }
    throw new IllegalStateException("the case must have a cluster");
  }

  /** The processes that forecast, by name. */
  Map<String, Service> processes() {
    return world.processes();
  }

  Plan plan() {
    return plan;
  }

  /** Sends cells that another job has answered, of which nothing is to come; before it begins. */
  void sendAnswered(int cells) {
    feed.send(cells);
    feed.forgetUnreadable();
    answers.close();
    answers = answers(new Ledger(plan, Ledger.Wrong.NONE, cells));
  }

  /** Sends a context, starts the job, and waits until the first forecasts are committed. */
  void begin() throws IOException, InterruptedException {
    feed.send(plan.contextLength());
    world.start();
    awaitAnswers(plan.series());
    goOn();
  }

  void goOn() {
    goOn(setup.load().roundsPerSecond());
  }

  /** Sends so many cells of every series in a second. */
  void goOn(double roundsPerSecond) {
    feed.start(roundsPerSecond);
  }

  /**
   * Starts the job where there is much to do already, and waits until it is done.
   *
   * @param rounds that were sent before
   * @return how many forecasts it made in a second, of those after its first commits
   */
  double saturate(int rounds) throws IOException, InterruptedException {
    feed.send(plan.contextLength() - 1 + rounds);
    world.start();
    long all = (long) rounds * plan.series();
    awaitAnswers(1);
    long first = account().once();
    long firstNanos = System.nanoTime();
    awaitAnswers(all);
    return (all - first) * 1e9 / (System.nanoTime() - firstNanos);
  }

  /** Waits until so many forecasts are there, at the beginning, when nothing is wrong yet. */
  void awaitAnswers(long forecasts) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (account().once() < forecasts) {
      if (System.nanoTime() - deadline > 0 || world.starts() > 20) {
        throw new IOException("the job must give its first forecasts; see " + folder);
      }
      Thread.sleep(GLANCE_MILLIS);
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

  /** Notes that a fault begins now, and how far behind forecasts may be when it is over. */
  void blow(Duration allowed) {
    blow = new Blow(System.nanoTime(), feed.cells(), allowed);
  }

  /**
   * How long it took from the beginning of a fault until the forecasts of what was sent after that
   * were there, and no further behind than they may be, for good.
   */
  record Recovery(String fault, Duration time) {}

  /** Waits until the job has recovered from the fault, and remembers how long that took. */
  void recover(String fault) throws IOException, InterruptedException {
    recoveries.add(new Recovery(fault, awaitRecovery()));
  }

  /** Waits likewise, and returns how long it took. */
  Duration awaitRecovery() throws IOException, InterruptedException {
    long newest = System.nanoTime();
    while (!glance()) {
      if (System.nanoTime() - newest > PATIENCE.toNanos()) {
        throw new IOException("the job must recover; see " + folder);
      }
      Thread.sleep(GLANCE_MILLIS);
      newest = newestNanos > newest ? newestNanos : newest;
    }
    return blow.recovery();
  }

  /** Lets a fault last so long, and watches the forecasts meanwhile. */
  void hold(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      glance();
      Thread.sleep(GLANCE_MILLIS);
    }
  }

  /** Looks whether the forecasts have caught up. */
  private boolean glance() {
    if (answers.read() > 0) {
      newestNanos = System.nanoTime();
    }
    int answered = answers.answered();
    return blow.look(answered, feed.behind(answered));
  }

  /** What it has recovered from, in its order. */
  List<Recovery> recoveries() {
    return List.copyOf(recoveries);
  }

  /** How many forecasts were owed so far. */
  long owed() {
    return plan.forecasts(feed.cells());
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
    return process().another(name);
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

  /** The small disk of the checkpoints. */
  SmallDisk disk() {
    return Optional.ofNullable(disk).orElseThrow();
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
    problems.addAll(world.end());
    long hidden = awaitStable();
    objectUnless(hidden == 0, "open transactions hide " + hidden + " records");
    objectUnless(
        answers.size(OBSERVATIONS) == feed.sent(), "the topic must hold what was sent, once");
    Seen seen = new Seen(feed.sent(), world.starts(), broker().transactionVersion());
    return new Ending(account(), seen, recoveries(), said(), problems);
  }

  /** How long nothing may come before what is missing is lost: not long, if the job says so. */
  private Duration quiet() {
    return new Sentences(said()).lossTold().equals(account().loss()) ? TOLD : setup.quiet();
  }

  private List<String> said() {
    return world.said();
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
  record Ending(
      Account account,
      Seen seen,
      List<Recovery> recoveries,
      List<String> said,
      List<String> problems) {}

  /**
   * What else was counted.
   *
   * @param records that were sent, those that nobody can read among them
   * @param starts of processes
   * @param transactionVersion of the broker
   */
  record Seen(long records, int starts, int transactionVersion) {}

  @Override
  public void close() {
    answers.close();
    world.close();
    feed.close();
    brokers.close();
    if (disk != null) {
      disk.close();
    }
  }
}
