package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSamples;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** The uids of the job, in code, in its graphs and on the page. */
class OperatorUidsTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ");

  @Test
  void shouldBeThoseThatJobsHave() {
    Set<String> uids = new TreeSet<>();
    uids.addAll(
        uids(
            CovariateSamples.config("keyed-by: series"),
            new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, w -> {})));
    uids.addAll(
        uids(Samples.config("commands: {topic: told}"), new TestingModel(Samples.SPEC, w -> {})));
    uids.addAll(
        uids(
            Samples.config(
                "requests: {topic: asked}",
                "scores: {topic: how-good}",
                "cells: {topic: seen}",
                "anomalies: {topic: strange}"),
            new TestingModel(Samples.SPEC, w -> {})));
    uids.addAll(
        uids(
            Samples.config(
                "series: {step: 1s, channel-mode: independent}",
                "source: {stop: latest, format: json, mapping: {series: id, time: t,"
                    + " values: [x, y], channel-names: [a, b]}}"),
            new TestingModel(Samples.SPEC, w -> {})));
    uids.addAll(
        uids(
            Samples.config("models: [{name: tried, path: nowhere, role: shadow}]"),
            new ModelSlots(
                List.of(
                    slot(ModelSlot.DEFAULT, ForecastRole.PRIMARY),
                    slot("tried", ForecastRole.SHADOW)))));
    uids.addAll(
        uids(
            Samples.config(
                "commands: {topic: told}",
                "scores: {topic: how-good}",
                "promotion: {action: propose}",
                "gauges: {series: [a], forecast-at: 1h}"),
            new TestingModel(Samples.SPEC, w -> {})));
    uids.addAll(
        uids(
            Samples.config("calibration: {levels: [0.1, 0.9]}"),
            new TestingModel(Samples.SPEC, w -> {})));
    assertThat(uids).isEqualTo(new TreeSet<>(OperatorUids.ALL));
  }

  @Test
  void shouldBeThoseOfThePage() throws IOException {
    String page =
        Files.readString(
            Path.of(System.getProperty("tidecast.root")).resolve("docs/state-and-upgrades.md"));
    int table = page.indexOf("| uid | holds |");
    assertThat(table).isNotNegative();
    List<String> rows =
        ROW.matcher(page.substring(table, page.indexOf("\n\n", table)))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(OperatorUids.ALL);
  }

  /** But those that Flink gives to the committers of sinks. */
  private static List<String> uids(JobConfig config, ForecasterFactory model) {
    return uids(config, ModelSlots.of(model));
  }

  private static ModelSlot slot(String name, ForecastRole role) {
    return new ModelSlot(
        name, role, SeriesRoute.ALL, new TestingModel(Samples.SPEC, w -> {}), "nowhere");
  }

  private static List<String> uids(JobConfig config, ModelSlots model) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(env, config, model);
    List<String> uids = new ArrayList<>();
    for (StreamNode node : env.getStreamGraph(false).getStreamNodes()) {
      if (!node.getTransformationUID().startsWith("Sink Committer: ")) {
        uids.add(node.getTransformationUID());
      }
    }
    return uids;
  }
}
