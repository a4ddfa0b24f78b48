package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.runtime.time.TimeFormat.Words;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The text of a job's formats tells one job from another, in other processes too. */
class SourceFormatTest {

  @Test
  void shouldShowAMessageByWhatItIs() {
    MessageType one = MessageType.of(Timestamp.getDescriptor());
    MessageType same = MessageType.of(Timestamp.getDescriptor());

    assertThat(one).hasToString(same.toString());
    assertThat(one.toString()).contains("google.protobuf.Timestamp").doesNotContain("@");
  }

  @Test
  void shouldShowSchemasAndAbbreviationsInOrder() {
    Map<Integer, Schema> schemas = new HashMap<>();
    Map<String, ZoneOffset> abbreviations = new HashMap<>();
    for (int i = 10; i < 30; i++) {
      schemas.put(i, Schema.create(Schema.Type.INT));
      abbreviations.put("T" + i, ZoneOffset.UTC);
    }

    assertThat(new Written.Declared(schemas))
        .hasToString("Declared[schemas={%s}]".formatted(entries("%d=\"int\"")));
    assertThat(new Words(Locale.ENGLISH, abbreviations))
        .hasToString("Words[language=en, abbreviations={%s}]".formatted(entries("T%d=Z")));
  }

  private static String entries(String each) {
    return IntStream.range(10, 30).mapToObj(each::formatted).collect(Collectors.joining(", "));
  }
}
