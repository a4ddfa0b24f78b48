package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.cluster.FlinkCluster;
import io.tidecast.benchmarks.pipeline.SwapTopics;
import io.tidecast.benchmarks.process.Broker;
import io.tidecast.benchmarks.process.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What can befall a job on a cluster, and the brokers that it reads and writes. */
final class ClusterFaults {

  private static final Duration IN_SYNC_PATIENCE = Duration.ofMinutes(2);
  private static final Duration COMMIT_DELAY = Duration.ofSeconds(5);
  private static final Duration BROKER_AWAY = Duration.ofSeconds(10);
  private static final Duration COMMITS_LATE = Duration.ofSeconds(15);
  private static final Duration DISK_FULL = Duration.ofSeconds(20);

  static final String PARALLELISM = "job.parallelism";

  /** All slots of the cluster; otherwise there is one to spare. */
  static final int WIDE = 3;

  /** Heartbeats are missed for 10 seconds before a TaskManager is given up. */
  private static final Duration UNHEARD = Duration.ofSeconds(25);

  private ClusterFaults() {}

  static List<ClusterFault> all() {
    return List.of(
        new ClusterFault(
            "kill-taskmanager",
            "a TaskManager that has work is killed with kill -9",
            Surroundings.CLUSTER,
            ClusterFaults::killTaskManager),
        new ClusterFault(
            "kill-jobmanager",
            "the JobManager that leads is killed with kill -9, and the other takes over",
            Surroundings.CLUSTER,
            stage -> stage.cluster().cluster().leader().kill()),
        new ClusterFault(
            "kill-broker",
            "of three brokers, the one that leads a partition of the forecasts is killed with kill -9 and comes back after 10 seconds",
            Surroundings.THREE_BROKERS,
            ClusterFaults::killBroker),
        new ClusterFault(
            "late-commits",
            "for 15 seconds each commit of a transaction (EndTxn) reaches the broker 5 seconds late",
            Surroundings.CLUSTER,
            ClusterFaults::lateCommits),
        new ClusterFault(
            "rescale",
            "the job is stopped with a savepoint, and goes on from it at another parallelism",
            Surroundings.CLUSTER,
            ClusterFaults::rescale),
        new ClusterFault(
            "blue-green",
            "tidecast upgrade puts a job of another transactional prefix into the place of the one that runs",
            Surroundings.CLUSTER,
            ClusterFaults::blueGreen),
        new ClusterFault(
            "swap-in-checkpoint",
            "the job is commanded to take another version of its model while a checkpoint is under way",
            Surroundings.CLUSTER,
            ClusterFaults::swapInCheckpoint),
        new ClusterFault(
            "taskmanager-paused",
            "a TaskManager that has work is paused for 25 seconds, with a heartbeat timeout of 10",
            Surroundings.CLUSTER,
            ClusterFaults::pauseTaskManager),
        new ClusterFault(
            "cluster-disk-full",
            "the disk of the checkpoints is full for 20 seconds",
            Surroundings.SMALL_DISK,
            ClusterFaults::diskFull),
        new ClusterFault(
            "network-cut",
            "the network of a TaskManager that has work is cut for 25 seconds, with a heartbeat timeout of 10",
            Surroundings.CABLE,
            ClusterFaults::giveCabledWork,
            ClusterFaults::cutNetwork));
  }

  /**
   * Finds a fault.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  static ClusterFault named(String name) {
    return all().stream()
        .filter(fault -> fault.name().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "FAULT must be one of %s: %s"
                        .formatted(all().stream().map(ClusterFault::name).toList(), name)));
  }

  /** Each of them as a case of its own, with what it needs. */
  static List<FaultCase> cases() {
    return all().stream()
        .map(
            fault ->
                new FaultCase(
                    fault.name(),
                    "on a cluster, " + fault.words(),
                    setup(fault.needs()),
                    stage -> {
                      prepare(stage);
                      stage.begin();
                      stage.undisturbed();
                      fault.befall(stage, Stage.RECOVERED);
                      stage.undisturbed();
                    }))
        .toList();
  }

  /** A job that any of these faults can befall. */
  static FaultCase.Setup setup(Surroundings needs) {
    return FaultCase.Setup.cluster(needs)
        .entrance(Broker.Entrance.GATED)
        .key("commands.topic", SwapTopics.COMMANDS)
        .key("commands.events-topic", SwapTopics.EVENTS);
  }

