package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSamples;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.testing.Samples;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CovariateFitTest {

  private static final String JSON =
      "format: json, mapping: {key: site, time: at, values: [celsius, wind]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "names: wind | must go with covariates.topic: covariates.names",
        "wait: 1s | must go with covariates.topic: covariates.wait",
        "mapping: {time: at} | must go with covariates.topic: covariates.mapping.time",
        "topic: w | must be given with covariates.topic: covariates.names, text; or a list of different ones",
        "zone: UTC | must go with covariates.calendar: covariates.zone",
        "country: DE | must go with covariates.calendar: covariates.country",
        "calendar: {free: holiday} | must be given with holiday in covariates.calendar: covariates.country, a country of ISO 3166-1, such as DE",
        "calendar: {free: moon} | must be a map of names to one of day-of-year, holiday, hour, month, weekday, weekend: covariates.calendar={free=moon}",
        "topic: w, names: wind, calendar: {wind: hour} | must not be in covariates.calendar too: covariates.names=wind",
        "topic: w, names: wind, keyed-by: group | must not be tidecast with covariates.keyed-by=group, for such an observation names no group: source.format=tidecast",
        "topic: observations, names: wind | must not be the topic of source.topic: covariates.topic=observations",
        "topic: forecasts, names: wind | must not be the topic of covariates.topic: sink.topic=forecasts",
        "topic: w, names: wind, format: json, mapping: {time: at, values: x} | must be given with covariates.format=json: covariates.mapping.key, the path of a field such as `a.b[0].c`, or one of $key, $header.NAME, $timestamp, $topic; or a list of different ones",
        "topic: w, names: wind, format: csv, mapping: {key: site, time: at, values: x} | must be one of avro, influx, json, protobuf, tidecast: covariates.format=csv",
        "topic: w, names: wind, keyed-by: global, format: json, mapping: {key: site, time: at, values: x} | must not be given with covariates.keyed-by=global: covariates.mapping.key",
      })
  void shouldRefuse(String covariates, String problem) {
    assertThat(problems(covariates)).containsExactly(problem);
  }

  @Test
  void shouldAskForAValueOfEachCovariate() {
    assertThat(problems("topic: w, names: wind, " + JSON))
        .containsExactly(
            "must have one entry per covariate, covariates.names=[wind]:"
                + " covariates.mapping.values=[celsius, wind]");
  }

  @Test
  void shouldNameTheKeysOfCovariatesInWhatItSays() {
    String mapping =
        "topic: w, names: wind, format: json, mapping: {key: site, time: at, values: x, ";
    assertThat(problems(mapping + "time-format: dd.MM.yyyy}"))
        .containsExactly(
            "must be one of the names or a pattern: covariates.mapping.time-format=dd.MM.yyyy:"
                + " it has no offset; set covariates.mapping.time-zone");
    assertThat(problems(mapping.replace("at,", "$file,") + "}"))
        .containsExactly(
            "must be the path of a field such as `a.b[0].c`, or one of $key, $header.NAME,"
                + " $timestamp, $topic; or a list of different ones: covariates.mapping.time=$file");
    String named =
        "topic: w, names: [t, wind, sun], format: json, mapping: {key: site, time: at, name: n,"
            + " values: [a, b], channel-names: x}";
    assertThat(problems(named))
        .containsExactly(
            "must have one entry per 2 covariates (covariates.mapping.values),"
                + " covariates.names=[t, wind, sun]: covariates.mapping.channel-names=[x]");
  }

  @Test
  void shouldRefuseWhatCannotGoWithATopic() {
    String covariates = "covariates: {topic: w, names: [t, wind], on-missing: skip, " + JSON + "}";
    assertThat(problemsOf(covariates, "requests: {topic: asked}"))
        .containsExactly(
            "must be fallback or fill with requests.topic, for every request has an answer: covariates.on-missing=skip");
    assertThat(problemsOf(covariates, "source: {stop: latest}"))
        .containsExactly("must not be given in a job that ends by itself: covariates.topic=w");
  }

  private static List<String> problemsOf(String... sections) {
    return catchThrowableOfType(ConfigException.class, () -> Samples.config(sections)).problems();
  }

  @Test
  void shouldKnowCountriesAndRegions() {
    assertThat(problems("calendar: {free: holiday}, country: XX"))
        .singleElement()
        .asString()
        .startsWith("must be one of AD, ")
        .endsWith(": covariates.country=XX");
    assertThat(problems("calendar: {free: holiday}, country: DE, region: TX"))
        .singleElement()
        .asString()
        .contains("BY")
        .endsWith(", or not given: covariates.region=TX");
  }

  @Test
  void shouldAskObservationsForTheirGroup() {
    String covariates = "covariates: {topic: w, names: [t, wind], keyed-by: group, " + JSON + "}";
    String source = "source: {format: json, mapping: {series: id, time: at, values: kwh%s}}";
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> Samples.config(covariates, source.formatted("")));
    assertThat(e.problems())
        .singleElement()
        .asString()
        .startsWith("must be given with covariates.keyed-by=group: source.mapping.group, ");
    assertThat(
            Samples.config(covariates, source.formatted(", group: site")).covariates().isGrouped())
        .isTrue();
    e =
        catchThrowableOfType(
            ConfigException.class, () -> Samples.config(source.formatted(", group: site")));
    assertThat(e.problems())
        .containsExactly(
            "must go with covariates.keyed-by=group, or with a group in models: source.mapping.group=site");
  }

  @Test
  void shouldFindNothingWrongWithAFit() {
    assertThat(modelProblems("")).isEmpty();
  }

  @Test
  void shouldRefuseAModelThatIsNotGivenWhatItTakes() {
    JobConfig config =
        Samples.config("series: {step: 1min}", "covariates: {calendar: {hour: hour}}");
    assertThat(ModelFit.covariateProblems(config, CovariateSamples.SPEC, CovariateSamples.MODEL))
        .containsExactly(
            "must be in covariates.names or covariates.calendar, for the model takes it ahead: wind");
  }

  @Test
  void shouldRefuseWhatTheModelDoesNotTake() {
    JobConfig config =
        Samples.config(
            "series: {step: 1min}",
            "covariates: {topic: w, names: [wind, load, rain], calendar: {hour: hour, day: weekday}}");
    assertThat(ModelFit.covariateProblems(config, CovariateSamples.SPEC, CovariateSamples.MODEL))
        .containsExactly(
            "must be among what the model takes ahead, [hour, wind]: covariates.calendar=day",
            "must be among what the model takes ahead, [hour, wind]: covariates.names=load",
            "must be among what the model takes ahead, [hour, wind]: covariates.names=rain");
    assertThat(ModelFit.covariateProblems(config, Samples.SPEC, ModelChannels.UNNAMED)).hasSize(5);
  }

  @Test
  void shouldRefuseAModelThatDoesNotNameItsChannels() {
    assertThat(
            ModelFit.covariateProblems(
                CovariateSamples.config(""), CovariateSamples.SPEC, ModelChannels.UNNAMED))
        .containsExactly(
            "must be a model that names the 2 channels that it takes ahead: model.path");
  }

  @Test
  void shouldRefuseAReachThatIsShorterThanTheHorizonOrNeedsTooMuch() {
    assertThat(modelProblems("max-future: 1min"))
        .containsExactly("must be at least the horizon, PT2M: covariates.max-future=PT1M");
    assertThat(modelProblems("keep: 36500d"))
        .containsExactly(
            "must keep less than 67108864 bytes of covariates for each key:"
                + " covariates.max-future=PT721H, covariates.keep=PT876000H, series.step=PT1M");
  }

  @Test
  void shouldReachAtLeastTwiceTheHorizonAheadOfWhatIsAhead() {
    assertThat(maxFuture(CovariateSamples.config(""), 2))
        .isEqualTo(Duration.ofDays(30).plusHours(1));
    assertThat(maxFuture(CovariateSamples.config(""), 60 * 24 * 40))
        .isEqualTo(Duration.ofDays(80).plusHours(1));
  }

  private static List<String> modelProblems(String keys) {
    return ModelFit.covariateProblems(
        CovariateSamples.config(keys), CovariateSamples.SPEC, CovariateSamples.MODEL);
  }

  private static List<String> problems(String covariates) {
    return catchThrowableOfType(
            ConfigException.class, () -> Samples.config("covariates: {" + covariates + "}"))
        .problems();
  }

  private static Duration maxFuture(JobConfig config, int predictionLength) {
    return ModelFit.maxFuture(config, config.covariates().feed(), predictionLength);
  }
}
