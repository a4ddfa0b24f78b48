package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Wide records through the job without inference: JSON objects of many channels, each a series of
 * its own. Measures records per second as a share of a job that copies the same bytes from Kafka to
 * Kafka in the same run, and what a record becomes on its way to the series: the bytes that the
 * task before the shuffle has given away, as Flink counts them.
 */
@Command(
    name = "benchmarks/run wide",
    mixinStandardHelpOptions = true,
    description =
        "Measure wide records, each channel a series of its own, as a share of copying the same bytes.")
public final class WideBenchmark implements Callable<Integer> {

  private static final String RECORDS = "records";
  private static final String TO_COPY = "records-to-copy";
  private static final String COPIES = "copies";
  private static final String FORECASTS = "forecasts";
  private static final String DEAD_LETTERS = "records.dlq";
  private static final int CONTEXT = 48;
  private static final int EVERY = 24;
  private static final int HORIZON = 24;

  /** The share of records after which the clock starts: the job is warm then. */
  private static final double WARM = 0.25;

  @Option(
      names = "--channels",
      defaultValue = "321",
      description = "Put so many channels into a record (default: ${DEFAULT-VALUE}).")
  private int channels;

  @Option(
      names = "--records",
      defaultValue = "6000",
      description = "Send about so many records to the job (default: ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--copied",
      defaultValue = "60000",
      description =
          "Copy about so many records: a copy is soon made, so that it takes more to measure "
              + "one (default: ${DEFAULT-VALUE}).")
  private int copied;

