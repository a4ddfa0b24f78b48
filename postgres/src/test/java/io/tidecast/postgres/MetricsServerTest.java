package io.tidecast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.postgres.rows.Table;
import io.tidecast.schemas.ErrorCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class MetricsServerTest {

  @Test
  void shouldServeWhatTheCopierHasDone() throws Exception {
    Entry malformed =
        new Entry(new ConsumerRecord<>("t", 0, 0, null, new byte[0]), List.of(), null)
            .refused(ErrorCode.MALFORMED, "why");
    CopyFigures figures = new CopyFigures();
    figures.written(Map.of(Table.FORECASTS, 48L), 3);
    figures.refused(List.of(malformed));
    figures.lag(7);
    figures.away(2_500);
    try (MetricsServer server = MetricsServer.start("127.0.0.1:0", figures)) {
      assertThat(get(server, "/metrics").body())
          .contains(
              "tidecast_postgres_records_total 3.0",
              "tidecast_postgres_rows_total{table=\"forecasts\"} 48.0",
              "tidecast_postgres_rows_total{table=\"scores\"} 0.0",
              "tidecast_postgres_transactions_total 1.0",
              "tidecast_postgres_dead_letters_total{reason=\"malformed\"} 1.0",
              "tidecast_postgres_dead_letters_total{reason=\"not-storable\"} 0.0",
              "tidecast_postgres_missed_records_total 0.0",
              "tidecast_postgres_deleted_rows_total 0.0",
              "tidecast_postgres_failures_total 0.0",
              "tidecast_postgres_lag_records 7.0",
              "tidecast_postgres_away_seconds 2.5");
      assertThat(get(server, "/metrics/else").statusCode()).isEqualTo(404);
      assertThatThrownBy(() -> MetricsServer.start("127.0.0.1:" + server.port(), figures))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "must be an address of this machine that is free: postgres.metrics-address=127.0.0.1:");
    }
  }

  private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
