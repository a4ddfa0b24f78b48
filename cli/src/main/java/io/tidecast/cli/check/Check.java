package io.tidecast.cli.check;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.Durations;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.job.JobTopics;
import io.tidecast.cli.job.KafkaPreflight;
import io.tidecast.cli.job.LikelyUnit;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.cli.job.TopicUse.Purpose;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.JobParsers;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.series.Close;
import io.tidecast.flink.series.Lateness;
import io.tidecast.flink.source.ChannelSeries;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.csv.CsvSample;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds out what a job would make of its topics, and what it lacks. One thread uses it once. */
final class Check {

  /** For what Kafka is asked. */
  private static final Duration ANSWER = Duration.ofSeconds(8);

  /** For the records of one source. */
  private static final Duration READING = Duration.ofSeconds(6);

  private static final int MOST_SHOWN = 10;

  /** So many observations that only go back are no chance. */
  private static final int FEWEST_BACK = 3;

  private final JobConfig config;
  private final int records;
  private final MillisClock clock = MillisClock.SYSTEM;
  private final List<String> problems = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private @Nullable ModelSlots models;
  private final List<String> placements = new ArrayList<>();

  /**
   * @param records of a partition or file that are read, the first and again the newest
   */
  Check(JobConfig config, int records) {
    this.config = config;
    this.records = records;
  }

  /**
   * A report, and whether something of it must be put right in the job file or the model.
   *
   * @param wrong if so
   */
  record Outcome(CheckReport report, boolean wrong) {}

  /**
   * Looks at everything.
   *
   * @param file of the job
   * @param createTopics whether topics of the job's own are created where they are missing
   * @throws io.tidecast.cli.console.CliException if one could not be created
   */
  Outcome run(Path file, boolean createTopics) {
    List<Path> files = read(() -> ForecastJob.files(config), List.of());
    if (problems.isEmpty()) {
      notices.addAll(ForecastJob.notices(config));
    }
    models =
        read(
                () -> Optional.of(ForecastJob.slotsHere(config, placements::add)),
                Optional.<ModelSlots>empty())
            .orElse(null);
    boolean wrong = !problems.isEmpty();
    OptionalLong forecastBytes =
        models == null
            ? OptionalLong.empty()
            : OptionalLong.of(ForecastJob.maxForecastBytes(config, models));
    List<String> created =
        createTopics ? JobTopics.create(config, forecastBytes, ANSWER) : List.of();
    KafkaPreflight.Found kafka = KafkaPreflight.look(config, forecastBytes, ANSWER);
    notices.addAll(kafka.notices());
    problems.addAll(kafka.problems());
    CheckReport.@Nullable Records observations =
        files.isEmpty() ? kafka.answers() ? observations(kafka) : null : observations(files);
    CheckReport.@Nullable Records covariates = kafka.answers() ? covariates(kafka) : null;
    return new Outcome(
        new CheckReport(
            file.toString(),
            config.source().origin(),
            config.sink().destination(),
            config.kafka().bootstrapServers(),
            models == null ? null : describe(models.byDefault()),
            models == null ? List.of() : others(models),
            created,
            kafka.topics().stream().map(Check::describe).toList(),
            observations,
            covariates,
            notices,
            problems,
            problems.isEmpty()),
        wrong);
  }

  /** Something that says what is wrong with the job file or the model. */
  private interface Question<T> {
    T ask();
  }

