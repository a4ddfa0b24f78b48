package io.tidecast.cli.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.console.Terminal;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.cli.job.NoAnswer;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.sink.SinkSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidecast read}. */
@Command(
    name = "read",
    description = {
      "Show what the job of a job file has written: the newest forecasts, or those of shadows, each with a plot, "
          + "or the newest dead letters by reason.",
      "Committed records alone are read, without a group, so that no other reader notices."
    },
    mixinStandardHelpOptions = true)
public final class ReadCommand implements Callable<Integer> {

  private static final String FORECASTS = "forecasts";
  private static final String SHADOWS = "shadows";
  private static final String DEAD_LETTERS = "dead-letters";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SEARCH = Duration.ofSeconds(60);
  private static final int MOST = 100_000;
  private static final int FORECASTS_AT_ONCE = 3;
  private static final int DEAD_LETTERS_AT_ONCE = 1_000;
  private static final Duration NO_TIME = Duration.ZERO;

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Show what is of this series alone.")
  private @Nullable String series;

  @Option(
      names = "--last",
      paramLabel = "N",
      description =
          "Show the newest N. (default: 3 forecasts, and what the newest 1,000 dead letters say)")
  private @Nullable Integer last;

  @Option(names = "--follow", description = "Then show what comes, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--json", description = "Print each as one JSON object in a line.")
  private boolean json;

  private final ObjectMapper mapper = new ObjectMapper();

  @Parameters(
      index = "0",
      paramLabel = "forecasts|shadows|dead-letters",
      description = "What to show.")
  private String what;

  @Override
  public Integer call() {
    if (last != null && (last < 1 || last > MOST)) {
      throw new ParameterException(
          spec.commandLine(), "--last must be 1 to %d: found %d".formatted(MOST, last));
    }
    if (!List.of(FORECASTS, SHADOWS, DEAD_LETTERS).contains(what)) {
      throw new ParameterException(
          spec.commandLine(),
          "must be %s, %s or %s: %s".formatted(FORECASTS, SHADOWS, DEAD_LETTERS, what));
    }
    JobConfig config = job.load();
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    try {
      return switch (what) {
        case FORECASTS -> showForecasts(config, sink.topic());
        case SHADOWS -> showForecasts(config, shadowTopic(sink));
        default -> showDeadLetters(config);
      };
    } catch (RegistryException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private static String shadowTopic(SinkSettings.Kafka sink) {
    String topic = sink.shadowTopic();
    if (topic == null) {
      throw new CliException(
          "the job must have a model with the role shadow in models, or name sink.shadow-topic beside commands.topic");
    }
    return topic;
  }

  private int showForecasts(JobConfig config, String topic) {
    ForecastView view =
        new ForecastView(config.series().step(), Terminal.width(), !Terminal.showsBraille());
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    return show(
        config,
        topic,
        new Kind<>(
            "forecasts",
            Formats.forecasts(sink, config.series().step(), this::isAskedFor),
            view,
            FORECASTS_AT_ONCE));
  }

  private int showDeadLetters(JobConfig config) {
    return show(
        config,
        config.deadLetters().topic(),
        new Kind<>(
            "dead letters",
            Formats.deadLetters(config.deadLetters(), this::isAskedFor),
            new DeadLetterView(),
            DEAD_LETTERS_AT_ONCE));
  }

  private boolean isAskedFor(@Nullable String name) {
    return series == null || series.equals(name);
  }

  /**
   * How one kind of record is found and shown.
   *
   * @param usual how many, where nobody says
   */
  private record Kind<T>(
      String name, IntFunction<Gathering<T>> gatherings, View<T> view, int usual) {}

  private <T> int show(JobConfig config, String topic, Kind<T> kind) {
    try (StopSignal stop = StopSignal.install();
        TopicReader reader = TopicReader.of(config.kafka(), topic, PATIENCE)) {
      if (reader.partitions().isEmpty()) {
        throw new CliException(
            "the topic of the %s must exist at %s: %s; the job creates it with 'tidecast run --create-topics'"
                .formatted(kind.name(), config.kafka().bootstrapServers(), topic));
      }
      Newest.Found<T> found =
          new Newest<>(kind.gatherings()).find(reader, last == null ? kind.usual() : last, SEARCH);
      showFound(topic, kind, found);
      if (!follow) {
        return ExitCode.OK;
      }
      reader.follow(found.end());
      Gathering<T> gathering = kind.gatherings().apply(Integer.MAX_VALUE);
      while (!stop.await(NO_TIME)) {
        reader.next().forEach(gathering::add);
        gathering.settled().forEach(one -> showOne(kind.view(), one));
        out().flush();
      }
      return stop.exitCode();
    } catch (AuthorizationException e) {
      throw new CliException(
          "the user of kafka.properties must be allowed to READ: %s: %s; 'tidecast acls --for read' prints the right"
              .formatted(topic, Failures.text(e)),
          e);
    } catch (KafkaException e) {
      throw NoAnswer.of(config, e);
    }
  }

  private <T> void showFound(String topic, Kind<T> kind, Newest.Found<T> found) {
    if (json) {
      found.values().forEach(one -> showOne(kind.view(), one));
    } else if (found.values().isEmpty()) {
      out()
          .println(
              "No %s in %s%s.%s"
                  .formatted(
                      kind.name(),
                      topic,
                      series == null ? "" : " of the series " + series,
                      found.whole()
                          ? ""
                          : " Not all of it could be read within %ds."
                              .formatted(SEARCH.toSeconds())));
    } else {
      kind.view().lines(found.values()).forEach(out()::println);
    }
    out().flush();
  }

  private <T> void showOne(View<T> view, Decoded<T> decoded) {
    T value = decoded.value();
    if (value == null) {
      View.unread(decoded).forEach(spec.commandLine().getErr()::println);
    } else if (json) {
      out().println(text(view.json(decoded, value)));
    } else {
      view.lines(decoded, value).forEach(out()::println);
    }
  }

  private String text(Object object) {
    try {
      return mapper.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what is shown must be plain names and values", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
