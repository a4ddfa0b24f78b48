package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ModelEventRecordsTest {

  private static final String SHA256 =
      "6f1c2d3e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0";
  private static final ModelEvent.Version DEMAND =
      new ModelEvent.Version("s3://models/demand/3", "demand", "3", SHA256);
  private static final ModelEvent.Version HEAT =
      new ModelEvent.Version("file:///var/lib/models/heat/3", "heat", "3", SHA256);
  private static final long NOW = millis("2026-11-29T23:59:59Z");

  /** One of each kind, as the examples of the schema have them. */
  private static final List<ModelEvent> EVENTS =
      List.of(
          new ModelEvent(
              millis("2026-11-29T23:59:58.250Z"),
              Kind.READY,
              "default",
              "c-2",
              DEMAND,
              null,
              null,
              null,
              0,
              2),
          new ModelEvent(
              NOW,
              Kind.SWITCHED,
              "default",
              "c-2",
              DEMAND,
              millis("2026-11-30T00:00:00Z"),
              null,
              null,
              1,
              2),
          new ModelEvent(NOW, Kind.SHADOWED, "heat", "c-4", HEAT, null, null, null, 0, 2),
          new ModelEvent(NOW, Kind.RETIRED, "heat", null, HEAT, null, null, null, 0, 2),
          new ModelEvent(
              NOW,
              Kind.FAILED,
              "default",
              "c-2",
              new ModelEvent.Version("s3://models/demand/3", null, null, null),
              null,
              LoadStage.FETCH,
              "must have manifest.json and model.onnx: path=s3://models/demand/3",
              0,
              2),
          new ModelEvent(
              NOW,
              Kind.REFUSED,
              null,
              "model-commands-0-7",
              null,
              null,
              null,
              "must be a slot of the job, default or heat: slot=\"cold\"",
              0,
              2),
          ModelEvent.of(
              new ModelEvent.Contest("mae", 672, 13, 1, .00091552734375, .71, "demand", "2", .84),
              NOW,
              Kind.PROMOTED,
              "default",
              "promotion-default-2026-11-29T22:00:00Z",
              DEMAND),
          ModelEvent.of(
              new ModelEvent.Contest("crps", 672, 13, 1, .00091552734375, .71, "demand", "2", .84),
              NOW,
              Kind.PROPOSED,
              "default",
              null,
              DEMAND),
          ModelEvent.of(
              new ModelEvent.Contest("mae", 672, 10, 4, .97, .5, "heat", "4", .625),
              NOW,
              Kind.KEPT,
              "heat",
              null,
              HEAT),
          ModelEvent.of(
              new ModelEvent.Contest(
                  "mae", 672, 0, 14, .00006103515625, 1.5, "seasonal-naive", null, 1.25),
              NOW,
              Kind.OUTDONE,
              "heat",
              null,
              HEAT));

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  @Test
  void shouldWriteTheExamplesOfTheSchemaUnderTheirSlots() throws Exception {
    ModelEventRecords records = new ModelEventRecords("model-events", RecordSettings.TIDECAST);
    records.open(null);
    List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    for (ModelEvent event : EVENTS) {
      records.encode(event, written::add);
    }

    assertThat(written)
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .isEqualTo(
            Files.readAllLines(
                Path.of(System.getProperty("tidecast.root"))
                    .resolve(
                        "schemas/src/test/resources/io/tidecast/schemas/model-events-1.jsonl")));
    assertThat(written)
        .map(
            record ->
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8))
        .containsExactly(
            "default", "default", "heat", "heat", "default", null, "default", "default", "heat",
            "heat");
    assertThat(written).allMatch(record -> record.topic().equals("model-events"));
  }

  @Test
  void shouldBeACloudEventWhereForecastsAre() throws Exception {
    ModelEventRecords records =
        new ModelEventRecords(
            "model-events",
            new RecordSettings(RecordFormat.AVRO, JsonTimes.ISO_8601, "/tidecast/demand"));
    records.open(null);
    List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    records.encode(EVENTS.get(1), written::add);

    Map<String, String> headers = new TreeMap<>();
    written
        .get(0)
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    assertThat(headers)
        .containsOnly(
            Map.entry("ce_specversion", "1.0"),
            Map.entry("ce_id", "default/switched/c-2/1/2026-11-29T23:59:59Z"),
            Map.entry("ce_source", "/tidecast/demand"),
            Map.entry("ce_type", "io.tidecast.model-event"),
            Map.entry("ce_time", "2026-11-29T23:59:59Z"),
            Map.entry("ce_subject", "default"),
            Map.entry("content-type", "application/json"));
  }
}