  private <T> T read(Question<T> question, T otherwise) {
    try {
      return question.ask();
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return otherwise;
  }

  /** The models beside the default, in the order of the job file. */
  private List<CheckReport.Other> others(ModelSlots all) {
    return all.all().stream()
        .skip(1)
        .map(
            slot ->
                new CheckReport.Other(
                    slot.name(),
                    Spelling.of(slot.role()),
                    slot.route().series(),
                    slot.route().group(),
                    describe(slot)))
        .toList();
  }

  private CheckReport.Model describe(ModelSlot slot) {
    ForecasterFactory model = slot.model();
    ForecasterSpec spec = model.spec();
    int needed = neededCells(slot);
    int place = requireNonNull(models, "models is null").all().indexOf(slot);
    Duration step = config.series().step().length();
    return new CheckReport.Model(
        spec.id(),
        spec.version(),
        step.toString(),
        spec.contextLength(),
        needed,
        step.multipliedBy(needed).toString(),
        spec.horizon(),
        channels().names(),
        model.channels().futureCovariates(),
        spec.quantileLevels(),
        place < placements.size() ? placements.get(place) : null);
  }

  /** Cells of a series before the model of a slot is asked. */
  private int neededCells(ModelSlot slot) {
    Integer given =
        slot.name().equals(ModelSlot.DEFAULT)
            ? config.series().coldStart().minContext()
            : config.model().others().stream()
                .filter(other -> other.name().equals(slot.name()))
                .map(SlotSettings::minContext)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    return given == null ? slot.model().spec().contextLength() : given;
  }

  /** The default model; null where the models could not be read. */
  private @Nullable ForecasterFactory model() {
    return models == null ? null : models.byDefault().model();
  }

  private static CheckReport.Topic describe(KafkaPreflight.Topic topic) {
    return new CheckReport.Topic(
        topic.use().key(),
        topic.use().topic(),
        topic.missing() ? "missing" : topic.partitions() == null ? "hidden" : "found",
        topic.partitions());
  }

  private Findings.Channels channels() {
    ChannelSeries independent = config.source().channels();
    if (independent != null) {
      return new Findings.Channels(independent.names(), independent.separator());
    }
    ForecasterFactory model = model();
    if (model == null) {
      return new Findings.Channels(List.of(), null);
    }
    List<String> names = model.channels().names();
    return new Findings.Channels(
        Arrays.stream(model.channels().observed()).mapToObj(names::get).toList(), null);
  }

  private CheckReport.Records observations(List<Path> files) {
    Findings findings = new Findings(config, channels(), MOST_SHOWN);
    ParseMeasurements parser = JobParsers.observations(config, clock);
    SourceFormat.Csv csv = (SourceFormat.Csv) config.source().format();
    boolean whole = true;
    for (Path file : files) {
      try {
        List<List<ParsedMeasurement>> lines = CsvSample.first(file, csv, parser, records);
        whole &= lines.size() < records;
        lines.forEach(findings::add);
      } catch (IOException e) {
        problems.add("must be readable: %s: %s".formatted(file, Failures.text(e)));
      }
      findings.endOfRun();
    }
    return judged(findings, null, whole);
  }

  private CheckReport.@Nullable Records observations(KafkaPreflight.Found kafka) {
    Findings findings = new Findings(config, channels(), MOST_SHOWN);
    List<TopicPartition> partitions = partitions(kafka, Purpose.OBSERVATIONS);
    JobConfig known =
        partitions.isEmpty() ? config : read(() -> ForecastJob.withSchema(config), config);
    ParseMeasurements parser = JobParsers.observations(known, clock);
    OptionalLong available = read(partitions, config.source().isReadBackward(), parser, findings);
    return available.isEmpty() ? null : judged(findings, available.getAsLong(), true);
  }

  private CheckReport.@Nullable Records covariates(KafkaPreflight.Found kafka) {
    Feed feed = config.covariates().feed();
    ForecasterFactory model = model();
    if (feed == null || model == null) {
      return null;
    }
    Findings findings = new Findings(config, new Findings.Channels(feed.names(), null), MOST_SHOWN);
    ParseMeasurements parser = JobParsers.covariates(config, feed, model.spec(), clock);
    OptionalLong available = read(partitions(kafka, Purpose.COVARIATES), false, parser, findings);
    if (available.isEmpty()) {
      return null;
    }
    judgeUnderstood(findings, "covariates.topic=" + feed.topic(), "covariates");
    return findings.report(feed.topic(), available.getAsLong());
  }

  /** Returns the partitions of the topics of a purpose, as far as they are there. */
  private static List<TopicPartition> partitions(KafkaPreflight.Found kafka, Purpose purpose) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (KafkaPreflight.Topic topic : kafka.topics()) {
      Integer count = topic.partitions();
      if (topic.use().purpose() == purpose && count != null) {
        for (int i = 0; i < count; i++) {
          partitions.add(new TopicPartition(topic.use().topic(), i));
        }
      }
    }
    return partitions;
  }

