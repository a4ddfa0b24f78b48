package io.tidecast.benchmarks.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Breaks records: their bytes, keys, headers and timestamps. What it does follows from its random
 * numbers alone. One thread uses it.
 */
final class Mutator {

  /** What a parser may stumble over: numbers, times, words, and pieces of every syntax. */
  private static final List<String> TOKENS =
      List.of(
          "NaN",
          "\"NaN\"",
          "-Infinity",
          "1e999",
          "-1e-999",
          "-0",
          "0x1p3",
          "1_000",
          "12,5",
          "null",
          "true",
          "\"\"",
          "\"?\"",
          "{}",
          "[]",
          "[[[[[[[[",
          "{\"a\":",
          "\"\\ud800\"",
          "\\",
          "\"",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1e18",
          "18446744073709551616",
          "0000-00-00T00:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "2024-02-30T00:00:00Z",
          "2024-03-31T02:30:00",
          "24:00",
          "+25:00",
          "[Europe/Zurich]",
          "EST",
          "\u0000",
          "\uFEFF",
          "\uFFFD",
          "\r",
          "\n",
          ";",
          "\t",
          "=",
          ",",
          " ",
          "1i",
          "u",
          "t",
          "schema",
          "payload",
          "op",
          "\u2028",
          "e\u0301");

  private static final int LONGEST_REPEAT = 2_000;
  private static final List<String> HEADERS =
      List.of("__value_schema_id", "__key_schema_id", "traceparent", "ce_id", "");

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** Makes another record of a record, which stays as it is. */
  ProducerRecord<byte[], byte[]> mutate(ProducerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    byte[] value = record.value();
    Long timestamp = record.timestamp();
    ProducerRecord<byte[], byte[]> made;
    switch (random.nextInt(12)) {
      case 0 -> key = random.nextInt(4) == 0 ? null : broken(key == null ? new byte[8] : key);
      case 1 -> value = random.nextInt(3) == 0 ? null : new byte[0];
      case 2 -> timestamp = random.nextLong() >>> (1 + random.nextInt(40));
      default -> {
        for (int times = random.nextInt(4) == 0 ? 3 : 1; times > 0; times--) {
          value = broken(value);
        }
      }
    }
    made = new ProducerRecord<>(record.topic(), record.partition(), timestamp, key, value);
    for (Header header : record.headers()) {
      if (random.nextInt(20) > 0) {
        made.headers()
            .add(header.key(), random.nextInt(8) == 0 ? broken(header.value()) : header.value());
      }
    }
    if (random.nextInt(20) == 0) {
      addHeader(made.headers());
    }
    return made;
  }

  private void addHeader(Headers headers) {
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    headers.add(
        HEADERS.get(random.nextInt(HEADERS.size())), random.nextInt(10) == 0 ? null : bytes);
  }

  private byte[] broken(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return token();
    }
    int at = random.nextInt(bytes.length);
    int to = at + 1 + random.nextInt(Math.min(16, bytes.length - at));
    return switch (random.nextInt(8)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> spliced(bytes, at, token(), to);
      case 3 -> spliced(bytes, at, token(), at);
      case 4 -> spliced(bytes, at, new byte[0], to);
      case 5 -> spliced(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
      case 6 -> spliced(bytes, at, repeated(Arrays.copyOfRange(bytes, at, to)), to);
      default -> {
        byte[] noise = new byte[1 + random.nextInt(8)];
        random.nextBytes(noise);
        yield spliced(bytes, at, noise, to);
      }
    };
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] repeated(byte[] piece) {
    int times = 1 + random.nextInt(Math.max(1, LONGEST_REPEAT / piece.length));
    byte[] all = new byte[times * piece.length];
    for (int i = 0; i < times; i++) {
      System.arraycopy(piece, 0, all, i * piece.length, piece.length);
    }
    return all;
  }

  private static byte[] spliced(byte[] bytes, int from, byte[] middle, int to) {
    byte[] made = new byte[from + middle.length + bytes.length - to];
    System.arraycopy(bytes, 0, made, 0, from);
    System.arraycopy(middle, 0, made, from, middle.length);
    System.arraycopy(bytes, to, made, from + middle.length, bytes.length - to);
    return made;
  }
}
