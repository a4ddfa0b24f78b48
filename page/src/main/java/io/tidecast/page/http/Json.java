package io.tidecast.page.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidecast.page.kept.Breach;
import io.tidecast.page.kept.Fan;
import io.tidecast.page.kept.JobState;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Score;
import io.tidecast.page.kept.SeriesView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** Writes what the script of the page reads. Times are in milliseconds, missing numbers null. */
final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  private static final float[] NONE = {};

  private Json() {}

  /** Something that writes an object's fields. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator to) throws IOException;
  }

  static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator to = FACTORY.createGenerator(bytes)) {
      to.writeStartObject();
      fields.write(to);
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void found(JsonGenerator to, PageStore.Found found) throws IOException {
    texts(to, "names", found.names());
    to.writeNumberField("count", found.count());
  }

  static void board(JsonGenerator to, PageBoard.View board, PageStore.Fill fill)
      throws IOException {
    JobState job = board.job();
    to.writeStringField("phase", job.phase().name().toLowerCase(Locale.ROOT));
    to.writeStringField("sentence", job.sentence());
    to.writeArrayFieldStart("notices");
    for (JobState.Notice notice : job.notices()) {
      to.writeStartObject();
      to.writeStringField("sentence", notice.sentence());
      to.writeBooleanField("blocking", notice.blocking());
      to.writeEndObject();
    }
    to.writeEndArray();
    to.writeBooleanField("live", board.reading().live());
    texts(to, "lacking", board.reading().sentences());
    to.writeNumberField("observations", job.counts().observations());
    to.writeNumberField("forecasts", job.counts().forecasts());
    to.writeNumberField("fallbacks", job.counts().fallbacks());
    to.writeNumberField("deadLetters", job.counts().deadLetters());
    to.writeNumberField("seriesOfJob", job.counts().series());
    number(to, "observationsPerSecond", board.observationsPerSecond());
    number(to, "forecastsPerSecond", board.forecastsPerSecond());
    number(to, "delayMedian", board.delayMedianMillis());
    number(to, "delayMost", board.delayMostMillis());
    to.writeNumberField("series", fill.series());
    to.writeNumberField("leftOut", fill.leftOut());
    to.writeNumberField("crowdedOut", fill.crowdedOut());
  }

  static void limits(JsonGenerator to, KeptLimits limits) throws IOException {
    to.writeNumberField("cells", limits.cells());
    to.writeNumberField("fans", limits.fans());
  }

  static void series(JsonGenerator to, SeriesView view) throws IOException {
    to.writeStringField("name", view.series());
    texts(to, "targets", view.targets());
    to.writeStringField("target", view.target());
    to.writeFieldName("cellTimes");
    to.writeArray(view.cellMillis(), 0, view.cellMillis().length);
    to.writeArrayFieldStart("cellValues");
    for (double value : view.cellValues()) {
      number(to, value);
    }
    to.writeEndArray();
    to.writeFieldName("origins");
    to.writeArray(view.origins(), 0, view.origins().length);
    to.writeArrayFieldStart("fans");
    for (Fan fan : view.fans()) {
      fan(to, fan, isNewest(fan, view.origins()));
    }
    to.writeEndArray();
    to.writeArrayFieldStart("scores");
    for (Score score : view.scores()) {
      score(to, score);
    }
    to.writeEndArray();
    to.writeArrayFieldStart("breaches");
    for (Breach breach : view.breaches()) {
      breach(to, breach);
    }
    to.writeEndArray();
  }

  private static boolean isNewest(Fan fan, long[] origins) {
    return fan.by().role().equals(Fan.PRIMARY)
        && (origins.length == 0 || fan.originMillis() >= origins[origins.length - 1]);
  }

  /** Of others than the newest the page shows the points alone, and quantiles are long. */
  private static void fan(JsonGenerator to, Fan fan, boolean isNewest) throws IOException {
    Fan.Values values = fan.values();
    to.writeStartObject();
    to.writeStringField("model", fan.by().model());
    to.writeStringField("version", fan.by().version());
    to.writeStringField("role", fan.by().role());
    to.writeBooleanField("fallback", fan.by().fallback());
    number(to, "weight", fan.by().weight());
    to.writeNumberField("origin", fan.originMillis());
    to.writeNumberField("issued", fan.issuedMillis());
    to.writeFieldName("times");
    to.writeArray(values.timesMillis(), 0, values.timesMillis().length);
    floats(to, "points", values.points());
    to.writeFieldName("levels");
    to.writeArray(values.levels(), 0, isNewest ? values.levels().length : 0);
    floats(to, "quantiles", isNewest ? values.quantiles() : NONE);
    to.writeEndObject();
  }

  private static void score(JsonGenerator to, Score score) throws IOException {
    to.writeStartObject();
    to.writeStringField("model", score.of().model());
    to.writeStringField("version", score.of().version());
    to.writeStringField("role", score.of().role());
    number(to, "weight", score.of().weight());
    to.writeNumberField("firstLead", score.firstLead());
    to.writeNumberField("lastLead", score.lastLead());
    to.writeNumberField("time", score.timeMillis());
    to.writeNumberField("count", score.count());
    figures(to, "whole", score.whole());
    figures(to, "recent", score.recent());
    to.writeEndObject();
  }

  private static void figures(JsonGenerator to, String name, Score.Figures figures)
      throws IOException {
    to.writeObjectFieldStart(name);
    number(to, "mae", figures.mae());
    number(to, "naiveMae", figures.naiveMae());
    number(to, "mase", figures.mase());
    number(to, "coverage", figures.coverage());
    number(to, "bias", figures.bias());
    to.writeEndObject();
  }

  private static void breach(JsonGenerator to, Breach breach) throws IOException {
    to.writeStartObject();
    to.writeNumberField("time", breach.timeMillis());
    to.writeStringField("kind", breach.kind());
    to.writeStringField("direction", breach.direction());
    number(to, "value", breach.value());
    number(to, "low", breach.expected().low());
    number(to, "high", breach.expected().high());
    number(to, "score", breach.score());
    to.writeBooleanField("withdrawn", breach.withdrawn());
    to.writeEndObject();
  }

  private static void texts(JsonGenerator to, String name, List<String> texts) throws IOException {
    to.writeArrayFieldStart(name);
    for (String text : texts) {
      to.writeString(text);
    }
    to.writeEndArray();
  }

  private static void floats(JsonGenerator to, String name, float[] values) throws IOException {
    to.writeArrayFieldStart(name);
    for (float value : values) {
      if (Float.isFinite(value)) {
        to.writeNumber(value);
      } else {
        to.writeNull();
      }
    }
    to.writeEndArray();
  }

  private static void number(JsonGenerator to, String name, double value) throws IOException {
    to.writeFieldName(name);
    number(to, value);
  }

  private static void number(JsonGenerator to, double value) throws IOException {
    if (Double.isFinite(value)) {
      to.writeNumber(value);
    } else {
      to.writeNull();
    }
  }
}
