package io.tidecast.flink.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a registry says.
 *
 * @param status of HTTP
 * @param body null where it is no JSON
 */
record Answer(int status, @Nullable JsonNode body) {

  private static final int NOT_FOUND = 404;

  boolean isGood() {
    return status == 200;
  }

  /**
   * Says whether the registry has understood the question, and has no such thing. A path that it
   * does not know gives another code, or no JSON at all.
   */
  boolean isUnknown() {
    return status == NOT_FOUND && errorCode() > NOT_FOUND;
  }

  /** Says whether the registry does not even know the question. */
  boolean isNoPath() {
    return status == NOT_FOUND && !isUnknown();
  }

  private int errorCode() {
    return body == null ? 0 : body.path("error_code").asInt(0);
  }

  /** Returns what the registry says of itself, shortened, or its status where it says nothing. */
  String message() {
    String said = body == null ? "" : body.path("message").asText("").strip();
    return said.isEmpty()
        ? "status " + status
        : said.lines().findFirst().orElse("").transform(Answer::shortened);
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }
}
