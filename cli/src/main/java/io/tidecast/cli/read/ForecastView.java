package io.tidecast.cli.read;

import io.tidecast.cli.console.Durations;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows forecasts: to people as a plot for each target, to programs as an object. */
final class ForecastView implements View<Forecast> {

  private static final int MOST_PLOTS = 4;

  /** The role of the one forecast that a series is given. */
  private static final String PRIMARY = "primary";

  private final GridStep step;
  private final int width;
  private final boolean ascii;

  /**
   * @param step of the job, from one point to the next
   * @param width of the terminal, characters
   * @param ascii whether it has no other characters
   */
  ForecastView(GridStep step, int width, boolean ascii) {
    this.step = step;
    this.width = width;
    this.ascii = ascii;
  }

  @Override
  public List<String> lines(Decoded<Forecast> decoded, Forecast forecast) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  after %s  %d ahead (%s)  %s %s%s%s%s%s%s%s"
            .formatted(
                forecast.getSeries(),
                forecast.getOrigin(),
                forecast.getHorizon(),
                Durations.rounded(
                    Duration.ofMillis(forecast.getStepMillis() * forecast.getHorizon())),
                forecast.getModelId(),
                forecast.getModelVersion(),
                band(forecast.getQuantileLevels()),
                isPrimary(forecast) ? "" : "  " + forecast.getRole(),
                forecast.getFallback() ? "  fallback" : "",
                forecast.getFilledCells() > 0
                    ? "  %d filled".formatted(forecast.getFilledCells())
                    : "",
                forecast.getRevision() > 0 ? "  revision %d".formatted(forecast.getRevision()) : "",
                gaps(forecast)));
    for (int target = 0; target < Math.min(forecast.getChannels(), MOST_PLOTS); target++) {
      if (forecast.getChannels() > 1) {
        lines.add(" " + name(forecast, target));
      }
      lines.addAll(Plot.draw(line(forecast, target), width, ascii));
    }
    if (forecast.getChannels() > MOST_PLOTS) {
      lines.add(" and %d more; --json has all".formatted(forecast.getChannels() - MOST_PLOTS));
    }
    return lines;
  }

  private static boolean isPrimary(Forecast forecast) {
    return forecast.getRole().equals(PRIMARY);
  }

  /** Says how many points are there where some are not. */
  private static String gaps(Forecast forecast) {
    long there = forecast.getPoints().stream().filter(point -> !point.isNaN()).count();
    return there < forecast.getPoints().size()
        ? "  %d of %d points found".formatted(there, forecast.getPoints().size())
        : "";
  }

  /** Levels that there are quantiles of. */
  private static int levels(Forecast forecast) {
    return forecast.getQuantiles().isEmpty() ? 0 : forecast.getQuantileLevels().size();
  }

  private static String band(List<Double> levels) {
    return levels.size() > 1
        ? "  band %s - %s".formatted(levels.get(0), levels.get(levels.size() - 1))
        : "";
  }

  private Plot.Line line(Forecast forecast, int target) {
    int levels = levels(forecast);
    double[] values = new double[forecast.getHorizon()];
    double[] low = new double[values.length];
    double[] high = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int at = i * forecast.getChannels() + target;
      values[i] = forecast.getPoints().get(at);
      if (levels > 1) {
        low[i] = forecast.getQuantiles().get(at * levels);
        high[i] = forecast.getQuantiles().get(at * levels + levels - 1);
      }
    }
    return new Plot.Line(
        values,
        levels > 1 ? low : null,
        levels > 1 ? high : null,
        time(forecast, 0).toString(),
        time(forecast, values.length - 1).toString());
  }

  private static String name(Forecast forecast, int target) {
    return target < forecast.getTargets().size()
        ? forecast.getTargets().get(target)
        : "target " + (target + 1);
  }

  /** When a point is, counted from 0. */
  private Instant time(Forecast forecast, int point) {
    long origin = step.cell(forecast.getOrigin().toEpochMilli());
    return Instant.ofEpochMilli(step.startMillis(origin + 1 + point));
  }

  @Override
  public Map<String, Object> json(Decoded<Forecast> decoded, Forecast forecast) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("series", forecast.getSeries());
    object.put("origin", forecast.getOrigin().toString());
    object.put("issuedAt", forecast.getIssuedAt().toString());
    object.put("step", step.length().toString());
    object.put("horizon", forecast.getHorizon());
    object.put("model", forecast.getModelId());
    object.put("modelVersion", forecast.getModelVersion());
    object.put("fallback", forecast.getFallback());
    object.put("filledCells", forecast.getFilledCells());
    object.put("revision", forecast.getRevision());
    object.put("role", forecast.getRole());
    if (forecast.getWeight() != null) {
      object.put("weight", forecast.getWeight());
    }
    object.put("points", points(forecast));
    return object;
  }

  private List<Map<String, Object>> points(Forecast forecast) {
    int levels = levels(forecast);
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < forecast.getHorizon(); i++) {
      for (int target = 0; target < forecast.getChannels(); target++) {
        int at = i * forecast.getChannels() + target;
        if (forecast.getPoints().get(at).isNaN()) {
          continue;
        }
        Map<String, Object> point = new LinkedHashMap<>();
        point.put("time", time(forecast, i).toString());
        if (!forecast.getTargets().isEmpty()) {
          point.put("target", name(forecast, target));
        } else if (forecast.getChannels() > 1) {
          point.put("target", target);
        }
        point.put("value", forecast.getPoints().get(at));
        if (levels > 0 && !forecast.getQuantiles().get(at * levels).isNaN()) {
          Map<String, Double> quantiles = new LinkedHashMap<>();
          for (int level = 0; level < levels; level++) {
            quantiles.put(
                forecast.getQuantileLevels().get(level).toString(),
                forecast.getQuantiles().get(at * levels + level));
          }
          point.put("quantiles", quantiles);
        }
        points.add(point);
      }
    }
    return points;
  }
}
