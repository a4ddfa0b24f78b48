package io.tidecast.flink.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.anomalies.AnomaliesSettings;
import io.tidecast.flink.commands.CommandSettings;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.field.Condition;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.Encodings;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.ValueSpelling;
import io.tidecast.flink.format.key.DeclaredKeys;
import io.tidecast.flink.format.schema.Framing;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.gauges.GaugeSettings;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.CounterRule;
import io.tidecast.flink.inference.BatchSettings;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.mixture.MixtureSettings;
import io.tidecast.flink.mixture.NaiveMember;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelSettings;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.flink.promotion.PromotionSettings;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.scores.ScoresSettings;
import io.tidecast.flink.series.Close;
import io.tidecast.flink.series.ColdStart;
import io.tidecast.flink.series.Lateness;
import io.tidecast.flink.series.Retention;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.series.Silence;
import io.tidecast.flink.sink.CellsSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.Tuning;
import io.tidecast.flink.source.ChannelSeries;
import io.tidecast.flink.source.RequestSettings;
import io.tidecast.flink.source.SourceSettings;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.Stop;
import io.tidecast.flink.source.Topics;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import io.tidecast.runtime.anomalies.RunRule;
import io.tidecast.runtime.anomalies.Sides;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.csv.CsvDialect;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.onnx.device.DevicePolicy;
import io.tidecast.runtime.scores.LossMetric;
import io.tidecast.runtime.serving.RunLimits;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.Thousands;
import io.tidecast.runtime.time.TimeFormat;
import io.tidecast.runtime.time.TimeFormat.ClockChanges;
import io.tidecast.runtime.time.TimeFormat.Gap;
import io.tidecast.runtime.time.TimeFormat.Marks;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeFormat.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobConfigTest {

  static final String MINIMAL =
      """
      kafka: {bootstrap-servers: "127.0.0.1:9092"}
      series: {step: PT30M}
      model: {path: models/zoo/patchtst-uk-demand/1}
      """;

  private static final String SCHEMA =
      """
      {"type": "record", "name": "Reading", "fields": [
        {"name": "site", "type": "string"},
        {"name": "meter", "type": {"type": "array", "items":
          {"type": "record", "name": "Meter", "fields": [{"name": "id", "type": "long"}]}}},
        {"name": "at", "type": "string"},
        {"name": "kwh", "type": ["null", "double"]},
        {"name": "volts", "type": "float"}]}
      """;

  private static final String WEATHER =
      """
      {"type": "record", "name": "Weather", "fields": [
        {"name": "site", "type": "string"},
        {"name": "plant", "type": "string"},
        {"name": "valid", "type": "string"},
        {"name": "celsius", "type": "float"},
        {"name": "wind", "type": "string"}]}
      """;

  @Test
  void shouldFillInTheDefaults() {
    JobConfig config = JobFile.parse(MINIMAL);

    assertThat(config.kafka().properties()).isEmpty();
    assertThat(config.source())
        .isEqualTo(
            new SourceSettings(
                new Topics(List.of("observations"), null),
                "tidecast",
                Start.COMMITTED,
                Stop.NEVER,
                SourceFormat.Order.OLDEST_FIRST,
                Duration.ZERO,
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                new SourceFormat.Tidecast(),
                null,
                PassedHeaders.OF_A_TRACE));
    assertThat(config.series())
        .isEqualTo(
            new SeriesSettings(
                GridStep.fixed(Duration.ofMinutes(30)),
                1,
                null,
                Close.ARRIVAL,
                new Cadence(1, List.of(), ZoneId.of("UTC")),
                new CellRule(Aggregate.LAST, Duplicates.LAST, 1_000),
                new GapSettings(Fill.PREVIOUS, null, 0, 16, 1_000_000),
                Lateness.NONE,
                new ColdStart(null, ColdStart.Below.SKIP),
                new Retention(null, null),
                new Silence(Silence.Kind.SKIP, Duration.ofDays(366)),
                false,
                false));
    assertThat(SourceSettings.builder(Topics.of("observations")).build())
        .as("a program that says no more")
        .isEqualTo(config.source());
    assertThat(SeriesSettings.builder(config.series().step()).build())
        .as("a program that says no more, but for the name of the zone")
        .isEqualTo(
            SeriesSettings.builder(config.series().step())
                .channels(config.series().channels())
                .close(config.series().close())
                .cells(config.series().cells())
                .gaps(config.series().gaps())
                .lateness(config.series().lateness())
                .coldStart(config.series().coldStart())
                .retention(config.series().retention())
                .silence(config.series().silence())
                .onRequest(config.series().onRequest())
                .grouped(config.series().grouped())
                .build());
    assertThat(config.requests().isOn()).isFalse();
    assertThat(config.commands()).isEqualTo(new CommandSettings(null, null));
    assertThat(config.covariates())
        .isEqualTo(new CovariateSettings(null, Map.of(), null, ZoneId.of("UTC")));
    assertThat(config.model())
        .isEqualTo(
            new ModelSettings(
                "models/zoo/patchtst-uk-demand/1", null, null, 1, DeviceOptions.PROCESSOR));
    assertThat(config.inference()).isEqualTo(InferenceSettings.DEFAULT);
    assertThat(config.sink())
        .isEqualTo(
            new SinkSettings.Kafka(
                "forecasts",
                Delivery.EXACTLY_ONCE,
                "tidecast",
                Duration.ofMinutes(15),
                LossPolicy.REPORT));
    assertThat(config.deadLetters())
        .isEqualTo(new DeadLetterSettings("observations.dlq", 900_000, false));
    assertThat(config.checkpoints())
        .isEqualTo(new JobConfig.Checkpoints(Duration.ofSeconds(10), null));
    assertThat(config.job()).isEqualTo(new JobConfig.Job("tidecast", 1, Duration.ofMillis(10)));
  }

  @Test
  void shouldReadEveryKey() throws Exception {
    JobConfig config = JobFile.load(everyKey());

    assertThat(config.kafka().bootstrapServers()).isEqualTo("broker-1:9092,broker-2:9093");
    assertThat(config.kafka().properties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("max.request.size", "3000000")
        .hasSize(3);
    assertThat(config.kafka().consumerProperties())
        .containsExactly(Map.entry("fetch.max.bytes", "1000000"));
    assertThat(config.kafka().producerProperties())
        .containsExactly(Map.entry("compression.type", "zstd"));
    assertThat(config.source())
        .isEqualTo(
            new SourceSettings(
                new Topics(List.of("meters", "pumps"), null),
                "night-shift",
                Start.LATEST,
                Stop.NEVER,
                SourceFormat.Order.OLDEST_FIRST,
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10),
                new SourceFormat.Avro(
                    new Schema.Parser().parse(SCHEMA),
                    new Written.OneId(null),
                    new Mapping(
                            new Mapping.SeriesFields(
                                paths("site", "meter[0].id"), "-", FieldPath.parse("site")),
                            everyTime("source", "at", "dd.MM.yyyy HH:mm", "Europe/Berlin"),
                            new Mapping.Wide(paths("kwh", "volts", "$header.amps")),
                            Mapping.MissingValues.NAN,
                            true,
                            ConfigKeys.SOURCE_FORMAT.names())
                        .with(
                            new ValueSpelling(
                                new MissingWords(List.of("error", "-9999")),
                                Map.of("on", 1.0, "true", 2.5),
                                DecimalMark.COMMA,
                                Thousands.POINT))),
                null,
                new PassedHeaders(List.of("correlation-id"))));
    assertThat(config.series())
        .isEqualTo(
            new SeriesSettings(
                GridStep.of(GridStep.Unit.WEEK, ZoneId.of("Europe/Berlin"))
                    .plus(Duration.ofDays(6)),
                3,
                672,
                Close.WATERMARK,
                new Cadence(4, List.of(), ZoneId.of("Europe/Berlin")),
                new CellRule(Aggregate.MEAN, Duplicates.FIRST, 60),
                new GapSettings(Fill.SEASONAL, 52, -1.5f, 5, 2),
                new Lateness(Duration.ofMinutes(5), Duration.ofDays(10), true, 3),
                new ColdStart(40, ColdStart.Below.BASELINE),
                new Retention(Duration.ofDays(400), 1_000_000),
                Silence.SKIPPED,
                true,
                true));
    assertThat(config.requests()).isEqualTo(new RequestSettings("meter-requests"));
    assertThat(config.commands())
        .isEqualTo(new CommandSettings("meter-commands", "meter-model-events"));
    assertThat(config.covariates())
        .isEqualTo(
            new CovariateSettings(
                new CovariateSettings.Feed(
                    "weather",
                    new SourceFormat.Avro(
                        new Schema.Parser().parse(WEATHER),
                        new Written.OneId(null),
                        new Mapping(
                                new Mapping.SeriesFields(paths("plant", "site"), "+", null),
                                everyTime(
                                    "covariates", "valid", "yyyy-MM-dd HH:mm", "America/New_York"),
                                new Mapping.Wide(paths("celsius", "wind")),
                                Mapping.MissingValues.NAN,
                                true,
                                ConfigKeys.COVARIATE_FORMAT.names())
                            .with(
                                new ValueSpelling(
                                    new MissingWords(List.of()),
                                    Map.of("calm", 0.0),
                                    DecimalMark.COMMA,
                                    Thousands.SPACE))),
                    CovariateSettings.KeyedBy.GROUP,
                    List.of("temperature", "wind"),
                    Duration.ofDays(90),
                    Duration.ofDays(3),
                    new CovariateSettings.Waiting(
                        Duration.ofMinutes(2), 7, CovariateSettings.OnMissing.FILL)),
                Map.of("free", CalendarCovariate.HOLIDAY, "day", CalendarCovariate.WEEKDAY),
                new CovariateSettings.HolidayRegion("DE", "BY"),
                ZoneId.of("America/New_York")));
    assertThat(config.model())
        .isEqualTo(
            new ModelSettings(
                "models/zoo/some-model/2",
                24,
                Duration.ofDays(1),
                2,
                new DeviceOptions(
                    Device.parse("tensorrt:1"),
                    DevicePolicy.PREFER,
                    2L << 30,
                    false,
                    true,
                    "/var/cache/engines",
                    128),
                List.of(
                    new SlotSettings(
                        "heat",
                        "models/heat/3",
                        new SeriesRoute("plant-*/heat", "north-*"),
                        ForecastRole.PRIMARY,
                        12,
                        48),
                    new SlotSettings(
                        "tried",
                        "models/general/2",
                        SeriesRoute.ALL,
                        ForecastRole.SHADOW,
                        null,
                        null))));
    assertThat(config.inference())
        .isEqualTo(
            new InferenceSettings(
                new BatchSettings(64, Duration.ofMillis(5), 3),
                OnFailure.DEAD_LETTER,
                0,
                Duration.ofMillis(500),
                new RunLimits(Duration.ofMillis(250), 20)));
    assertThat(config.sink())
        .isEqualTo(
            new SinkSettings.Kafka(
                "meter-forecasts",
                "meter-forecasts-tried",
                Delivery.AT_LEAST_ONCE,
                "meters",
                Duration.ofHours(1),
                LossPolicy.REPORT,
                Layout.POINTS,
                RecordKey.SERIES_ORIGIN_TIME,
                Tuning.LATENCY,
                new RecordSettings(RecordFormat.JSON, JsonTimes.EPOCH_MILLIS, "/plants/north")));
    assertThat(config.deadLetters())
        .isEqualTo(
            new DeadLetterSettings(
                "meter-rejects",
                2_000_000,
                true,
                new RecordSettings(
                    RecordFormat.PROTOBUF, JsonTimes.EPOCH_MILLIS, "/plants/north")));
    assertThat(config.checkpoints())
        .isEqualTo(
            new JobConfig.Checkpoints(
                Duration.ofMinutes(1), URI.create("file:///tmp/checkpoints")));
    assertThat(config.job())
        .isEqualTo(new JobConfig.Job("meter-forecast", 8, Duration.ofMillis(5)));
  }

  @Test
  void shouldHaveEveryKeyInTheTestWithAValueThatIsNotItsDefault() throws Exception {
    List<ConfigValues> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(everyKey().resolveSibling("."))) {
      for (Path file : all.filter(one -> one.toString().contains("every-")).toList()) {
        files.add(new ConfigValues(ConfigKeys.ALL, Files.readString(file)));
      }
    }

    assertThat(files).allSatisfy(file -> assertThat(file.problems()).isEmpty());
    assertThat(ConfigKeys.ALL)
        .allSatisfy(
            key ->
                assertThat(
                        files.stream()
                            .filter(file -> file.isGiven(key))
                            .findFirst()
                            .map(file -> (Object) file.get(key))
                            .orElse(null))
                    .as(key.path())
                    .isNotNull()
                    .isNotEqualTo(key.defaultValue()));
  }

  @Test
  void shouldReadEveryKeyOfSeveralObservations() throws Exception {
    JobConfig config = JobFile.load(resource("every-element-key.yaml"));

    assertThat(config.source().format())
        .isEqualTo(
            new SourceFormat.Json(
                Framing.NONE,
                new Mapping(
                    new Mapping.SeriesFields(paths("$key.plant", "^.name", "$each.key"), "/", null),
                    new Mapping.TimeField(
                        paths("at"),
                        TimeFormat.of("epoch-millis", null, new Settings("source.mapping."))),
                    new Mapping.Wide(paths("kwh || mwh")),
                    Mapping.MissingValues.DEAD_LETTER,
                    false,
                    ValueSpelling.USUAL,
                    ConfigKeys.SOURCE_FORMAT.names(),
                    Each.parse(List.of("sites[*].meters[*]")),
                    List.of(
                        new Condition(
                            FieldPath.parse("$.op"), new Condition.In(List.of("c", "u", "r"))),
                        new Condition(
                            FieldPath.parse("kind"),
                            new Condition.Matches(Pattern.compile("kwh.*"))),
                        new Condition(FieldPath.parse("kind"), new Condition.Exists(true))),
                    new Encodings(Encodings.ValueEncoding.GZIP, new DeclaredKeys(KeyType.JSON), 3)),
                SourceFormat.JsonLayout.LINES));
    CovariateSettings.Feed feed = config.covariates().feed();
    assertThat(feed.format())
        .isEqualTo(
            new SourceFormat.Json(
                Framing.NONE,
                new Mapping(
                    new Mapping.SeriesFields(List.of(), "/", null),
                    new Mapping.TimeField(
                        paths("$each.key"),
                        TimeFormat.of("iso-8601", null, new Settings("covariates.mapping."))),
                    new Mapping.Wide(paths("$each.value")),
                    Mapping.MissingValues.DEAD_LETTER,
                    false,
                    ValueSpelling.USUAL,
                    ConfigKeys.COVARIATE_FORMAT.names(),
                    Each.parse(List.of("prices.*", "offers.*")),
                    List.of(new Condition(FieldPath.parse("$key"), new Condition.In(List.of(7)))),
                    new Encodings(
                        Encodings.ValueEncoding.BASE64, new DeclaredKeys(KeyType.LONG), 1)),
                SourceFormat.JsonLayout.LINES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "series: {stpe: 1h}        | series.stpe          | series.step",
        "series: {Channels: 1}     | series.Channels      | series.channels",
        "serie: {step: 1h}         | serie                | series",
        "batch-size: 3             | batch-size           | model.max-batch-size",
        "model: {onfailure: x}     | model.onfailure      | model.on-failure",
        "sink: {bootstrap-servers: x} | sink.bootstrap-servers | kafka.bootstrap-servers",
        "dead-letter: {topic: x}   | dead-letter          | dead-letters",
      })
  void shouldSuggestTheNearestKeyForAnUnknownOne(String yaml, String unknown, String nearest) {
    assertThat(problems(yaml))
        .contains("unknown key: %s; did you mean %s?".formatted(unknown, nearest));
  }

  @Test
  void shouldReportAllProblemsAtOnce() {
    List<String> problems =
        problems(
            """
            kafka: {bootstrap-servers: nowhere, properties: {group.id: x}}
            source: {topic: a/b, start: yesterday, max-future: 5}
            series: {channels: 0, step: -PT1S, close: never}
            sink: {topic: same}
            dead-letters: {topic: same, max-value-bytes: 1048576}
            job: {parallelism: 1.5}
            checkpoints: {interval: 10min, directory: relative/path}
            colour: red
            """);

    assertThat(problems)
        .satisfiesExactlyInAnyOrder(
            p ->
                assertThat(p).startsWith("must be host:port").endsWith("bootstrap-servers=nowhere"),
            p -> assertThat(p).contains("kafka.properties.group.id; use source.group-id"),
            p -> assertThat(p).contains("name of a Kafka topic").endsWith("source.topic=a/b"),
            p -> assertThat(p).contains("committed, earliest, latest: source.start=yesterday"),
            p -> assertThat(p).contains("must be a duration").endsWith("source.max-future=5"),
            p -> assertThat(p).contains("1 to 100,000: series.channels=0"),
            p -> assertThat(p).contains("1ms to 366d: series.step=-PT1S"),
            p -> assertThat(p).contains("arrival, complete, watermark: series.close=never"),
            p -> assertThat(p).startsWith("must be given: model.path"),
            p -> assertThat(p).contains("topic of sink.topic: dead-letters.topic=same"),
            p -> assertThat(p).contains("16384 less than max.request.size=1048576"),
            p -> assertThat(p).contains("job.parallelism=1.5"),
            p -> assertThat(p).contains("at least twice checkpoints.interval"),
            p -> assertThat(p).contains("checkpoints.directory=relative/path"),
            p -> assertThat(p).startsWith("unknown key: colour"));
  }

  @ParameterizedTest
  @CsvSource({
    "PT30M,1800000",
    "30min,1800000",
    "10s,10000",
    "1h,3600000",
    "7d,604800000",
    "250ms,250",
    "10 min,600000",
    "P1DT12H,129600000"
  })
  void shouldReadDurations(String text, long millis) {
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", text)).series().step())
        .isEqualTo(GridStep.fixed(Duration.ofMillis(millis)));
  }

  @ParameterizedTest
  @CsvSource({
    "P1D,DAY",
    "P1W,WEEK",
    "P1M,MONTH",
    "P3M,QUARTER",
    "P6M,HALF_YEAR",
    "P1Y,YEAR",
    "P12M,YEAR",
    "business-day,BUSINESS_DAY"
  })
  void shouldReadStepsOfTheCalendar(String text, GridStep.Unit unit) {
    String series = text + ", zone: America/St_Johns";
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", series)).series().step())
        .isEqualTo(GridStep.of(unit, ZoneId.of("America/St_Johns")));
  }

  @Test
  void shouldGiveARunLessTimeThanItsWindowsHave() {
    assertThat(runTimeout("")).isEqualTo(Duration.ofSeconds(10));
    assertThat(runTimeout(", timeout: 6s")).isEqualTo(Duration.ofSeconds(2));
    assertThat(runTimeout(", timeout: 10min")).isEqualTo(Duration.ofSeconds(10));
    assertThat(runTimeout(", run-timeout: 30s")).isEqualTo(Duration.ofSeconds(30));
    assertThatThrownBy(() -> runTimeout(", timeout: 6s, run-timeout: 7s"))
        .hasMessageContaining("must not be longer than model.timeout")
        .hasMessageContaining("model.run-timeout=PT7S, model.timeout=PT6S");
  }

  @Test
  void shouldSayWhatIsDoneInPlaceOfTheKeyForTimeouts() {
    assertThatThrownBy(() -> runTimeout(", on-timeouts: keep"))
        .hasMessageContaining("must not be given any more: model.on-timeouts; ")
        .hasMessageContaining("model.give-up-after: never")
        .hasMessageContaining("model.on-failure: fail");
    assertThat(
            Samples.config("model: {path: nowhere, give-up-after: never}")
                .inference()
                .limits()
                .giveUpAfter())
        .isEqualTo(RunLimits.NEVER);
  }

  @Test
  void shouldNotLetWindowsFailWhileTheyWaitForABatch() {
    assertThatThrownBy(() -> runTimeout(", timeout: 6s, max-batch-delay: 6s"))
        .hasMessageContaining("must be shorter than model.timeout")
        .hasMessageContaining("model.max-batch-delay=PT6S, model.timeout=PT6S");
  }

  private static Duration runTimeout(String more) {
    return Samples.config("model: {path: nowhere" + more + "}").inference().limits().runTimeout();
  }

  @Test
  void shouldTakeADayWithoutAZoneAsFixed() {
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", "P1D")).series().step())
        .isEqualTo(GridStep.fixed(Duration.ofDays(1)));
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", "P1D, zone: Etc/UTC")).series().step())
        .isEqualTo(GridStep.fixed(Duration.ofDays(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1h, zone: Asia/Kolkata | PT1H | PT30M",
        "1h, zone: Asia/Kolkata, offset: 0s | PT1H | PT0S",
        "1h, zone: Europe/Berlin | PT1H | PT0S",
        "1h, offset: 30min | PT1H | PT30M",
        "P1D, offset: 6h | PT24H | PT6H",
        "4h, zone: Europe/Berlin, offset: 2h | PT4H | PT2H",
        "4h, zone: Europe/Berlin, forecast-at: '06:00' | PT4H | PT0S",
      })
  void shouldBeginCellsWithTheHoursOfTheZoneOrByTheOffset(
      String series, Duration step, Duration offset) {
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", series)).series().step())
        .isEqualTo(GridStep.fixed(step).plus(offset));
  }

  @Test
  void shouldRefuseAZoneForAFixedStep() {
    assertThat(problems(MINIMAL.replace("PT30M", "24h, zone: Europe/Berlin")))
        .containsExactly(
            "must go with series.offset, since clocks there change by a part of series.step=PT24H,"
                + " or with a step of the calendar such as series.step=P1D: series.zone=Europe/Berlin");
    assertThat(problems(MINIMAL.replace("PT30M", "1h, offset: 1h")))
        .containsExactly("must be less than a cell, PT1H: series.offset=PT1H");
    assertThat(problems(MINIMAL.replace("PT30M", "P1M, offset: 28d")))
        .containsExactly("must be less than a cell, PT672H: series.offset=PT672H");
    assertThat(problems(MINIMAL.replace("PT30M", "P1D, zone: Europe/Atlantis")))
        .singleElement()
        .asString()
        .startsWith("must be the name of a time zone");
  }

  @Test
  void shouldRefuseToReissueWhereNothingCanBeLate() {
    String series = "1h, reissue: true";
    assertThat(problems(MINIMAL.replace("PT30M", series + ", close: watermark")))
        .singleElement()
        .asString()
        .contains("series.allowed-lateness above 0s");
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", series)).series().lateness().reissue())
        .isTrue();
  }

  @Test
  void shouldForecastAtTimesOfDayOfAZone() {
    String series = "1h, zone: Europe/Berlin, forecast-at: [\"06:00\", 18:00:30]";
    Cadence cadence = JobFile.parse(MINIMAL.replace("PT30M", series)).series().cadence();
    assertThat(cadence)
        .isEqualTo(
            new Cadence(
                Cadence.NEVER,
                List.of(LocalTime.of(6, 0), LocalTime.of(18, 0, 30)),
                ZoneId.of("Europe/Berlin")));
    assertThat(problems(MINIMAL.replace("PT30M", "1h, forecast-at: 6, forecast-every: 2")))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).contains("a time of day", "series.forecast-at=6"),
            p ->
                assertThat(p)
                    .isEqualTo(
                        "must not be given with series.forecast-at: series.forecast-every=2"));
    assertThat(problems(MINIMAL.replace("PT30M", "25h, forecast-at: 06:00")))
        .containsExactly("must be no longer than a day with series.forecast-at: series.step=PT25H");
    assertThat(problems(MINIMAL.replace("PT30M", "1h, forecast-at: 25:00")))
        .singleElement()
        .asString()
        .endsWith("series.forecast-at=25:00");
  }

  @Test
  void shouldForecastOnRequestAlone() {
    String never = MINIMAL.replace("PT30M", "1h, forecast-every: never");
    JobConfig config = JobFile.parse(never + "requests: {topic: asked}");
    assertThat(config.series().cadence().every()).isEqualTo(Cadence.NEVER);
    assertThat(config.requests().topic()).isEqualTo("asked");
    assertThat(problems(never)).singleElement().asString().contains("requests.topic");
    assertThat(
            problems(never.replace("never", "never, reissue: true") + "requests: {topic: asked}"))
        .singleElement()
        .asString()
        .endsWith("series.reissue=true");
    assertThat(problems(MINIMAL + "requests: {topic: forecasts}"))
        .containsExactly("must not be the topic of sink.topic: requests.topic=forecasts");
  }

  @Test
  void shouldTakeCommandsAndTellOfModelsInTopicsOfTheirOwn() {
    assertThat(JobFile.parse(MINIMAL + "commands: {topic: told}").commands())
        .isEqualTo(new CommandSettings("told", "model-events"));
    assertThat(problems(MINIMAL + "commands: {events-topic: happened}"))
        .singleElement()
        .asString()
        .startsWith("must go with commands.topic")
        .endsWith("commands.events-topic=happened");
    assertThat(problems(MINIMAL + "commands: {topic: observations, events-topic: forecasts}"))
        .containsExactlyInAnyOrder(
            "must not be the topic of source.topic: commands.topic=observations",
            "must not be the topic of sink.topic: commands.events-topic=forecasts");
    assertThat(problems(MINIMAL + "commands: {topic: model-events}"))
        .containsExactly(
            "must not be the topic of commands.topic: commands.events-topic=model-events");
    assertThat(
            problems(
                MINIMAL
                    + "source: {topic-pattern: model-.*}\ncommands: {topic: told}\ndead-letters: {topic: bad}"))
        .containsExactly(
            "must not match commands.events-topic=model-events: source.topic-pattern=model-.*");
    assertThat(problems(MINIMAL + "source: {stop: latest}\ncommands: {topic: told}"))
        .containsExactly("must not be given in a job that ends by itself: commands.topic=told");
  }

  @Test
  void shouldNotForgetSeriesWhileObservationsCanStillCome() {
    String series = "1h, allowed-lateness: 2h, time-to-live: 2h, max-series: 1";
    assertThat(
            problems(
                MINIMAL.replace("PT30M", series)
                    + "source: {max-out-of-orderness: 1s}\njob: {parallelism: 2}"))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).endsWith("series.time-to-live=PT2H"),
            p -> assertThat(p).endsWith("series.max-series=1").contains("job.parallelism=2"));
  }

  @ParameterizedTest
  @CsvSource({
    "last, ARRIVAL",
    "first, ARRIVAL",
    "sum, WATERMARK",
    "mean, WATERMARK",
    "min, WATERMARK",
    "count, WATERMARK",
    "delta, WATERMARK",
    "time-weighted-mean, WATERMARK",
    "'last, silence: fill', WATERMARK"
  })
  void shouldCloseCellsAsTheirAggregateNeeds(String aggregate, Close close) {
    String series = "1h, aggregate: " + aggregate;
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", series)).series().close()).isEqualTo(close);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aggregate: sum, close: arrival | the first of them would close it; or leave series.aggregate out, if there is one observation in a cell: series.close=arrival",
        "aggregate: mean, close: complete | the first of each channel would close it; or leave series.aggregate out, if there is one observation in a cell: series.close=complete",
        "aggregate: time-weighted-mean, close: arrival | series.close=arrival",
        "aggregate: delta, duplicates: aggregate | for one of two readings of the same time holds: series.duplicates=aggregate",
        "counter-reset: missing | must go with series.aggregate=delta or rate, not last: series.counter-reset=missing",
        "aggregate: sum, counter-wraps-at: 1.5 | not sum: series.counter-wraps-at=1.5",
        "aggregate: rate, counter-wraps-at: -1 | must be a number above 0: series.counter-wraps-at=-1",
        "close: arrival, silence: fill | for nothing arrives in silence: series.silence=fill",
        "silence: fill, fill: linear | must be previous or constant with series.silence=fill",
        "silence: fill, aggregate: delta, counter-gap: missing | or what was counted in silence is lost: series.counter-gap=missing",
        "max-silence: 3d | must go with series.silence=fill: series.max-silence=PT72H",
      })
  void shouldRefuseCellsThatMeanNothing(String keys, String problem) {
    assertThat(problems(MINIMAL.replace("PT30M", "1h, " + keys)))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void shouldFillTheSilenceOfAmountsWithZeros() {
    for (String amount : new String[] {"sum", "count", "delta"}) {
      String series = "1h, silence: fill, aggregate: " + amount;
      SeriesSettings settings = JobFile.parse(MINIMAL.replace("PT30M", series)).series();
      assertThat(settings.gaps().fill()).isEqualTo(Fill.CONSTANT);
      assertThat(settings.cells().counter().gap()).isEqualTo(CounterRule.Gap.WHOLE);
    }
    String state = "1h, silence: fill";
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", state)).series().gaps().fill())
        .isEqualTo(Fill.PREVIOUS);
  }

  @ParameterizedTest
  @CsvSource({
    "last,LAST",
    "first,LAST",
    "mean,AGGREGATE",
    "sum,AGGREGATE",
    "min,AGGREGATE",
    "count,AGGREGATE",
    "delta,LAST",
    "rate,LAST",
    "time-weighted-mean,LAST"
  })
  void shouldChooseWhatToDoWithDuplicates(String aggregate, Duplicates duplicates) {
    String series = "1h, aggregate: " + aggregate;
    assertThat(JobFile.parse(MINIMAL.replace("PT30M", series)).series().cells().duplicates())
        .isEqualTo(duplicates);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30",
        "30m",
        "min",
        "PT0S",
        "0s",
        "-1h",
        "367d",
        "PT0.0005S",
        "999999999999999d",
        "[1h]",
        "soon",
        "\"\""
      })
  void shouldRefuseWhatIsNoStep(String text) {
    assertThat(problems(MINIMAL.replace("PT30M", text)))
        .singleElement()
        .asString()
        .startsWith(
            "must be P1D, P1W, P1M, P3M, P6M, P1Y, business-day or a duration, 1ms to 366d: series.step=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "# nothing",
        "just text",
        "[a, b]",
        "kafka: 3",
        "{",
        "a: b: c",
        "a: 1\na: 2",
        "\t",
        "? [x]\n: y",
        "*x"
      })
  void shouldAnswerAnyTextWithProblems(String yaml) {
    assertThat(problems(yaml)).isNotEmpty();
  }

  /** What is in a section that cannot be read may well be given there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "covariates: {topic: weather, names: [a, a]}",
        "covariates: {calendar: {free: holiday}, country: [DE]}",
        "source: {topic: [a, b]}\ndead-letters: nothing",
        "series: {step: 30min, channel-mode: independent}\nsource: {mapping: here}",
      })
  void shouldNotMissWhatItCouldNotRead(String section) {
    String yaml =
        "kafka: {bootstrap-servers: 'b:1'}\nmodel: {path: m}\n"
            + (section.startsWith("series") ? "" : "series: {step: 30min}\n")
            + section;
    assertThat(problems(yaml)).isNotEmpty().noneMatch(p -> p.startsWith("must be given"));
  }

  @Test
  void shouldNotMissWhatItCouldNotRead() {
    assertThat(problems("kafka: {bootstrap-servers: a:1"))
        .containsExactly(
            "must be YAML: expected ',' or '}', but got <stream end> at line 1, column 31");
    assertThat(problems("just text")).containsExactly("must be a map of keys: the file");
    assertThat(problems(MINIMAL.replace("{step: PT30M}", "PT30M")))
        .containsExactly("must be a map of keys: series");
    assertThat(problems(MINIMAL.replace("step", "stpe")))
        .containsExactly("unknown key: series.stpe; did you mean series.step?");
    assertThat(problems(MINIMAL.replace("series:", "serie:")))
        .containsExactly("unknown key: serie; did you mean series?");
    assertThat(problems(MINIMAL + "source: {format: json, mapping: [a]}"))
        .containsExactly("must be a map of keys: source.mapping");
    assertThat(
            problems(MINIMAL + "source: {format: json, mapping: {seres: a, time: t, values: v}}"))
        .containsExactly("unknown key: source.mapping.seres; did you mean source.mapping.series?");
    assertThat(problems(MINIMAL.replace("series: {step: PT30M}", "colour: red")))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("must be given: series.step");
  }

  /** A line of the section of the job, and how the one problem it has ends. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "job: {parallelism: \"2\"} | job.parallelism=\"2\", which is text; leave the quotes out",
        "job: {parallelism: two} | job.parallelism=two",
        "job: {parallelism: \"0\"} | job.parallelism=\"0\"",
        "job: {parallelism: \"\"} | job.parallelism=\"\"",
        "job: {parallelism: ' 2'} | job.parallelism=\" 2\"",
        "job: {parallelism: [2]} | job.parallelism=[2]",
        "job: {name: 5} | job.name=5, which is a number and no text; put it into quotes",
        "job: {name: true} | job.name=true, which is a flag and no text; put it into quotes",
        "job: {name: {a: b}} | job.name=(a map)",
        "series: {step: \"30\"} | series.step=\"30\"",
        "series: {step: 1h, reissue: \"true\"}| series.reissue=\"true\", which is text; leave the quotes out",
        "series: {step: 1h, fill-constant: \"1.5\"}| series.fill-constant=\"1.5\", which is text; leave the quotes out",
        "series: {step: 1h, forecast-every: \"4\"}| series.forecast-every=\"4\", which is text; leave the quotes out",
        "source: {topic: [a, 5]} | source.topic=[a, 5], which is not all text; put it into quotes",
        "source: {topic: [a, [5]]} | source.topic=[a, (a list)]",
        "source: {topic: {sasl.password: hunter2}} | source.topic=(a map)",
        "source: {topic: [{sasl.password: hunter2}]} | source.topic=[(a map)]",
        "source: {topic: &a [b, *a]} | source.topic=[b, (a list)]",
        "checkpoints: {directory: \"s3://me:hunter2@bucket/a b\"}| checkpoints.directory=s3://***@bucket/a b",
      })
  void shouldSayWhatItFound(String yaml, String end) {
    String section = yaml.substring(0, yaml.indexOf(':'));
    String file =
        Stream.concat(MINIMAL.lines().filter(line -> !line.startsWith(section)), Stream.of(yaml))
            .collect(Collectors.joining("\n"));
    assertThat(problems(file))
        .filteredOn(problem -> !problem.contains("source.topic is not a single one"))
        .singleElement()
        .asString()
        .endsWith(": " + end)
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a:9092                      | a:9092",
        "'a:9092, b:9093 ,c:9094'    | a:9092,b:9093,c:9094",
        "[a:9092, ' b:9093']         | a:9092,b:9093",
        "['a:9092,b:9093', 'c:9094'] | a:9092,b:9093,c:9094",
        "'[::1]:9092'                | [::1]:9092",
        "'a:1,[2001:db8::a:1]:65535' | a:1,[2001:db8::a:1]:65535",
        "'[fe80::1%eth0]:9092'       | [fe80::1%eth0]:9092",
        "'[::ffff:10.0.0.1]:9092'    | [::ffff:10.0.0.1]:9092"
      })
  void shouldTakeBrokersAsPeopleWriteThem(String yaml, String servers) {
    String file = MINIMAL.replace("\"127.0.0.1:9092\"", yaml);
    assertThat(JobFile.parse(file).kafka().bootstrapServers()).isEqualTo(servers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "':9092'",
        "'a:'",
        "'a:0'",
        "'a:65536'",
        "'a:9092,'",
        "'a:9092,,b:9092'",
        "'a b:9092'",
        "'a:9092 b:9092'",
        "'::1:9092'",
        "'[::1]'",
        "'[a]:9092'",
        "'[]:9092'",
        "'PLAINTEXT://a:9092'",
        "[]",
        "[a:9092, 5]",
        "{a: 9092}"
      })
  void shouldRefuseWhatIsNoBroker(String yaml) {
    assertThat(problems(MINIMAL.replace("\"127.0.0.1:9092\"", yaml)))
        .singleElement()
        .asString()
        .startsWith("must be host:port, or \"[address]:port\" for IPv6; ")
        .contains(": kafka.bootstrap-servers=");
  }

  @Test
  void shouldTakeAnEmptySectionAsAbsent() {
    assertThat(JobFile.parse(MINIMAL + "source:\njob:\n  name:\n").job().name())
        .isEqualTo("tidecast");
  }

  @Test
  void shouldNeverShowASecret() throws Exception {
    JobConfig config = JobFile.load(everyKey());

    assertThat(config.toString())
        .doesNotContain("hunter2")
        .contains("sasl.jaas.config=***")
        .contains("broker-1");
  }

  @Test
  void shouldNotQuoteSecretsInProblems() {
    String broken = "kafka: {properties: {ssl.key.password: hunter2, sasl.jaas.config: [hunter2]}";
    assertThat(problems(broken)).noneMatch(problem -> problem.contains("hunter2"));
    assertThat(problems(broken + "}")).noneMatch(problem -> problem.contains("hunter2"));
    assertThat(problems("kafka:\n  properties: {a: \"hunter2\n\n"))
        .noneMatch(problem -> problem.contains("hunter2"));
    assertThat(problems("kafka: {properties: {a: {b: hunter2}}}"))
        .contains("must be a map of names to single values: kafka.properties=(not shown)");
    assertThat(problems("kafka: {properties: [hunter2]}"))
        .contains("must be a map of names to single values: kafka.properties=(not shown)");
    assertThat(problems("kafka: {properties: \"hunter2\"}"))
        .contains("must be a map of names to single values: kafka.properties=(not shown)");
    assertThat(problems("kafka: {properties: {a: !!binary aHVudGVyMg==}}"))
        .contains("must be a map of names to single values: kafka.properties=(not shown)");
  }

  @Test
  void shouldNotShowWhatAUriHoldsBesideTheDirectory() {
    JobConfig config =
        JobFile.parse(
            MINIMAL + "checkpoints: {directory: \"s3://key:hunter2@bucket/dir?token=hunter2\"}\n");
    assertThat(config.toString()).doesNotContain("hunter2").contains("s3://***@bucket/dir?***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "isolation.level",
        "enable.auto.commit",
        "commit.offsets.on.checkpoint",
        "transactional.id",
        "transaction.two.phase.commit.enable",
        "partitioner.ignore.keys",
        "bootstrap.servers",
        "group.id",
        "client.id",
        "auto.offset.reset",
        "acks",
        "enable.idempotence",
        "key.deserializer",
        "value.serializer"
      })
  void shouldRefuseKafkaPropertiesThatWouldBreakAPromise(String name) {
    assertThat(problems("kafka: {properties: {%s: hunter2}}".formatted(name)))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("must not be set: kafka.properties.%s; ".formatted(name)))
        .noneMatch(problem -> problem.contains("hunter2"));
  }

  @Test
  void shouldSayWhichKafkaPropertiesNobodyKnows() {
    JobConfig config =
        JobFile.parse(
            MINIMAL.replace(
                "9092\"",
                "9092\", properties: {linger: 5, fetch.min.byte: 1, linger.ms: 5, ssl.protocol: TLS, partition.discovery.interval.ms: 10000, my.login.token: hunter2}"));
    assertThat(config.notices())
        .containsExactly(
            "Kafka's clients know no setting fetch.min.byte of kafka.properties; did you mean fetch.min.bytes?",
            "Kafka's clients know no setting linger of kafka.properties; did you mean linger.ms?",
            "Kafka's clients know no setting my.login.token of kafka.properties; it does nothing, unless a plug-in of theirs reads it.");
  }

  @Test
  void shouldRefusePropertiesOfTheOtherClients() {
    assertThat(
            problems(
                """
                kafka:
                  bootstrap-servers: a:1
                  consumer-properties: {linger.ms: 5, isolation.level: hunter2, fetch.min.bytes: 9}
                  producer-properties: {fetch.min.bytes: 9, partition.discovery.interval.ms: 1, acks: hunter2}
                """
                    + MINIMAL.substring(MINIMAL.indexOf("series:"))))
        .containsExactly(
            "must not be set: kafka.consumer-properties.isolation.level; the job reads nothing that was not committed",
            "must be a setting that consumers have: kafka.consumer-properties.linger.ms; they would pass over it, and in kafka.properties or kafka.producer-properties it is read",
            "must not be set: kafka.producer-properties.acks; use sink.delivery",
            "must be a setting that producers have: kafka.producer-properties.fetch.min.bytes; they would pass over it, and in kafka.properties or kafka.consumer-properties it is read",
            "must be a setting that producers have: kafka.producer-properties.partition.discovery.interval.ms; they would pass over it, and in kafka.properties or kafka.consumer-properties it is read");
  }

  @Test
  void shouldSayWhichPropertiesNoClientOfTheKindKnows() {
    JobConfig config =
        JobFile.parse(
            MINIMAL.replace(
                "9092\"",
                "9092\", consumer-properties: {fetch.min.byte: 1}, producer-properties: {linger: 5, my.login.token: hunter2}"));
    assertThat(config.notices())
        .containsExactly(
            "Kafka's consumers know no setting fetch.min.byte of kafka.consumer-properties; did you mean fetch.min.bytes?",
            "Kafka's producers know no setting linger of kafka.producer-properties; did you mean linger.ms?",
            "Kafka's producers know no setting my.login.token of kafka.producer-properties; it does nothing, unless a plug-in of theirs reads it.");
    assertThat(config.toString()).doesNotContain("hunter2");
  }

  @Test
  void shouldGiveClientsWhatIsMostSpecific() {
    KafkaSettings kafka =
        JobFile.parse(
                MINIMAL.replace(
                    "9092\"",
                    "9092\", properties: {client.rack: a, request.timeout.ms: 1}, consumer-properties: {client.rack: b}, producer-properties: {request.timeout.ms: 2, max.request.size: 2000000}"))
            .kafka();
    assertThat(kafka.toProperties(ClientKind.CONSUMER))
        .containsExactlyInAnyOrderEntriesOf(Map.of("client.rack", "b", "request.timeout.ms", "1"));
    assertThat(kafka.toProperties(ClientKind.PRODUCER))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("client.rack", "a", "request.timeout.ms", "2", "max.request.size", "2000000"));
    assertThat(kafka.toProperties(ClientKind.ANY))
        .containsExactlyInAnyOrderEntriesOf(Map.of("client.rack", "a", "request.timeout.ms", "1"));
    assertThat(kafka.maxRequestBytes()).isEqualTo(2_000_000);
    assertThat(
            problems(
                MINIMAL.replace("9092\"", "9092\", producer-properties: {max.request.size: 9000}")))
        .containsExactly(
            "must be at least 16384 less than max.request.size=9000: dead-letters.max-value-bytes=900000");
  }

  @Test
  void shouldLetNothingWaitWhenTunedForLatency() {
    assertThat(JobFile.parse(MINIMAL + "sink: {tuning: latency}\n").job().bufferTimeout())
        .isEqualTo(Duration.ZERO);
    assertThat(
            JobFile.parse(MINIMAL + "sink: {tuning: latency}\njob: {buffer-timeout: 3ms}\n")
                .job()
                .bufferTimeout())
        .isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void shouldRefuseToStopAtATimeThatIsStillToCome() {
    String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();
    assertThat(problems(MINIMAL + "source: {stop: \"%s\"}\n".formatted(tomorrow)))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem)
                    .startsWith("must not be in the future")
                    .contains("source.stop=" + tomorrow, "use latest"));
  }

  /** Whatever characters a password has, in quotes or not. */
  @Test
  void shouldNotQuoteSecretsHoweverBadlyTheyAreWritten() {
    String marks = "*&!%@`|>'\"{}[]#:,?-\\ \t~=<$";
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      StringBuilder secret = new StringBuilder("hunter2hunter2hunter2");
      for (int times = 1 + random.nextInt(2); times > 0; times--) {
        int at = random.nextBoolean() ? 0 : random.nextInt(secret.length() + 1);
        secret.insert(at, marks.charAt(random.nextInt(marks.length())));
      }
      String properties =
          random.nextBoolean()
              ? "\n  properties:\n    ssl.key.password: %s\n"
              : " {properties: {ssl.key.password: %s}}\n";
      String yaml = "kafka:" + properties.formatted(secret) + "series: {step: 1h}\n";
      List<String> problems = problems(yaml);
      assertThat(problems).as(yaml).noneMatch(problem -> problem.contains("hunter2"));
      refused += problems.size() == 2 ? 0 : 1;
    }
    assertThat(refused).as("files that have more wrong than two keys that are absent").isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device: gpu | must be cpu, cuda:N or tensorrt:N, N being the number of the GPU: model.device=gpu",
        "device: cuda | must be cpu, cuda:N or tensorrt:N, N being the number of the GPU: model.device=cuda",
        "device: 0 | must be cpu, cuda:N or tensorrt:N, N being the number of the GPU: model.device=0",
        "device: cuda:0, gpu: {memory-limit: 4GB} | must be a size, 64MiB to 1024GiB, in MiB or GiB: model.gpu.memory-limit=4GB",
        "device: cuda:0, gpu: {memory-limit: 63MiB} | must be a size, 64MiB to 1024GiB, in MiB or GiB: model.gpu.memory-limit=63MiB",
        "device-policy: prefer | must be given with a GPU as model.device alone: model.device-policy, model.device=cpu",
        "gpu: {memory-limit: 4GiB} | must be given with a GPU as model.device alone: model.gpu.memory-limit, model.device=cpu",
        "device: tensorrt:0, gpu: {tf32: true} | must be given with cuda:N as model.device alone: model.gpu.tf32, model.device=tensorrt:0",
        "device: cuda:0, tensorrt: {fp16: true} | must be given with tensorrt:N as model.device alone: model.tensorrt.fp16, model.device=cuda:0",
        "device: cuda:0, tensorrt: {engine-cache: /x} | must be given with tensorrt:N as model.device alone: model.tensorrt.engine-cache, model.device=cuda:0",
      })
  void shouldRefuseWhatADeviceHasNot(String model, String problem) {
    assertThat(problems(MINIMAL.replace("model: {", "model: {" + model + ", ")))
        .containsExactly(problem);
  }

  @Test
  void shouldNameTheFileThatIsNotThere() {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> JobFile.load(Path.of("no/such.yaml")));
    assertThat(e).hasMessageContaining("no/such.yaml");
  }

  @Test
  void shouldReadTheKeysThatExcludeThose() throws Exception {
    JobConfig config = JobFile.load(resource("every-other-key.yaml"));

    assertThat(config.model().device())
        .isEqualTo(
            new DeviceOptions(
                Device.parse("cuda:0"), DevicePolicy.REQUIRE, null, true, false, null, 128));

    assertThat(config.source().topics()).isEqualTo(new Topics(List.of(), "plant-.*"));
    assertThat(config.source().format())
        .isEqualTo(
            new SourceFormat.Json(
                new Mapping(
                    new Mapping.SeriesFields(paths("$topic"), "/", null),
                    millis("source", "$timestamp"),
                    new Mapping.Named(
                        FieldPath.parse("sensor"),
                        paths("reading"),
                        List.of("temperature", "humidity")),
                    Mapping.MissingValues.DEAD_LETTER,
                    false,
                    ConfigKeys.SOURCE_FORMAT.names())));
    assertThat(config.covariates().feed().format())
        .isEqualTo(
            new SourceFormat.Json(
                new Mapping(
                    new Mapping.SeriesFields(List.of(), "/", null),
                    millis("covariates", "hour"),
                    new Mapping.Named(
                        FieldPath.parse("kind"), paths("cents"), List.of("day-ahead", "fee")),
                    Mapping.MissingValues.DEAD_LETTER,
                    false,
                    ConfigKeys.COVARIATE_FORMAT.names())));
    assertThat(((SinkSettings.Kafka) config.sink()).onLostTransaction())
        .isEqualTo(LossPolicy.REPLAY);
  }

  @Test
  void shouldAskNothingOfTransactionsWhereThereAreNone() {
    String timeout = MINIMAL + "checkpoints: {interval: 1h}\nsink: {delivery: at-least-once%s}\n";
    assertThat(((SinkSettings.Kafka) JobFile.parse(timeout.formatted("")).sink()).delivery())
        .isEqualTo(Delivery.AT_LEAST_ONCE);
    assertThat(problems(timeout.formatted(", on-lost-transaction: replay")))
        .containsExactly(
            "must be left out with sink.delivery=at-least-once, which has no transactions:"
                + " sink.on-lost-transaction=replay");
  }

  @Test
  void shouldReadWhereAJobEnds() throws Exception {
    JobConfig config = JobFile.load(resource("every-last-key.yaml"));
    assertThat(config.source().stop())
        .isEqualTo(new Stop(Stop.Kind.TIME, Instant.parse("2025-11-20T10:00:00Z")));
    assertThat(config.source().isBounded()).isTrue();
  }

  @Test
  void shouldReadTheChannelsThatAreSeries() throws Exception {
    JobConfig config = JobFile.load(resource("every-third-key.yaml"));

    assertThat(config.source().format())
        .isInstanceOfSatisfying(
            SourceFormat.Csv.class,
            csv -> {
              assertThat(csv.files()).containsExactly("old.csv", "archive");
              assertThat(csv.mapping().numericStrings()).isTrue();
              assertThat(csv.order()).isEqualTo(SourceFormat.Order.NEWEST_FIRST);
              assertThat(csv.options())
                  .isEqualTo(
                      new CsvOptions(
                          '\t',
                          CsvDialect.NO_QUOTE,
                          "//",
                          3,
                          List.of("name", "at", "MW", "load [%]"),
                          "windows-1252",
                          CsvOptions.Keys.OF_JOB));
            });
    assertThat(config.source().origin()).isEqualTo("old.csv, archive");
    assertThat(config.source().isBounded()).isTrue();
    assertThat(config.source().channels())
        .isEqualTo(new ChannelSeries(List.of("load", "wind"), "/"));
    assertThat(config.series().channels()).isEqualTo(1);
  }

  @Test
  void shouldReadHowForecastsAreScored() throws Exception {
    assertThat(JobFile.load(resource("every-third-key.yaml")).scores())
        .isEqualTo(
            new ScoresSettings("how-good", List.of(1, 24, 48), 300, 48, Duration.ofDays(1), 24));
    assertThat(JobFile.load(everyKey()).scores()).isEqualTo(ScoresSettings.OFF);
  }

  @Test
  void shouldReadWhatIsCopiedToPostgres() throws Exception {
    JobConfig config = JobFile.load(resource("every-third-key.yaml"));

    assertThat(config.cells()).isEqualTo(new CellsSettings("what-was"));
    assertThat(config.postgres())
        .isEqualTo(
            new PostgresSettings(
                "jdbc:postgresql://db:5432/tidecast",
                "copier",
                "${PGPASSWORD}",
                "copies",
                new PostgresSettings.Batch(500, Duration.ofMillis(200)),
                Map.of(
                    PostgresSettings.Table.OBSERVATIONS,
                    Duration.ofDays(700),
                    PostgresSettings.Table.FORECASTS,
                    Duration.ofDays(90),
                    PostgresSettings.Table.SCORES,
                    Duration.ofDays(365),
                    PostgresSettings.Table.ANOMALIES,
                    Duration.ofDays(701),
                    PostgresSettings.Table.EVENTS,
                    Duration.ofDays(702)),
                Duration.ofHours(1),
                "127.0.0.1:9251"));
    assertThat(config.toString()).contains("copier").doesNotContain("db:5432", "PGPASSWORD");
    JobConfig without = JobFile.load(everyKey());
    assertThat(without.postgres()).isNull();
    assertThat(without.cells()).isEqualTo(CellsSettings.OFF);
  }

  @Test
  void shouldNameAfterTheJobWhatReadsForPostgres() {
    PostgresSettings settings =
        JobFile.parse(
                """
                kafka: {bootstrap-servers: "127.0.0.1:9092"}
                source: {topic: in}
                series: {step: 1h}
                model: {path: nowhere}
                sink: {topic: out}
                job: {name: demand}
                postgres: {url: "jdbc:postgresql:t"}
                """)
            .postgres();

    assertThat(settings).isNotNull();
    assertThat(settings.groupId()).isEqualTo("demand-postgres");
    assertThat(settings.batch())
        .isEqualTo(new PostgresSettings.Batch(10_000, Duration.ofSeconds(1)));
    assertThat(settings.retention()).isEmpty();
    assertThat(settings.giveUpAfter()).isNull();
  }

  @Test
  void shouldRefuseADatabaseWithoutShowingItsPassword() {
    assertThatThrownBy(
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    postgres: {url: "postgres://me:hush@db/tidecast", batch-rows: 5}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must be a JDBC URL such as jdbc:postgresql://db:5432/tidecast: postgres.url=")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    postgres: {url: "jdbc:postgresql://db/tidecast?user=me&password=hush"}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must have neither user nor password, which go into postgres.user and postgres.password: postgres.url")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    postgres: {batch-rows: 5}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must go with postgres.url, for without it nothing is copied: postgres.batch-rows");
  }

  @Test
  void shouldReadWhichForecastsAreMetrics() throws Exception {
    assertThat(JobFile.load(resource("every-third-key.yaml")).gauges())
        .isEqualTo(
            new GaugeSettings(
                List.of("shop", "17"), List.of(Duration.ofHours(1), Duration.ofDays(1))));
    assertThat(JobFile.load(everyKey()).gauges().isOn()).isFalse();
  }

  @Test
  void shouldRefuseMetricsOfTooManySeries() {
    String many = IntStream.range(0, 101).mapToObj(i -> "s" + i).collect(joining(", "));
    assertThat(problems("gauges: {series: [%s]}".formatted(many)))
        .contains(
            "must be given together: gauges.series and gauges.forecast-at",
            "must be at most 100 series, for each of them is a label of metrics, and the forecasts of all are in the topic of sink.topic: gauges.series has 101");
    assertThat(problems("gauges: {forecast-at: 1h}"))
        .contains("must be given together: gauges.series and gauges.forecast-at");
    assertThat(problems("gauges: {series: [a, a], forecast-at: 1h}"))
        .noneMatch(problem -> problem.startsWith("must be given together"))
        .anyMatch(problem -> problem.contains("gauges.series"));
  }

  @Test
  void shouldRefuseScoresThatNobodyGets() {
    assertThatThrownBy(
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    scores: {window: 10, season: 90min, leads: [1, 24, 12]}
                    """))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .contains(
                        "must go with scores.topic, for without it forecasts are not scored: scores.window",
                        "must go with scores.topic, for without it forecasts are not scored: scores.season",
                        "must ascend: scores.leads=[1, 24, 12]",
                        "must be a multiple of series.step=PT1H: scores.season=PT1H30M"));
    assertThatThrownBy(
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    sink: {topic: out}
                    scores: {topic: out}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must not be the topic of sink.topic: scores.topic=out");
  }

  @Test
  void shouldReadWhenAModelGivesItsPlaceToAnother() throws Exception {
    JobConfig config = JobFile.load(resource("every-key-of-promotion.yaml"));
    assertThat(config.promotion())
        .isEqualTo(
            new PromotionSettings(
                PromotionSettings.Action.PERFORM,
                LossMetric.CRPS,
                .1,
                500,
                .95,
                1000,
                PromotionSettings.Naive.REPLACE));
    assertThat(JobFile.load(everyKey()).promotion()).isEqualTo(PromotionSettings.OFF);
  }

  @Test
  void shouldRefusePromotionsThatNothingComesOf() {
    assertThat(problems(MINIMAL + "promotion: {action: perform}"))
        .containsExactly(
            "must go with scores.topic, by which models are compared, such as forecast-scores: promotion.action=perform",
            "must go with commands.topic, in which models are swapped, such as model-commands; what is decided is told in commands.events-topic: promotion.action=perform");
    assertThat(problems(MINIMAL + "promotion: {origins: 500, naive: replace}"))
        .containsExactly(
            "must go with promotion.action, propose or perform, for without it models are not compared: promotion.origins",
            "must go with promotion.action, propose or perform, for without it models are not compared: promotion.naive");
    assertThat(
            problems(
                MINIMAL
                    + "promotion: {action: propose}\nscores: {topic: s}\ncommands: {topic: c}\nmixture: {members: [model]}"))
        .containsExactly(
            "must be left out with mixture.members, for who is better weighs more there without a swap: promotion.action=propose");
    assertThat(problems(MINIMAL + "promotion: {action: perform, confidence: 0.9999}"))
        .anyMatch(problem -> problem.startsWith("must be a number from 0.5 to 0.999"));
  }

  @Test
  void shouldReadWhatAnAnomalyIs() throws Exception {
    assertThat(JobFile.load(resource("every-third-key.yaml")).anomalies())
        .isEqualTo(
            new AnomaliesSettings(
                "strange",
                new Interval(0.99, 500),
                new Rule(new RunRule(2, 3), Sides.BELOW, 2.5, 0.05, 4),
                0,
                24));
    assertThat(JobFile.load(everyKey()).anomalies()).isEqualTo(AnomaliesSettings.OFF);
    assertThat(
            JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    anomalies: {topic: strange}
                    """)
                .anomalies())
        .isEqualTo(
            new AnomaliesSettings(
                "strange",
                new Interval(AnomaliesSettings.DEFAULT_LEVEL, AnomaliesSettings.DEFAULT_WINDOW),
                Rule.EACH,
                AnomaliesSettings.DEFAULT_SHIFT_CELLS,
                null));
  }

  @Test
  void shouldRefuseAnomaliesThatNobodyGetsOrThatCannotBe() {
    assertThat(problemsOfAnomalies("{run: 2 of 3, cool-down: 3}"))
        .contains(
            "must go with anomalies.topic, for without it no anomalies are looked for: anomalies.run",
            "must go with anomalies.topic, for without it no anomalies are looked for: anomalies.cool-down");
    assertThat(problemsOfAnomalies("{topic: t, level: 0.9999}"))
        .containsExactly(
            "must be at least 20000 cells, of which one lies beyond each end of the interval: anomalies.window=2000, anomalies.level=0.9999");
    assertThat(problemsOfAnomalies("{topic: t, level: 0.9, window: 50000}"))
        .containsExactly(
            "must be at most 10000 cells, of which 500 lie beyond each end of the interval: anomalies.window=50000, anomalies.level=0.9");
    assertThat(problemsOfAnomalies("{topic: t, level: 1, run: 3 of 2, minimum: -1}"))
        .hasSize(3)
        .anySatisfy(one -> assertThat(one).contains("anomalies.level"))
        .anySatisfy(one -> assertThat(one).contains("anomalies.run"))
        .anySatisfy(one -> assertThat(one).contains("anomalies.minimum"));
    assertThat(problemsOfAnomalies("{topic: out}"))
        .containsExactly("must not be the topic of sink.topic: anomalies.topic=out");
  }

  private static List<String> problemsOfAnomalies(String anomalies) {
    try {
      JobFile.parse(
          """
          kafka: {bootstrap-servers: "127.0.0.1:9092"}
          series: {step: 1h}
          model: {path: nowhere}
          sink: {topic: out}
          anomalies: %s
          """
              .formatted(anomalies));
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }

  @Test
  void shouldReadHowForecastsAreMixed() throws Exception {
    JobConfig config = JobFile.load(resource("every-third-key.yaml"));
    Duration step = config.series().step().length();
    assertThat(config.mixture())
        .isEqualTo(
            new MixtureSettings(
                true,
                List.of(
                    new NaiveMember("seasonal-naive-1d", Naive.Kind.SEASON, Duration.ofDays(1)),
                    new NaiveMember(
                        "seasonal-naive-12cells", Naive.Kind.SEASON, step.multipliedBy(12)),
                    NaiveMember.REPEAT_LAST,
                    NaiveMember.LINEAR),
                true,
                List.of(0.1, 0.5, 0.9)));
    assertThat(((SinkSettings.Kafka) config.sink()).shadowTopic()).endsWith("-shadow");
    assertThat(JobFile.load(everyKey()).mixture()).isEqualTo(MixtureSettings.OFF);
    assertThat(MixtureSettings.OFF.levelsBeside(List.of(.2))).containsExactly(.2);
    MixtureSettings usual = new MixtureSettings(true, List.of(), false, List.of());
    assertThat(usual.levelsBeside(List.of(.1, .2, .5, .9))).containsExactly(.1, .5, .9);
    assertThat(usual.levelsBeside(List.of(.2))).containsExactly(.05, .25, .5, .75, .95);
  }

  @Test
  void shouldRefuseMixturesThatCannotBe() {
    assertThat(mixtureProblems("mixture: {members: [repeat-last, seasonal-naive-90min]}"))
        .containsExactlyInAnyOrder(
            "must have model among them, which every mixture is made with: mixture.members=[repeat-last, seasonal-naive-90min]",
            "must have a season that is a multiple of series.step=PT1H, or a number of cells such as seasonal-naive-12cells: mixture.members=seasonal-naive-90min");
    assertThat(mixtureProblems("mixture: {members: [model, seasonal-naive-100001cells]}"))
        .containsExactly(
            "must have a season of no more than 100000 cells, which are kept of each series: mixture.members=seasonal-naive-100001cells");
    assertThat(mixtureProblems("mixture: {members: [model, weekly]}"))
        .singleElement()
        .asString()
        .startsWith("must be model, repeat-last, linear, or seasonal-naive- with");
    assertThat(
            mixtureProblems(
                "mixture: {show-members: true}\nmodels: [{name: a, path: b, role: member}]"))
        .containsExactlyInAnyOrder(
            "must go with mixture.members, for without them there are none: mixture.show-members=true",
            "must go with mixture.members, such as [model, repeat-last], for a member of no mixture forecasts for nothing: models[].role=member");
    assertThat(
            mixtureProblems(
                "mixture: {members: [model]}\nmodels: [{name: a, path: b, role: member, min-context: 3}]"))
        .containsExactly(
            "must be left out with role: member, which is asked when the primary is: models[0].min-context=3");
    assertThat(mixtureProblems("calibration: {levels: [0.5, 0.1, 0.9]}"))
        .containsExactly("must ascend: calibration.levels=[0.5, 0.1, 0.9]");
    assertThat(mixtureProblems("calibration: {levels: [0.1, 0.5]}"))
        .containsExactly(
            "must have with each level its partner, as 0.95 with 0.05: calibration.levels=[0.1, 0.5], without that of 0.1");
    assertThat(mixtureProblems("calibration: {levels: [0, 1]}")).hasSize(1);
  }

  private static List<String> mixtureProblems(String yaml) {
    return catchThrowableOfType(
            ConfigException.class,
            () ->
                JobFile.parse(
                    """
                    kafka: {bootstrap-servers: "127.0.0.1:9092"}
                    series: {step: 1h}
                    model: {path: nowhere}
                    """
                        + yaml))
        .problems();
  }

  private static List<FieldPath> paths(String... texts) {
    return Arrays.stream(texts).map(FieldPath::parse).toList();
  }

  static Path everyKey() throws URISyntaxException {
    return resource("every-key.yaml");
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(JobConfigTest.class.getResource(name).toURI());
  }

  private static Mapping.TimeField everyTime(
      String section, String path, String pattern, String zone) {
    return new Mapping.TimeField(
        List.of(FieldPath.parse(path)),
        TimeFormat.of(pattern, ZoneId.of(zone), new Settings(section + ".mapping."))
            .with(new ClockChanges(Overlap.LATER, Gap.EARLIER))
            .with(new Words(Locale.GERMAN, Map.of("CEST", ZoneOffset.ofHours(2))))
            .with(Marks.END)
            .withNumericText(true));
  }

  private static Mapping.TimeField millis(String section, String path) {
    return new Mapping.TimeField(
        List.of(FieldPath.parse(path)),
        TimeFormat.of("epoch-millis", null, new Settings(section + ".mapping.")));
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> JobFile.parse(yaml)).problems();
  }
}
