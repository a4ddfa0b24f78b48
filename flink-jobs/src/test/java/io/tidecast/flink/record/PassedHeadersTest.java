package io.tidecast.flink.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassedHeadersTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

  private final List<String> refused = new ArrayList<>();

  @Test
  void shouldPackNothingOfARecordThatHasNoneOfThem() {
    assertThat(PassedHeaders.OF_A_TRACE.of(new RecordHeaders(), this::refuse)).isNull();
    RecordHeaders others = new RecordHeaders();
    others.add("spring_json_header_types", new byte[9]);
    assertThat(PassedHeaders.OF_A_TRACE.of(others, this::refuse)).isNull();
    others.add("traceparent", text("00-" + TRACE + "-01"));
    assertThat(PassedHeaders.NONE.of(others, this::refuse)).isNull();
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"00-" + TRACE + "-01", "00-" + TRACE + "-ff", "cc-" + TRACE + "-01-what-comes"})
  void shouldPassOnATraceOfTheForm(String parent) {
    assertThat(passed("traceparent", parent, "tracestate", "congo=t61rcWkgMzE,a=1"))
        .containsExactly("traceparent=" + parent, "tracestate=congo=t61rcWkgMzE,a=1");
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-1-2-01",
        "00-" + TRACE,
        "00-" + TRACE + "-01-more",
        "00-" + TRACE + "-01 ",
        "ff-" + TRACE + "-01",
        "cc-" + TRACE + "-01more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      })
  void shouldLeaveATraceBehindThatIsNone(String parent) {
    assertThat(passed("traceparent", parent, "tracestate", "a=1")).isEmpty();
    assertThat(refused)
        .containsExactly(
            "traceparent must be of the W3C's form, such as"
                + " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate must go with a traceparent that is passed on");
  }

  @Test
  void shouldLeaveAStateBehindThatIsNone() {
    assertThat(passed("traceparent", "00-" + TRACE + "-01", "tracestate", "a=\u00e9"))
        .containsExactly("traceparent=00-" + TRACE + "-01");
    assertThat(passed("traceparent", "00-" + TRACE + "-01", "tracestate", "a".repeat(513)))
        .containsExactly("traceparent=00-" + TRACE + "-01");
    assertThat(refused)
        .containsExactly(
            "tracestate must be text of printable ASCII",
            "tracestate must have no more than 512 bytes, it has 513");
  }

  @Test
  void shouldTakeTheLastOfAName() {
    assertThat(passed("traceparent", "00-1-2-01", "traceparent", "00-" + TRACE + "-01"))
        .containsExactly("traceparent=00-" + TRACE + "-01");
  }

  @Test
  void shouldTakeTheTraceOfACloudEventThatHasNoOther() {
    String parent = "00-" + TRACE + "-01";
    assertThat(passed("ce_traceparent", parent, "ce_tracestate", "a=1", "ce_id", "7"))
        .containsExactly("traceparent=" + parent, "tracestate=a=1");
    assertThat(passed("traceparent", parent, "ce_traceparent", "00-" + TRACE + "-00"))
        .containsExactly("traceparent=" + parent);
  }

  @Test
  void shouldPassOnOthersByteForByteInTheOrderOfTheirNames() {
    PassedHeaders names = new PassedHeaders(List.of("b", "a", "none", "long"));
    RecordHeaders headers = new RecordHeaders();
    headers.add("a", new byte[] {'x', -1});
    headers.add("b", new byte[0]);
    headers.add("none", null);
    headers.add("long", new byte[513]);
    List<String> found = new ArrayList<>();
    KeptHeaders.unpack(
        names.of(headers, this::refuse),
        (name, value) -> found.add(name + "=" + new String(value, StandardCharsets.ISO_8859_1)));
    assertThat(found).containsExactly("b=", "a=x\u00ff");
    assertThat(refused).containsExactly("long must have no more than 512 bytes, it has 513");
  }

  private List<String> passed(String... namesAndValues) {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], text(namesAndValues[i + 1]));
    }
    List<String> found = new ArrayList<>();
    KeptHeaders.unpack(
        PassedHeaders.OF_A_TRACE.of(headers, this::refuse),
        (name, value) -> found.add(name + "=" + new String(value, StandardCharsets.UTF_8)));
    return found;
  }

  private void refuse(String name, String requirement) {
    refused.add(name + " " + requirement);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