  /**
   * Reads some partitions; empty where there are none, or they cannot be read.
   *
   * @param backward whether records are looked at from the last of a run to its first
   */
  private OptionalLong read(
      List<TopicPartition> partitions,
      boolean backward,
      ParseMeasurements parser,
      Findings findings) {
    if (partitions.isEmpty()) {
      return OptionalLong.empty();
    }
    try (TopicReader reader = TopicReader.of(config.kafka(), partitions, READING)) {
      TopicSample read = TopicSample.read(reader, records, READING);
      if (!read.complete()) {
        notices.add(
            "Not all of the first and newest records could be read within %ss; what follows is of those that were."
                .formatted(READING.toSeconds()));
      }
      JobParsers.open(parser);
      for (List<ConsumerRecord<byte[], byte[]>> run : read.runs()) {
        if (backward) {
          Collections.reverse(run);
        }
        parse(run, parser, findings);
      }
      return OptionalLong.of(read.available());
    } catch (RegistryException e) {
      problems.add(String.valueOf(e.getMessage()));
      return OptionalLong.empty();
    } catch (KafkaException e) {
      problems.add(
          "must be readable: %s: %s"
              .formatted(
                  partitions.stream()
                      .map(TopicPartition::topic)
                      .distinct()
                      .collect(Collectors.joining(", ")),
                  Failures.text(e)));
      return OptionalLong.empty();
    }
  }

  private static void parse(
      List<ConsumerRecord<byte[], byte[]>> run, ParseMeasurements parser, Findings findings) {
    for (ConsumerRecord<byte[], byte[]> record : run) {
      findings.add(parser.parse(SourceRecord.of(record), record.headers()));
    }
    findings.endOfRun();
  }

  /**
   * @param toTheEnd whether the newest records are among them
   */
  private CheckReport.Records judged(
      Findings findings, @Nullable Long available, boolean toTheEnd) {
    judgeUnderstood(findings, config.source().origin(), "source");
    if (findings.understood() > 0) {
      judgeTimes(findings);
      if (toTheEnd && models != null) {
        judgeHistory(findings, fewestCells(models));
      }
      findings.apart().ifPresent(this::judgeStep);
      judgeOrder(findings);
    }
    return findings.report(config.source().origin(), available);
  }

  /** What every series needs, whichever model answers it. */
  private int fewestCells(ModelSlots all) {
    return all.all().stream()
        .filter(slot -> slot.role() == ForecastRole.PRIMARY)
        .mapToInt(this::neededCells)
        .min()
        .orElseThrow();
  }

  private void judgeUnderstood(Findings findings, String origin, String section) {
    if (findings.records() == 0) {
      notices.add(
          "There is no record in %s yet; check again when there are some.".formatted(origin));
    } else if (findings.understood() == 0 && findings.refused() > 0) {
      problems.add(
          "none of the %,d records of %s that were read is understood; put %s.format and %s.mapping right"
              .formatted(findings.records(), origin, section, section));
    } else if (findings.understood() == 0) {
      problems.add(
          "none of the %,d records of %s that were read is an observation: all of them are passed over; put %s.mapping right"
              .formatted(findings.records(), origin, section));
    } else if (findings.refused() > 0) {
      notices.add(
          say(
              "%,d of %,d would be dead letters (%.1f %%), as said above.",
              findings.refused(),
              findings.refused() + findings.understood(),
              100.0 * findings.refused() / (findings.refused() + findings.understood())));
    }
  }