  @Option(
      names = "--sites",
      defaultValue = "24",
      description =
          "Let so many sites report in turn, each with the same channels (default: "
              + "${DEFAULT-VALUE}).")
  private int sites;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set this setting of Flink, such as state.backend.type=rocksdb.")
  private Map<String, String> settings = Map.of();

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WideBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    SteadySeries series = steady(records);
    SteadySeries more = steady(copied);
    SteadySeries.Encoder encoder =
        (topic, at, index, cell) -> {
          String name = SteadySeries.name(index);
          int value = SteadySeries.whole(index, cell);
          return SteadySeries.keyed(topic, name, json(name, at.toEpochMilli(), value));
        };
    int bytes = json("series-0", System.currentTimeMillis(), 0).length;
    System.out.printf(
        Locale.ROOT,
        "%,d records of %,d channels and about %,d bytes of JSON, context %d, a forecast every %d cells, parallelism 1, at least once, %d processors%n%n",
        series.observations(),
        channels,
        bytes,
        CONTEXT,
        EVERY,
        Runtime.getRuntime().availableProcessors());
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic(RECORDS, 1, Map.of());
      kafka.createTopic(TO_COPY, 1, Map.of());
      series.produce(kafka.bootstrapServers(), RECORDS, encoder);
      more.produce(kafka.bootstrapServers(), TO_COPY, encoder);
      Speed copy = PassThrough.measure(kafka, TO_COPY, COPIES, more.observations());
      print(series, copy, forecast(kafka, series));
    }
    return 0;
  }

  private SteadySeries steady(int count) {
    int cells = Math.max(CONTEXT + 2 * EVERY, count / sites);
    return new SteadySeries(sites, CONTEXT, EVERY, -EVERY, cells);
  }

  private void print(SteadySeries series, Speed copy, Result job) {
    double perRecord = (double) job.shuffled() / series.observations();
    double perObservation = perRecord / channels;
    double beyondName = perObservation - nameBytes(series);
    double share = job.speed().perSecond() / copy.perSecond();
    double shareOfCpu = copy.cpuMicros() / job.speed().cpuMicros();
    System.out.println("| job | records/s | share | CPU µs | share of CPU |");
    System.out.println("|---|---:|---:|---:|---:|");
    System.out.printf(
        Locale.ROOT,
        "| copy | %,.0f | 1 | %,.0f | 1 |%n| forecast | %,.0f | %.4f | %,.0f | %.4f |%n%n",
        copy.perSecond(),
        copy.cpuMicros(),
        job.speed().perSecond(),
        share,
        job.speed().cpuMicros(),
        shareOfCpu);
    System.out.printf(
        Locale.ROOT,
        "Through the shuffle: %,.0f bytes a record, %,.1f an observation, of which %,.1f are not the name of its series%n",
        perRecord,
        perObservation,
        beyondName);
    Figures figures = new Figures();
    figures.putShares("wide", share, shareOfCpu);
    figures.put("wide.bytes-a-record", perRecord);
    figures.put("wide.bytes-an-observation", perObservation);
    figures.put("wide.bytes-beyond-the-name", beyondName);
    figures.print();
  }

  /** The mean length of the names of the series. */
  private double nameBytes(SteadySeries series) {
    return IntStream.range(0, series.series())
        .mapToObj(i -> SteadySeries.name(i) + "/" + channel(0))
        .mapToInt(name -> name.getBytes(StandardCharsets.UTF_8).length)
        .average()
        .orElseThrow();
  }

  /**
   * What the job came to.
   *
   * @param speed of records
   * @param shuffled bytes of all records
   */
  private record Result(Speed speed, long shuffled) {}

  private Result forecast(EmbeddedKafka kafka, SteadySeries series) throws Exception {
    kafka.createTopic(FORECASTS, 1, Map.of());
    kafka.createTopic(DEAD_LETTERS, 1, Map.of());
    Configuration cluster = Configuration.fromMap(settings);
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, cluster);
        TopicMeter meter = new TopicMeter(kafka.bootstrapServers(), FORECASTS);
        TopicMeter rejected = new TopicMeter(kafka.bootstrapServers(), DEAD_LETTERS)) {
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      ForecasterSpec spec = new ForecasterSpec("none", "1", CONTEXT, HORIZON, 1, List.of());
      ForecastJob.build(env, config(kafka.bootstrapServers()), new NoModel(spec));
      EmbeddedFlink.Job job = flink.submit(env.getStreamGraph());
      long expected = series.forecasts() * channels;
      Speed perForecast = meter.await((long) (WARM * expected), expected, job::check);
      if (rejected.count() > 0) {
        throw new IllegalStateException("nothing may be rejected: found=" + rejected.count());
      }
      job.stop();
      double forecastsPerRecord = (double) channels / EVERY;
      Speed perRecord =
          new Speed(
              perForecast.perSecond() / forecastsPerRecord,
              perForecast.cpuMicros() * forecastsPerRecord);
      return new Result(perRecord, WithoutModel.bytesOfSource(job));
    }
  }

  private static String channel(int index) {
    return String.format(Locale.ROOT, "c%03d", index);
  }

  private List<String> channelNames() {
    return IntStream.range(0, channels).mapToObj(WideBenchmark::channel).toList();
  }

  private byte[] json(String site, long millis, int cell) {
    StringBuilder text = new StringBuilder(16 * channels + 64);
    text.append("{\"site\":\"").append(site).append("\",\"at\":").append(millis);
    for (int channel = 0; channel < channels; channel++) {
      // Values repeat: making them must cost nothing.
      int value = Math.floorMod(31 * cell + 7 * channel, 90_000);
      text.append(",\"").append(channel(channel)).append("\":").append(10_000 + value).append(".5");
    }
    return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private JobConfig config(String bootstrapServers) {
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", bootstrapServers)
        .set("source.topic", RECORDS)
        .set("source.start", "earliest")
        .set("source.format", "json")
        .set("source.mapping.series", "site")
        .set("source.mapping.time", "at")
        .set("source.mapping.time-format", "epoch-millis")
        .set("source.mapping.values", channelNames())
        .set("source.mapping.channel-names", channelNames())
        .set("series.step", SteadySeries.STEP)
        .set("series.channel-mode", "independent")
        .set("series.forecast-every", EVERY)
        .set("model.path", "none")
        .set("sink.topic", FORECASTS)
        .set("sink.delivery", "at-least-once")
        .set("sink.transaction-timeout", "7d")
        .set("dead-letters.topic", DEAD_LETTERS)
        .set("checkpoints.interval", "1d")
        .build();
  }
}
