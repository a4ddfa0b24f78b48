package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.SplitChannels;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of several channels, each a series of its own. */
class IndependentChannelsTest {

  private static final String SERIES = "series: {step: 1s, channel-mode: independent}";
  private static final String JSON =
      "source: {format: json, mapping: {series: id, time: t, values: [x, y],"
          + " missing-values: nan, channel-names: [load, 'wind, north']}}";

  @Test
  void shouldMakeASeriesOfEachValue() {
    assertThat(series(JSON, "{'id': 'a', 't': 7, 'x': 1.5, 'y': -2}"))
        .containsExactly("a/load 7 [1.5]", "a/wind, north 7 [-2.0]");
  }

  @Test
  void shouldSayOfEachSeriesThatItsValueIsMissing() {
    assertThat(series(JSON, "{'id': 'a', 't': 7, 'y': 3}"))
        .containsExactly("a/load 7 [NaN]", "a/wind, north 7 [3.0]");
  }

  @Test
  void shouldJoinTheNamesByTheSeparatorOfTheSeries() {
    String config =
        JSON.replace("series: id", "series: [id, n]")
            .replace("id, n]", "id, n], series-separator: '|'");
    assertThat(series(config, "{'id': 'a', 'n': 5, 't': 7, 'x': 1, 'y': 2}"))
        .containsExactly("a|5|load 7 [1.0]", "a|5|wind, north 7 [2.0]");
  }

  @Test
  void shouldNameTheValuesOfTidecastsOwnObservations() {
    JobConfig config =
        Samples.config(
            SERIES, "source: {mapping: {channel-names: [u, v, w], series-separator: '#'}}");
    assertThat(split(config, Samples.observation("a", 7, 1.0, null, 3.0)))
        .containsExactly("a#u 7 [1.0]", "a#v 7 [NaN]", "a#w 7 [3.0]");
    assertThat(split(config, Samples.observation("a", 7, 1.0)))
        .containsExactly("wrong-channel-count");
  }

  private static final int MAX_SERIES_CHARS = 255;

  @Test
  void shouldHaveRoomForTheLongestName() {
    String room = "a".repeat(MAX_SERIES_CHARS - "/wind, north".length());
    assertThat(series(JSON, "{'id': '%s', 't': 7, 'x': 1, 'y': 2}".formatted(room))).hasSize(2);
    assertThat(series(JSON, "{'id': 'a%s', 't': 7, 'x': 1, 'y': 2}".formatted(room)))
        .containsExactly("invalid-series");
  }

  /** The section of the source, then of the series, the one problem they have. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "format: json, mapping: {series: s, time: t, values: [x, y], channel-names: [a, b]}"
            + "| channels: 2| must be 1, what a model takes of each series, with"
            + " series.channel-mode=independent: series.channels=2",
        "format: json, mapping: {series: s, time: t, values: [x, y]}"
            + "| channels: 1| must be given with series.channel-mode=independent:"
            + " source.mapping.channel-names, text; or a list of different ones",
        "format: tidecast| channels: 1| must be given with series.channel-mode=independent:"
            + " source.mapping.channel-names, text; or a list of different ones",
        "format: json, mapping: {series: s, time: t, values: [x], channel-names: [a, b]}"
            + "| channels: 1| must have one entry per entry of source.mapping.channel-names=[a, b]:"
            + " source.mapping.values=[x]",
        "format: json, mapping: {series: s, time: t, values: [x, y], channel-names: [a, b/c]}"
            + "| channels: 1| must not contain source.mapping.series-separator=/:"
            + " source.mapping.channel-names=b/c",
        "format: json, mapping: {series: s, time: t, values: [x], name: n, channel-names: [a]}"
            + "| channels: 1| must not be given with series.channel-mode=independent:"
            + " source.mapping.name; where a record holds one channel, its name can be a part of"
            + " source.mapping.series",
        "mapping: {channel-names: [a], time: t}"
            + "| channels: 1| must not be given with source.format=tidecast: source.mapping.time",
      })
  void shouldRefuse(String source, String series, String problem) {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                Samples.config(
                    "source: {" + source + "}",
                    "series: {step: 1s, channel-mode: independent, " + series + "}"));
    assertThat(e.problems()).containsExactly(problem);
  }

  @Test
  void shouldRefuseAModelOfMoreThanOneChannel() {
    JobConfig config = Samples.config(SERIES, JSON);
    ForecasterSpec two = new ForecasterSpec("testing", "7", 4, 2, 2, List.of());

    assertThat(ModelFit.modelProblems(config, two))
        .containsExactly(
            "must be joint for a model of 2 channels: series.channel-mode=independent");
    assertThat(ModelFit.modelProblems(config, Samples.SPEC)).isEmpty();
  }

  private static List<String> series(String source, String json) {
    return split(Samples.config(SERIES, source), JsonMappingTest.json(json));
  }

  /** What a record becomes; whatever it is, the source has one time of it. */
  private static List<String> split(JobConfig config, byte[] value) {
    ParsedMeasurement parsed =
        Samples.parser(config).parse(Samples.source(value), Samples.NO_HEADERS).get(0);
    if (parsed.rejection() != null) {
      return List.of(JsonMappingTest.outcome(parsed));
    }
    List<Measurement> out = new ArrayList<>();
    new SplitChannels(config.source().channels())
        .flatMap(parsed.accepted(), new ListCollector<>(out));
    return out.stream()
        .peek(one -> assertThat(one.source()).isSameAs(parsed.accepted().source()))
        .map(one -> JsonMappingTest.outcome(new ParsedMeasurement(one, null)))
        .toList();
  }
}
