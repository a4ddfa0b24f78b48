package io.tidecast.evaluation.backtest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.evaluation.backtest.BacktestReport.Lead;
import io.tidecast.evaluation.backtest.BacktestReport.Scope;
import io.tidecast.evaluation.backtest.BacktestReport.Scored;
import io.tidecast.evaluation.backtest.BacktestReport.ShownWindow;
import java.time.Instant;

/** A backtest for programs. What there is no figure for is null. */
public final class BacktestJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BacktestJson() {}

  /** Returns a report as JSON, all figures with all their digits. */
  public static String of(BacktestReport report) {
    Scope scope = report.scope();
    ObjectNode json = JSON.createObjectNode();
    json.put("data", scope.data());
    json.put("model", scope.model());
    json.put("part", scope.part());
    json.put("split", scope.split());
    json.put("step", scope.step().toString());
    json.put("horizon", scope.horizon());
    json.set("quantileLevels", JSON.valueToTree(scope.quantileLevels()));
    json.put("maseSeason", scope.maseSeason());
    json.put("windows", scope.windows());
    ObjectNode left = json.putObject("leftOut");
    left.put("unaskedWindows", scope.leftOut().unasked());
    left.put("unknownWindows", scope.leftOut().unknown());
    left.put("series", scope.leftOut().series());
    ArrayNode forecasters = json.putArray("forecasters");
    report.forecasters().forEach(one -> write(one, forecasters.addObject()));
    ArrayNode series = json.putArray("series");
    report
        .series()
        .forEach(
            one -> {
              ObjectNode its = series.addObject();
              its.put("name", one.name());
              put(its, "scaledMae", one.scaledMae());
              put(its, "scaledMaeOfBestBaseline", one.best());
            });
    ArrayNode worst = json.putArray("worstWindows");
    report.worst().forEach(one -> write(one, worst.addObject()));
    return json.toPrettyString() + "\n";
  }

  private static void write(Scored one, ObjectNode json) {
    json.put("name", one.name());
    put(json, "mse", one.accuracy().mse());
    put(json, "mae", one.accuracy().mae());
    put(json, "scaledMse", one.accuracy().scaledMse());
    put(json, "scaledMae", one.accuracy().scaledMae());
    put(json, "mase", one.accuracy().mase());
    put(json, "smape", one.smape());
    put(json, "crps", one.accuracy().crps());
    put(json, "coverage", one.accuracy().coverage());
    ArrayNode leads = json.putArray("byLead");
    for (int step = 0; step < one.leads().size(); step++) {
      Lead lead = one.leads().get(step);
      ObjectNode its = leads.addObject();
      its.put("lead", step + 1);
      put(its, "scaledMse", lead.scaledMse());
      put(its, "scaledMae", lead.scaledMae());
      put(its, "coverage", lead.coverage());
    }
    ArrayNode hours = json.putArray("scaledMaeByHour");
    one.hours().forEach(hour -> add(hours, hour));
  }

  private static void write(ShownWindow one, ObjectNode json) {
    json.put("series", one.series());
    json.put("channel", one.channel());
    json.put("origin", Instant.ofEpochMilli(one.originMillis()).toString());
    put(json, "scaledMae", one.error());
    values(json.putArray("actual"), one.actual());
    values(json.putArray("points"), one.points());
  }

  private static void values(ArrayNode json, double[] values) {
    for (double value : values) {
      add(json, value);
    }
  }

  private static void add(ArrayNode json, double value) {
    if (Double.isFinite(value)) {
      json.add(value);
    } else {
      json.addNull();
    }
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}
