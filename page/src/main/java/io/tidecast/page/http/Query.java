package io.tidecast.page.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands after the question mark of an address. */
final class Query {

  private final Map<String, String> values = new HashMap<>();

  private Query() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is not encoded as it must be
   */
  static Query of(URI uri) {
    Query query = new Query();
    String raw = uri.getRawQuery();
    if (raw != null) {
      for (String one : raw.split("&", -1)) {
        int at = one.indexOf('=');
        if (at > 0) {
          query.values.put(
              URLDecoder.decode(one.substring(0, at), StandardCharsets.UTF_8),
              URLDecoder.decode(one.substring(at + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  /** A value; null where it is not there or empty. */
  @Nullable String get(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
