package io.tidecast.flink.sink.record;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes a score of forecasts, as {@code ForecastScore.avsc} has it. */
final class ScoreShape implements Shape<ForecastScore> {

  @Override
  public void write(ForecastScore score, Fields out) throws IOException {
    out.text("series", score.series());
    out.text("target", score.target());
    out.time("time", score.timeMillis());
    out.text("modelId", score.modelId());
    out.text("modelVersion", score.modelVersion());
    out.whole("firstLead", score.firstLead());
    out.whole("lastLead", score.lastLead());
    out.whole("count", (long) score.window().count());
    out.number("mae", score.window().mae());
    out.number("mse", score.window().mse());
    out.optionalNumber("mase", known(score.window().mase()));
    out.optionalNumber("rmsse", known(score.window().rmsse()));
    out.number("smape", score.window().smape());
    out.number("bias", score.window().bias());
    out.whole("naiveCount", (long) score.window().naiveCount());
    out.optionalNumber("naiveMae", known(score.window().naiveMae()));
    out.optionalNumber("naiveMse", known(score.window().naiveMse()));
    out.optionalNumber("pinball", known(score.window().pinball()));
    out.number("crps", score.window().crps());
    out.optionalNumber("coverage", known(score.window().coverage()));
    out.optionalNumber("width", known(score.window().width()));
    out.number("recentCount", score.recent().count());
    out.number("recentMae", score.recent().mae());
    out.number("recentMse", score.recent().mse());
    out.optionalNumber("recentMase", known(score.recent().mase()));
    out.optionalNumber("recentRmsse", known(score.recent().rmsse()));
    out.number("recentSmape", score.recent().smape());
    out.number("recentBias", score.recent().bias());
    out.number("recentNaiveCount", score.recent().naiveCount());
    out.optionalNumber("recentNaiveMae", known(score.recent().naiveMae()));
    out.optionalNumber("recentNaiveMse", known(score.recent().naiveMse()));
    out.optionalNumber("recentPinball", known(score.recent().pinball()));
    out.number("recentCrps", score.recent().crps());
    out.optionalNumber("recentCoverage", known(score.recent().coverage()));
    out.optionalNumber("recentWidth", known(score.recent().width()));
    out.laterText("role", score.role().text(), ForecastRole.PRIMARY.text());
    out.optionalNumber("weight", known(score.weight()));
  }

  private static @Nullable Double known(double figure) {
    return Double.isNaN(figure) ? null : (Double) figure;
  }
}
