package io.tidecast.flink.sink.record;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.KeptHeaders;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the headers of CloudEvents 1.0, in the binary mode of its binding to Kafka. What is written
 * again after a failure has the same id, so that a reader can tell.
 */
final class CloudEvents {

  /** The type of events of models. */
  private static final String MODEL_EVENT = "io.tidecast.model-event";

  private final byte[] type;
  private final byte[] source;
  private final byte[] contentType;

  private CloudEvents(String type, String source, RecordFormat format) {
    this.type = bytes(type);
    this.source = bytes(source);
    this.contentType = bytes(contentType(format));
  }

  /** Returns null where records are to have no such headers. */
  static @Nullable CloudEvents of(RecordKind kind, RecordSettings settings) {
    String source = settings.eventSource();
    return source == null ? null : new CloudEvents(kind.eventType(), source, settings.format());
  }

  /** The same for events of models, which are JSON whatever the format of the forecasts. */
  static @Nullable CloudEvents ofModelEvents(RecordSettings settings) {
    String source = settings.eventSource();
    return source == null ? null : new CloudEvents(MODEL_EVENT, source, RecordFormat.JSON);
  }

  private static String contentType(RecordFormat format) {
    return switch (format) {
      case TIDECAST, AVRO -> "application/avro";
      case JSON, CONNECT_JSON -> "application/json";
      case PROTOBUF -> "application/protobuf";
    };
  }

  Headers of(IssuedForecast forecast) {
    return headers(id(forecast), forecast.series(), forecast.issuedAtMillis());
  }

  Headers of(Point point) {
    IssuedForecast forecast = point.forecast();
    return headers(
        id(forecast) + "/" + point.targetName() + "/" + Instant.ofEpochMilli(point.timeMillis()),
        forecast.series(),
        forecast.issuedAtMillis());
  }

  Headers of(ForecastScore score) {
    return headers(
        "%s/%s/%s/%s/%s/%d"
            .formatted(
                score.series(),
                score.target(),
                Instant.ofEpochMilli(score.timeMillis()),
                score.modelId(),
                score.modelVersion(),
                score.lastLead()),
        score.series(),
        score.timeMillis());
  }

  Headers of(CellShape.CellValue one) {
    ClosedCell cell = one.cell();
    double value = cell.values()[one.channel()];
    // A correction says something else than what it corrects.
    String id =
        "%s/%s/%s%s"
            .formatted(
                cell.series(),
                one.target(),
                Instant.ofEpochMilli(cell.timeMillis()),
                cell.correction() ? "/" + value : "");
    return headers(id, cell.series(), cell.timeMillis());
  }

  Headers of(Anomaly anomaly) {
    return headers(
        "%s/%s/%s/%s/%s%s%s"
            .formatted(
                anomaly.series(),
                anomaly.target(),
                Instant.ofEpochMilli(anomaly.timeMillis()),
                AnomalyRecords.text(anomaly.kind()),
                anomaly.value(),
                // A correction may bring back the very value that was told before.
                anomaly.revision() == 0 ? "" : "/" + anomaly.revision(),
                // What takes it back is another event.
                anomaly.withdrawn() ? "/withdrawn" : ""),
        anomaly.series(),
        anomaly.timeMillis());
  }

  /** What happened again after a failure is another event, with a time of its own. */
  Headers of(ModelEvent event) {
    return headers(
        "%s/%s/%s/%d/%s"
            .formatted(
                event.slot(),
                Spelling.of(event.kind()),
                event.commandId(),
                event.subtask(),
                Instant.ofEpochMilli(event.timeMillis())),
        event.slot(),
        event.timeMillis());
  }

  /**
   * Adds headers that are passed on; those of a trace also as the extension for tracing names them.
   *
   * @param passed as {@link PassedHeaders} packs them; null for none
   * @param isEvent whether the record has the other headers of CloudEvents
   */
  static void addPassed(Headers headers, byte @Nullable [] passed, boolean isEvent) {
    KeptHeaders.unpack(
        passed,
        (name, value) -> {
          headers.add(name, value);
          if (isEvent && PassedHeaders.isOfATrace(name)) {
            headers.add(PassedHeaders.CLOUD_EVENTS + name, value);
          }
        });
  }

  /** Adds those of a dead letter to what it has. */
  void addTo(Headers headers, Rejection rejection) {
    RecordOrigin from = rejection.source();
    String place =
        from == null
            ? "%s/%s".formatted(rejection.series(), time(rejection.timeMillis()))
            : "%s/%d/%d".formatted(from.topic(), from.partition(), from.offset());
    // A record may be rejected for several series, and for several reasons.
    String id = place + "/" + rejection.code().code();
    if (from != null && rejection.series() != null) {
      id += "/" + rejection.series();
    }
    headers(id, rejection.series(), rejection.rejectedAtMillis()).forEach(headers::add);
  }

  private static String id(IssuedForecast forecast) {
    return "%s/%s/%d/%s/%s%s"
        .formatted(
            forecast.series(),
            Instant.ofEpochMilli(forecast.originMillis()),
            forecast.revision(),
            forecast.issuer().modelId(),
            forecast.issuer().modelVersion(),
            // One model may answer for several.
            forecast.role() == ForecastRole.PRIMARY ? "" : "/" + forecast.role().text());
  }

  private static String time(@Nullable Long millis) {
    return millis == null ? "" : Instant.ofEpochMilli(millis).toString();
  }

  private Headers headers(String id, @Nullable String subject, long timeMillis) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_specversion", bytes("1.0"));
    headers.add("ce_id", bytes(id));
    headers.add("ce_source", source);
    headers.add("ce_type", type);
    headers.add("ce_time", bytes(Instant.ofEpochMilli(timeMillis).toString()));
    if (subject != null) {
      headers.add("ce_subject", bytes(subject));
    }
    headers.add("content-type", contentType);
    return headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
