package io.tidecast.cli.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the sentence for people in what Flink answers, which is a stack trace with all causes. */
final class ServerText {

  private static final String CAUSE = "Caused by: ";
  private static final Pattern END =
      Pattern.compile("\\s*\\R\\s*(at |\\.\\.\\. |End of exception)");
  private static final Pattern CLASS =
      Pattern.compile("^(?:[\\w$]+\\.)+([\\w$]+(?:Exception|Error|Throwable))(?:: |$)");
  private static final String BEGIN = "<Exception on server side:";

  /** By this the job says that it cannot be started; nothing else of a submission throws it. */
  private static final String OF_THE_JOB = "org.apache.flink.api.common.InvalidProgramException: ";

  private ServerText() {}

  /** Returns the message of the last cause of a stack trace, or the name of its class. */
  static String sentence(String trace) {
    int last = trace.lastIndexOf(CAUSE);
    String text = last < 0 ? trace.replace(BEGIN, "") : trace.substring(last + CAUSE.length());
    text = text.strip();
    Matcher end = END.matcher(text);
    if (end.find()) {
      text = text.substring(0, end.start());
    }
    Matcher name = CLASS.matcher(text);
    if (name.find()) {
      String message = text.substring(name.end());
      text = message.isBlank() ? name.group(1) : message;
    }
    return text.strip();
  }

  /**
   * Returns the last of the errors of an answer, which has the causes; empty where there is none.
   */
  static String error(JsonNode answer) {
    String last = "";
    for (JsonNode error : answer.path("errors")) {
      last = error.asText();
    }
    return last;
  }

  /** Says whether it is the job that says so, and not Flink. */
  static boolean isOfTheJob(String trace) {
    return trace.contains(CAUSE + OF_THE_JOB);
  }
}
