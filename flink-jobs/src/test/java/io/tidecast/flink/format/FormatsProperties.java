package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** One observation, written in every format, is the same measurement; spoilt, it is answered. */
class FormatsProperties {

  private static final int CASES = 2_000;

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Reading", "fields": [
                {"name": "unused", "type": "bytes"},
                {"name": "site", "type": "string"},
                {"name": "meter", "type": {"type": "record", "name": "Meter", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "values", "type": {"type": "map", "values": ["null", "double"]}}]}},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
              """);

  private static final String MAPPING =
      """
        mapping:
          series: [site, meter.id]
          time: at
          time-format: epoch-micros
          values: [meter.values.x, meter.values.y, meter.values.z]
          missing-values: nan
      """;

  private static final String SERIES = "series: {step: 1s, channels: 3}";

  private final ParseMeasurements tidecast = Samples.parser(Samples.config(SERIES));
  private final ParseMeasurements json =
      Samples.parser(Samples.config("source:\n  format: json\n" + MAPPING, SERIES));
  private final ParseMeasurements avro =
      Samples.parser(
          Samples.config(
              "source:\n  format: avro\n  avro-schema: '" + SCHEMA + "'\n" + MAPPING, SERIES));

  @Test
  void shouldMakeTheSameMeasurementOfEveryFormat() throws IOException {
    Random random = new Random(11);
    int good = 0;
    for (int i = 0; i < CASES; i++) {
      Case one = Case.random(random);
      byte[] own = Samples.observation(one.site + "/" + one.meter, one.timeMillis, one.values);
      String expected = outcome(tidecast, own);
      assertThat(outcome(json, one.json(random))).isEqualTo(expected);
      assertThat(outcome(avro, one.avro())).isEqualTo(expected);
      good += expected.endsWith("]") ? 1 : 0;
    }
    assertThat(good).as("good ones among them").isBetween(CASES / 2, CASES - 1);
  }

  @Test
  void shouldAnswerOnceForSpoiltJson() {
    Random random = new Random(13);
    int good = 0;
    for (int i = 0; i < 5 * CASES; i++) {
      byte[] bytes = spoilt(Case.random(random).json(random), random);
      ParsedMeasurement parsed = json.parse(Samples.source(bytes), Samples.NO_HEADERS).get(0);
      assertThat(parsed.accepted() == null).isNotEqualTo(parsed.rejection() == null);
      if (parsed.rejection() != null) {
        assertThat(parsed.rejection().detail()).isNotBlank();
        assertThat(parsed.rejection().source().value()).isEqualTo(bytes);
      } else {
        good++;
      }
    }
    assertThat(good).as("those that were spoilt where it does no harm").isPositive();
  }

  @Test
  void shouldRefuseEveryTruncationOfJson() {
    Random random = new Random(17);
    byte[] whole = Case.random(random).json(random);
    for (int length = 0; length < whole.length; length++) {
      assertThat(outcome(json, Arrays.copyOf(whole, length))).isEqualTo("malformed");
    }
  }

  /** Cut, overwritten, doubled or shuffled in one to three places. */
  private static byte[] spoilt(byte[] whole, Random random) {
    byte[] bytes = whole;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int from = random.nextInt(bytes.length);
      int to = from + random.nextInt(bytes.length - from);
      switch (random.nextInt(5)) {
        case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[from] = (byte) random.nextInt(256);
        case 2 -> bytes[from] = (byte) "{}[]\",:0-+.eE\\nul ".charAt(random.nextInt(18));
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, from));
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + to - from);
          System.arraycopy(bytes, from, longer, to, bytes.length - from);
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private static String outcome(ParseMeasurements parser, byte[] value) {
    return JsonMappingTest.outcome(parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0));
  }

  /** An observation, in rare cases one that is refused. */
  private record Case(String site, long meter, long timeMillis, Double[] values) {

    private static final String LETTERS = "aZ09 .-_:\\\"'{}[],äß日𝄞\t";

    static Case random(Random random) {
      StringBuilder site = new StringBuilder("s");
      for (int i = random.nextInt(random.nextInt(20) == 0 ? 300 : 12); i > 0; i--) {
        int at = LETTERS.offsetByCodePoints(0, random.nextInt(20));
        site.appendCodePoint(LETTERS.codePointAt(at));
      }
      Double[] values = new Double[3];
      Arrays.setAll(values, i -> value(random));
      long range = random.nextInt(20) == 0 ? 400_000_000_000_000L : Samples.NOW;
      return new Case(site.toString(), random.nextLong(), random.nextLong(-range, range), values);
    }

    private static Double value(Random random) {
      return switch (random.nextInt(40)) {
        case 0 -> 1e39;
        case 1, 2, 3 -> null;
        case 4, 5, 6, 7, 8 -> (double) random.nextInt();
        case 9, 10, 11, 12 -> (double) Float.intBitsToFloat(random.nextInt(0x7F800000));
        default -> random.nextGaussian() * 1000;
      };
    }

    /** With fields in any order, and others between. */
    byte[] json(Random random) {
      List<String> channels = new ArrayList<>(List.of("\"other\": [1, {\"x\": null}]"));
      for (int i = 0; i < 3; i++) {
        if (values[i] != null || random.nextBoolean()) {
          channels.add("\"%s\": %s".formatted("xyz".charAt(i), values[i]));
        }
      }
      Collections.shuffle(channels, random);
      List<String> meterFields =
          new ArrayList<>(
              List.of("\"id\": " + meter, "\"values\": {" + String.join(", ", channels) + "}"));
      Collections.shuffle(meterFields, random);
      List<String> fields =
          new ArrayList<>(
              List.of(
                  "\"site\": \"" + escaped(site, random) + "\"",
                  "\"meter\": {" + String.join(",\n", meterFields) + "}",
                  "\"at\": " + timeMillis * 1_000));
      Collections.shuffle(fields, random);
      return ("{" + String.join(" , ", fields) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text, Random random) {
      StringBuilder escaped = new StringBuilder();
      for (char c : text.toCharArray()) {
        boolean must = c < ' ' || c == '"' || c == '\\';
        // A surrogate alone has no bytes: both or none.
        if (must || c < 0x80 && random.nextInt(10) == 0) {
          escaped.append("\\u%04x".formatted((int) c));
        } else {
          escaped.append(c);
        }
      }
      return escaped.toString();
    }

    byte[] avro() throws IOException {
      Schema meterSchema = SCHEMA.getField("meter").schema();
      GenericRecord meterRecord = new GenericData.Record(meterSchema);
      meterRecord.put("id", meter);
      Map<String, Double> map = new HashMap<>();
      for (int i = 0; i < 3; i++) {
        map.put("xyz".substring(i, i + 1), values[i]);
      }
      meterRecord.put("values", map);
      GenericRecord record = new GenericData.Record(SCHEMA);
      record.put("unused", ByteBuffer.wrap(new byte[] {1, 2, 3}));
      record.put("site", site);
      record.put("meter", meterRecord);
      record.put("at", timeMillis * 1_000);
      return Framed.avro(SCHEMA, record);
    }
  }
}