  private void judgeTimes(Findings findings) {
    long now = clock.millis();
    long latest = findings.latest().orElseThrow();
    LikelyUnit.of(config, latest)
        .ifPresent(
            unit ->
                problems.add(
                    "times are of the year 1970, up to %s: %s"
                        .formatted(Instant.ofEpochMilli(latest), unit)));
    if (latest > now) {
      notices.add(
          "The latest time, %s, is %s ahead of this machine's clock."
              .formatted(
                  Instant.ofEpochMilli(latest),
                  Durations.rounded(Duration.ofMillis(latest - now))));
    }
  }

  /** How long it will be until the first forecast. */
  private void judgeHistory(Findings findings, int needed) {
    Duration step = config.series().step().length();
    Duration whole = step.multipliedBy(needed);
    Duration there =
        config.source().start() == Start.LATEST && !config.source().isBounded()
            ? Duration.ZERO
            : findings.span();
    if (there.compareTo(whole.minus(step)) < 0) {
      notices.add(
          "A series has its first forecast once it has %,d cells, which are %s; %s. So the first forecast is made about %s after the latest record that was seen."
              .formatted(
                  needed,
                  Durations.rounded(whole),
                  there.isZero() && config.source().start() == Start.LATEST
                      ? "with source.start: latest none of the past counts"
                      : "what was seen spans " + Durations.rounded(there),
                  Durations.rounded(whole.minus(there))));
    }
  }

  private void judgeStep(Duration apart) {
    Duration step = config.series().step().length();
    double perCell = (double) step.toMillis() / apart.toMillis();
    if (perCell > 1.5) {
      Aggregate aggregate = config.series().cells().aggregate();
      boolean one = aggregate == Aggregate.LAST || aggregate == Aggregate.FIRST;
      boolean early = config.series().close() == Close.ARRIVAL;
      if (one || early) {
        notices.add(
            say(
                    "Records of a series are %s apart as a rule, and series.step=%s: about %.0f share a cell. %s%s",
                    Durations.rounded(apart),
                    Durations.rounded(step),
                    perCell,
                    one
                        ? "series.aggregate=%s takes one of them; mean, sum, min and max take all. "
                            .formatted(Spelling.of(aggregate))
                        : "",
                    early
                        ? "series.close=arrival forecasts at the first of them; watermark waits for the others."
                        : "")
                .strip());
      }
    } else if (perCell < 0.67) {
      notices.add(
          say(
              "Records of a series are %s apart as a rule, and series.step=%s: %.0f %% of the cells will be empty. Is the step right? It must be the model's.",
              Durations.rounded(apart), Durations.rounded(step), 100 * (1 - perCell)));
    }
  }

  private void judgeOrder(Findings findings) {
    Lateness lateness = config.series().lateness();
    boolean early = config.series().close() == Close.ARRIVAL;
    Duration grace =
        early ? lateness.allowed() : lateness.allowed().plus(lateness.maxOutOfOrderness());
    if (seemsBackward(findings)) {
      notices.add(
          config.source().isReadBackward()
              ? "The topic seems to be oldest first, and read backwards all but its last records are late; leave out source.order=newest-first."
              : "The topic seems to be newest first, and what is older than its first records is late; source.order=newest-first reads it so, up to a source.stop.");
    } else if (findings.furthestBehind().compareTo(grace) > 0) {
      notices.add(
          say(
              "%,d of %,d observations are of an earlier cell than one before of their series, by up to %s, and those that are more than %s behind are late: dead letters. %s lets them in time.",
              findings.older(),
              findings.understood(),
              Durations.rounded(findings.furthestBehind()),
              Durations.rounded(grace),
              early
                  ? "series.close=watermark with source.max-out-of-orderness, or series.allowed-lateness,"
                  : "source.max-out-of-orderness, or series.allowed-lateness,"));
    }
  }

  /** Whether the observations of each series of a topic only go back. */
  private boolean seemsBackward(Findings findings) {
    return !(config.source().format() instanceof SourceFormat.Csv)
        && findings.older() >= FEWEST_BACK
        && findings.later() == 0;
  }

  private static String say(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
