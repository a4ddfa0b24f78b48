package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.formats.RecordFormat;
import io.tidecast.benchmarks.formats.RecordFormats;
import io.tidecast.benchmarks.formats.Sample;
import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Observations per second of the job without inference for each format of the records, as a share
 * of a job that copies the same bytes from Kafka to Kafka in the same run.
 */
@Command(
    name = "benchmarks/run formats",
    mixinStandardHelpOptions = true,
    description =
        "Measure the observations per second of each format, as a share of copying the same bytes.")
public final class FormatBenchmark implements Callable<Integer> {

  private static final int CONTEXT = 48;
  private static final int EVERY = 24;

  @Option(names = "--format", split = ",", description = "Measure these formats; all without.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--series",
      defaultValue = "1000",
      description = "Send observations of so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--observations",
      defaultValue = "2000000",
      description = "Send about so many observations of each format (default: ${DEFAULT-VALUE}).")
  private long observations;

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FormatBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%,d series, a forecast every %d cells, parallelism 1, at least once, %d processors%n%n",
        series,
        EVERY,
        Runtime.getRuntime().availableProcessors());
    System.out.println(
        "| format | bytes a record | copy: records/s | CPU µs | job: observations/s | CPU µs | share | share of CPU |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    SteadySeries steady =
        new SteadySeries(series, CONTEXT, EVERY, -EVERY, Math.toIntExact(observations / series));
    Figures figures = new Figures();
    try (RecordFormats formats = RecordFormats.open()) {
      List<String> known = formats.all().stream().map(RecordFormat::name).toList();
      if (!known.containsAll(names)) {
        throw new IllegalArgumentException("must be among %s: --format=%s".formatted(known, names));
      }
      List<RecordFormat> chosen =
          formats.all().stream()
              .filter(format -> names.isEmpty() || names.contains(format.name()))
              .toList();
      // What all formats share is compiled before the first is measured, for this JVM runs them
      // all.
      var unused = measure(chosen.get(0), steady);
      for (RecordFormat format : chosen) {
        print(format.name(), measure(format, steady), figures);
      }
    }
    figures.print();
    return 0;
  }

  /**
   * What was found.
   *
   * @param bytes of a record
   * @param copied records
   * @param job observations
   */
  private record Measured(long bytes, Speed copied, Speed job) {}

  private static void print(String format, Measured measured, Figures figures) {
    double share = measured.job.perSecond() / measured.copied.perSecond();
    double shareOfCpu = measured.copied.cpuMicros() / measured.job.cpuMicros();
    figures.putShares("formats." + format, share, shareOfCpu);
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %,.0f | %.2f | %,.0f | %.2f | %.2f | %.2f |%n",
        format,
        measured.bytes,
        measured.copied.perSecond(),
        measured.copied.cpuMicros(),
        measured.job.perSecond(),
        measured.job.cpuMicros(),
        share,
        shareOfCpu);
  }

  private static Measured measure(RecordFormat format, SteadySeries steady) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      String topic = "observations";
      kafka.createTopic(topic, 1, Map.of());
      long[] bytes = {0};
      steady.produce(
          kafka.bootstrapServers(),
          topic,
          (to, at, index, cell) -> {
            Sample sample =
                new Sample(
                    SteadySeries.name(index), at.toEpochMilli(), SteadySeries.whole(index, cell));
            ProducerRecord<byte[], byte[]> record = format.record(to, sample);
            bytes[0] += record.value().length;
            return record;
          });
      Speed copied = PassThrough.measure(kafka, topic, "copies", steady.observations());
      Speed job =
          WithoutModel.measure(
                  kafka,
                  steady,
                  new WithoutModel.Setup(topic, format.name(), format.keys(), new Configuration()))
              .speed();
      return new Measured(bytes[0] / steady.observations(), copied, job);
    }
  }
}
