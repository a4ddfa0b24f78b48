package io.tidecast.flink.config.value;

import io.tidecast.flink.config.value.ConfigType.Display;
import io.tidecast.flink.record.PassedHeaders;
import java.util.List;

/** Says what the values of keys may be that are about headers of records. */
public final class HeaderTypes {

  private HeaderTypes() {}

  /** Takes the names of headers that go onto forecasts, or a word for none. */
  public static ConfigType<PassedHeaders> passed() {
    // Headers that say what the value is would say it of the forecast.
    ConfigType<List<String>> names =
        ConfigType.oneOrMore(
            ConfigType.matching(
                "the name of a header: 1 to 100 characters without blanks, but not content-type, ce_… or …_schema_id",
                "(?!ce_|content-type$|.*_schema_id$)[\\x21-\\x7e]{1,100}"));
    return new ConfigType<>(
        "none, or %s; at most %d of them, tracestate only after traceparent"
            .formatted(names.range(), PassedHeaders.MAX_NAMES),
        raw -> "none".equals(raw) ? PassedHeaders.NONE : of(names.parser().apply(raw)),
        Display.VALUES);
  }

  private static PassedHeaders of(List<String> names) {
    int state = names.indexOf(PassedHeaders.TRACE_STATE);
    int parent = names.indexOf(PassedHeaders.TRACE_PARENT);
    if (names.size() > PassedHeaders.MAX_NAMES || (state >= 0 && (parent < 0 || parent > state))) {
      throw new IllegalArgumentException();
    }
    return new PassedHeaders(names);
  }
}
