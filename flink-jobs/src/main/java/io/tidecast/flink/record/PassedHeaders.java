package io.tidecast.flink.record;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Says which headers of an observation, or of a request, go onto the forecasts that come of it, and
 * packs them into the bytes that travel there.
 *
 * <p>The two of the W3C's Trace Context are held against its form: a {@code traceparent} of another
 * is not passed on, nor is a {@code tracestate} without one. A record that has {@code
 * ce_traceparent} alone, as CloudEvents' extension for tracing names it, is taken at that. Others
 * are passed on byte for byte.
 *
 * @param names of the headers, in the order in which they are written
 */
public record PassedHeaders(List<String> names) implements Serializable {

  public static final String TRACE_PARENT = "traceparent";
  public static final String TRACE_STATE = "tracestate";

  /** Begins the names of the headers of CloudEvents. */
  public static final String CLOUD_EVENTS = "ce_";

  /** Those that are passed on where nothing else is said. */
  public static final PassedHeaders OF_A_TRACE =
      new PassedHeaders(List.of(TRACE_PARENT, TRACE_STATE));

  public static final PassedHeaders NONE = new PassedHeaders(List.of());

  /** So many names may be passed on. */
  public static final int MAX_NAMES = 8;

  /** A longer value stays behind: the Trace Context asks for no more. */
  public static final int MAX_VALUE_BYTES = 512;

  /** The trace, its parent and the flags. */
  private static final String TRACE = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

  /** Of version 00, or of a later one, in which more may follow. */
  private static final Pattern TRACE_PARENT_FORM =
      Pattern.compile("00" + TRACE + "|(?!00|ff)[0-9a-f]{2}" + TRACE + "(?:-[\\x20-\\x7e]*)?");

  private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e\\t]+");

  public PassedHeaders {
    names = List.copyOf(names);
  }

  /** Is told of a header that is not passed on. */
  @FunctionalInterface
  public interface Refused {

    /**
     * @param requirement what the header must be
     */
    void header(String name, String requirement);
  }

  /**
   * Packs those of a record; null where it has none of them, which costs no memory.
   *
   * @param refused is told of those that it has and that stay behind
   */
  public byte @Nullable [] of(Headers headers, Refused refused) {
    if (!headers.iterator().hasNext()) {
      return null;
    }
    Headers passed = null;
    boolean traced = false;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Header found = find(name, headers);
      if (found == null || found.value() == null) {
        continue;
      }
      byte[] value = found.value();
      String requirement = requirement(name, value, traced);
      if (requirement != null) {
        refused.header(name, requirement);
        continue;
      }
      traced |= name.equals(TRACE_PARENT);
      passed = passed == null ? new RecordHeaders() : passed;
      passed.add(name, value);
    }
    return passed == null ? null : KeptHeaders.pack(passed);
  }

  /** The last of a name, as others read it from Kafka. */
  private static @Nullable Header find(String name, Headers headers) {
    Header found = headers.lastHeader(name);
    return found == null && isOfATrace(name) ? headers.lastHeader(CLOUD_EVENTS + name) : found;
  }

  /** Whether a header is one of the Trace Context. */
  public static boolean isOfATrace(String name) {
    return name.equals(TRACE_PARENT) || name.equals(TRACE_STATE);
  }

  /** Returns what a value must be that it is not; null for a good one. */
  private static @Nullable String requirement(String name, byte[] value, boolean traced) {
    if (value.length > MAX_VALUE_BYTES) {
      return "must have no more than %d bytes, it has %d".formatted(MAX_VALUE_BYTES, value.length);
    }
    if (!isOfATrace(name)) {
      return null;
    }
    String text = new String(value, StandardCharsets.ISO_8859_1);
    if (name.equals(TRACE_PARENT)) {
      return TRACE_PARENT_FORM.matcher(text).matches()
          ? null
          : "must be of the W3C's form, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    }
    if (!traced) {
      return "must go with a traceparent that is passed on";
    }
    return TEXT.matcher(text).matches() ? null : "must be text of printable ASCII";
  }
}
