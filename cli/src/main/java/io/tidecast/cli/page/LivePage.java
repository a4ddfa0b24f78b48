package io.tidecast.cli.page;

import io.tidecast.cli.console.CliException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.page.http.PageServer;
import io.tidecast.page.kept.About;
import io.tidecast.page.kept.JobState;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Shown;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The page of a job: it reads the job's topics, asks the job every second how it is, and is served
 * until it is closed. It outlives the job's restarts. Any thread may use it.
 */
public final class LivePage implements AutoCloseable {

  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private final PageServer server;
  private final PageFeed feed;
  private final PageBoard board;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "tidecast-page-clock");
            thread.setDaemon(true);
            return thread;
          });

  private volatile Supplier<JobState> job = () -> JobState.STARTING;

  private LivePage(PageServer server, JobConfig config, Shown shown, Consumer<String> say) {
    this.server = server;
    this.board = shown.board();
    this.feed = new PageFeed(config, shown, say);
  }

  /**
   * Serves the page of a job.
   *
   * @param title names the job
   * @param say takes what stands in the way of the page, a sentence each; called by a thread of it
   * @throws CliException if it cannot listen where it should
   */
  public static LivePage start(
      JobConfig config, String title, PageAddress at, Consumer<String> say) {
    Shown shown =
        new Shown(
            new About(title, config.series().cadence().zone().getId()),
            new PageStore(KeptLimits.USUAL),
            new PageBoard());
    LivePage page = new LivePage(serve(config, at, shown), config, shown, say);
    page.feed.start();
    var unused = page.clock.scheduleWithFixedDelay(page::look, 0, 1, TimeUnit.SECONDS);
    return page;
  }

  private static PageServer serve(JobConfig config, PageAddress at, Shown shown) {
    boolean isOfTheJob = at.port() == PageAddress.OF_THE_JOB;
    try {
      return new PageServer(
          new InetSocketAddress(at.address(), isOfTheJob ? portOf(config) : at.port()), shown);
    } catch (BindException e) {
      if (!isOfTheJob) {
        throw at.taken(String.valueOf(e.getMessage()), e);
      }
    } catch (IOException e) {
      throw at.taken(String.valueOf(e.getMessage()), e);
    }
    try {
      return new PageServer(new InetSocketAddress(at.address(), 0), shown);
    } catch (IOException e) {
      throw at.taken(String.valueOf(e.getMessage()), e);
    }
  }

  /** The same for the same job, so that a browser finds it again when the job was started again. */
  private static int portOf(JobConfig config) {
    SinkSettings sink = config.sink();
    String job = config.job().name() + "\n" + config.source().origin() + "\n" + sink.destination();
    return FIRST_PORT + Math.floorMod(job.hashCode(), PORTS);
  }

  /** Where a browser finds it. */
  public String url() {
    InetSocketAddress at = server.address();
    InetAddress address = at.getAddress();
    String host = address.getHostAddress();
    return "http://%s:%d/"
        .formatted(address instanceof Inet6Address ? "[" + host + "]" : host, at.getPort());
  }

  /** Warns where others than those at this machine can read it. */
  public Optional<String> warning() {
    return server.address().getAddress().isLoopbackAddress()
        ? Optional.empty()
        : Optional.of(
            "The page has no password: everybody who reaches %s can read it.".formatted(url()));
  }

  /**
   * Shows how a job is from now on, in place of another.
   *
   * @param state is asked every second, in a thread of the page
   */
  public void watch(Supplier<JobState> state) {
    job = state;
  }

  private void look() {
    JobState state;
    try {
      state = job.get();
    } catch (RuntimeException | Error e) {
      // It has failed for good, or is being closed.
      state =
          new JobState(
              JobState.Phase.ENDED,
              String.valueOf(e.getMessage()),
              board.look().job().notices(),
              board.look().job().counts());
    }
    board.show(state, System.nanoTime());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    server.close();
    feed.close();
  }
}
