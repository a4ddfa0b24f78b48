package io.tidecast.cli.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.schemas.Forecast;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A job in a process of its own whose model is swapped while observations come. */
@Tag("cluster")
@Timeout(180)
class SwapITCase {

  private static final Duration STEP = Duration.ofMinutes(30);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Pattern SWITCHED = Pattern.compile("answers from origin (\\S+)");
  private static final String FIRST = "patchtst-uk-demand";
  private static final String SECOND = "timexer-uk-demand";
  private static final String SHADOW = "informer-uk-demand";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldSwapAndRollBackWithoutLosingOrDoublingAForecastAlthoughItIsKilled() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        DemandFeed feed = new DemandFeed(kafka.bootstrapServers(), "in")) {
      swap(kafka, feed);
      // Both readers are of one group, so this one comes after the other.
      checkShadows(kafka);
    }
  }

  private void swap(EmbeddedKafka kafka, DemandFeed feed) throws Exception {
    try (ForecastReader reader = new ForecastReader(kafka.bootstrapServers(), "out", "in.dlq")) {
      String job = job(kafka);
      for (String topic : List.of("in", "out", "in.dlq", "out-shadow", "commands", "events")) {
        kafka.createTopic(topic, 1, Map.of());
      }
      feed.send(400);
      feed.start();

      Instant switched;
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job)) {
        tidecast.awaitLine("Forecasting in -> out");
        readMore(reader, 70);

        assertThat(model("activate", job, "--path", zoo(SECOND), "--sha256", "0".repeat(64)))
            .as("%s %s", out, err)
            .isEqualTo(1);
        assertThat(out.toString()).contains("failed at check: must be the model that the command");

        assertThat(model("activate", job, "--path", zoo(SECOND))).as("%s %s", out, err).isZero();
        switched = switchedAt();
        readMore(reader, 30);
        tidecast.signal("KILL");
        tidecast.exitCode();
      }

      Instant back;
      try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job)) {
        tidecast.awaitLine("Going on from");
        readMore(reader, 30);
        assertThat(model("retire", job, "--path", zoo(SECOND))).isEqualTo(1);
        assertThat(out.toString()).contains("must not be the active version");

        assertThat(model("roll-back", job)).as("%s %s", out, err).isZero();
        back = switchedAt();
        readMore(reader, 30);
        tidecast.signal("TERM");
        tidecast.exitCode();
      }
      reader.readToEnd(Duration.ofSeconds(30));

      assertThat(reader.deadLetters()).isEmpty();
      assertThat(switched).isBefore(back);
      checkEachOriginOnce(reader, switched, back);
    }
  }

  private static void checkShadows(EmbeddedKafka kafka) {
    try (ForecastReader beside =
        new ForecastReader(kafka.bootstrapServers(), "out-shadow", "in.dlq")) {
      beside.readToEnd(Duration.ofSeconds(30));
      // Windows are left out that a shadow is too slow for, which on a busy machine are most.
      assertThat(beside.forecasts())
          .extracting(ForecastReader.Received::forecast)
          .hasSizeGreaterThan(10)
          .allSatisfy(
              forecast -> {
                assertThat(forecast.getRole()).isEqualTo("shadow");
                assertThat(forecast.getModelId()).isEqualTo(SHADOW);
              })
          .extracting(Forecast::getOrigin)
          .doesNotHaveDuplicates();
    }
  }

  private static void checkEachOriginOnce(ForecastReader reader, Instant switched, Instant back) {
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    Instant origin = reader.forecasts().get(0).forecast().getOrigin();
    for (ForecastReader.Received received : reader.forecasts()) {
      Forecast forecast = received.forecast();
      boolean second = !origin.isBefore(switched) && origin.isBefore(back);
      expected.add(origin + " primary " + (second ? SECOND : FIRST));
      found.add("%s %s %s".formatted(forecast.getOrigin(), forecast.getRole(), signed(forecast)));
      origin = origin.plus(STEP);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(found).anyMatch(line -> line.contains(SECOND));
  }

  private static String signed(Forecast forecast) {
    return (forecast.getFallback() ? "fallback " : "") + forecast.getModelId();
  }

  private static void readMore(ForecastReader reader, int count) {
    int wanted = reader.forecasts().size() + count;
    while (reader.forecasts().size() < wanted) {
      reader.poll(POLL);
    }
  }

  /** The origin that the last command has told. */
  private Instant switchedAt() {
    Matcher matcher = SWITCHED.matcher(out.toString());
    assertThat(matcher.find()).as("%s", out).isTrue();
    return Instant.parse(matcher.group(1));
  }

  private int model(String command, String job, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> arguments = new ArrayList<>(List.of("model", command, "--config", job));
    arguments.addAll(List.of(more));
    CommandLine line = TidecastCommand.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments.toArray(String[]::new));
  }

  private static String zoo(String name) {
    return ModelZoo.ofInstallation().find(name).toString();
  }

  private String job(EmbeddedKafka kafka) throws Exception {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            kafka: {bootstrap-servers: "%s"}
            source: {topic: in, max-future: 36500d}
            series: {step: 30min}
            model: {path: "%s"}
            models: [{name: candidate, path: "%s", role: shadow}]
            commands: {topic: commands, events-topic: events}
            sink: {topic: out}
            checkpoints: {interval: 300ms, directory: "%s"}
            """
                .formatted(
                    kafka.bootstrapServers(),
                    zoo(FIRST),
                    zoo(SHADOW),
                    folder.resolve("state").toUri()))
        .toString();
  }
}