  /** Makes what such a job needs; before it begins. */
  static void prepare(Stage stage) throws Exception {
    stage.broker().createTopic(SwapTopics.COMMANDS, 1);
    stage.broker().createTopic(SwapTopics.EVENTS, 1);
  }

  private static Service busy(Stage stage) throws Exception {
    FlinkCluster cluster = stage.cluster().cluster();
    List<String> names = cluster.busyTaskManagers();
    return cluster.taskManager(names.get(stage.random().nextInt(names.size())));
  }

  private static void killTaskManager(Stage stage) throws Exception {
    busy(stage).kill();
  }

  private static void pauseTaskManager(Stage stage) throws Exception {
    Service paused = busy(stage);
    paused.pause();
    stage.hold(UNHEARD);
    paused.resume();
  }

  /** A job in all slots has work for every TaskManager. */
  private static void giveCabledWork(Stage stage) throws Exception {
    if (!stage.cluster().cluster().busyTaskManagers().contains(FlinkCluster.CABLED)) {
      stage.blow(Stage.RECOVERED);
      rescale(stage, WIDE);
      stage.awaitRecovery();
    }
  }

  private static void cutNetwork(Stage stage) throws Exception {
    FlinkCluster cluster = stage.cluster().cluster();
    cluster.cut();
    stage.hold(UNHEARD);
    cluster.mend();
  }

  private static void killBroker(Stage stage) throws Exception {
    Broker leading = stage.brokers().node(stage.broker().leader(Stage.FORECASTS));
    leading.kill();
    stage.hold(BROKER_AWAY);
    leading.start();
    // Before that, another that is killed would leave less than two.
    stage.objectUnless(
        awaitInSync(stage, leading),
        "the broker must have caught up with the others within two minutes");
  }

  private static boolean awaitInSync(Stage stage, Broker broker) throws InterruptedException {
    long deadline = System.nanoTime() + IN_SYNC_PATIENCE.toNanos();
    while (!broker.isInSync()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      stage.hold(Duration.ofSeconds(1));
    }
    return true;
  }

  private static void lateCommits(Stage stage) throws Exception {
    long before = delayed(stage);
    for (int id = 0; id < stage.brokers().count(); id++) {
      stage.brokers().node(id).gate().delayCommits(COMMIT_DELAY);
    }
    stage.hold(COMMITS_LATE);
    for (int id = 0; id < stage.brokers().count(); id++) {
      stage.brokers().node(id).gate().delayCommits(Duration.ZERO);
    }
    stage.objectUnless(delayed(stage) > before, "the job must have asked for a commit");
  }

  private static long delayed(Stage stage) {
    long delayed = 0;
    for (int id = 0; id < stage.brokers().count(); id++) {
      delayed += stage.brokers().node(id).gate().delayed();
    }
    return delayed;
  }

  private static void rescale(Stage stage) throws Exception {
    boolean wide = Integer.valueOf(WIDE).equals(stage.key(PARALLELISM));
    rescale(stage, wide ? WIDE - 1 : WIDE);
  }

  /** Stops the job with a savepoint, and lets it go on from there at this parallelism. */
  static void rescale(Stage stage, int parallelism) throws Exception {
    String savepoint = stage.cluster().stop();
    stage.changeJob(Map.of(PARALLELISM, parallelism));
    stage.cluster().goOn(savepoint);
  }

  private static void blueGreen(Stage stage) throws Exception {
    String prefix = "sink.transactional-id-prefix";
    boolean green = "green".equals(stage.key(prefix));
    stage.changeJob(Map.of(prefix, green ? "blue" : "green"));
    stage.cluster().upgrade();
  }

  private static void swapInCheckpoint(Stage stage) throws Exception {
    Path other = stage.nextModel();
    ClusterWorld world = stage.cluster();
    try (SwapTopics topics = new SwapTopics(stage.brokers().bootstrapServers())) {
      // A checkpoint that one of the tasks cannot take part in stays under way.
      Service held = busy(stage);
      held.pause();
      world.cluster().awaitCheckpoint(world.job());
      String command = topics.activate(other);
      Stage.last(Duration.ofSeconds(1));
      stage.objectUnless(
          world.cluster().takesCheckpoint(world.job()),
          "the command must have come while a checkpoint was under way");
      held.resume();
      topics.awaitSwitched(command);
    }
  }

  private static void diskFull(Stage stage) throws Exception {
    Path filler = stage.disk().fill();
    stage.hold(DISK_FULL);
    Files.delete(filler);
  }
}
