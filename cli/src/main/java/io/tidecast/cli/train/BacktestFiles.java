package io.tidecast.cli.train;

import io.tidecast.evaluation.backtest.BacktestJson;
import io.tidecast.evaluation.backtest.BacktestPage;
import io.tidecast.evaluation.backtest.BacktestReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a backtest is written to. */
final class BacktestFiles {

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write every figure to this file too, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Write a page to this file too that needs nothing beside it: forecasts over what happened, errors "
              + "by lead and hour, the worst windows.")
  private @Nullable Path html;

  /** Whether any is asked for. */
  boolean areWanted() {
    return json != null || html != null;
  }

  /** The option that asks for one, of those that do. */
  String wanted() {
    return json != null ? "--json" : "--html";
  }

  /** Writes those that are asked for, and says where. */
  void write(BacktestReport report, PrintWriter out) throws IOException {
    if (json != null) {
      Files.writeString(json, BacktestJson.of(report));
      out.println("The figures are in " + json);
    }
    if (html != null) {
      Files.writeString(html, new BacktestPage(report).toHtml());
      out.println("The page is " + html);
    }
    out.flush();
  }
}
