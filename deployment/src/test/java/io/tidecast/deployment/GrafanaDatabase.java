package io.tidecast.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastScore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A PostgreSQL server with the schema that the dashboards ask, and what a job has written to its
 * topics in it.
 */
final class GrafanaDatabase implements AutoCloseable {
  /** Forecasts of earlier origins are left out: they would only take time. */
  private static final long KEPT_MILLIS = 3 * 86_400_000L;

  private final EmbeddedPostgres server;
  private final Connection connection;

  private GrafanaDatabase(EmbeddedPostgres server, Connection connection) {
    this.server = server;
    this.connection = connection;
  }

  static GrafanaDatabase start() throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
    Connection connection = server.getPostgresDatabase().getConnection();
    GrafanaDatabase database = new GrafanaDatabase(server, connection);
    database.execute("create schema tidecast");
    try (InputStream schema = GrafanaDatabase.class.getResourceAsStream("schema.sql")) {
      database.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
    }
    return database;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A column of the rows that a query gives, as texts; null where there is no value. */
  List<List<String>> rows(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(results.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Puts the topics of the job into the tables. */
  void fill(RunningJob job) throws CodecException, IOException, SQLException {
    connection.setAutoCommit(false);
    for (String topic : List.of("demand-forecasts", "demand-forecasts-shadow")) {
      forecasts(job.values(topic));
    }
    for (byte[] value : job.values("demand-scores")) {
      score(AvroCodec.forecastScores().decode(value));
    }
    for (byte[] value : job.values("demand-events")) {
      event(new ObjectMapper().readTree(value));
    }
    observations();
    notYetInTopics();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void forecasts(List<byte[]> records) throws CodecException, SQLException {
    List<Forecast> forecasts = new ArrayList<>();
    for (byte[] value : records) {
      forecasts.add(AvroCodec.forecasts().decode(value));
    }
    long newest =
        forecasts.stream()
            .mapToLong(forecast -> forecast.getOrigin().toEpochMilli())
            .max()
            .orElseThrow();
    for (Forecast forecast : forecasts) {
      if (forecast.getOrigin().toEpochMilli() > newest - KEPT_MILLIS) {
        forecast(forecast);
      }
    }
  }

  private void forecast(Forecast forecast) throws SQLException {
    int targets = forecast.getChannels();
    int levels = forecast.getQuantileLevels().size();
    boolean isPrimary = forecast.getRole().equals("primary");
    for (int i = 0; i < forecast.getHorizon() * targets; i++) {
      int lead = i / targets + 1;
      List<Double> quantiles = forecast.getQuantiles().subList(i * levels, (i + 1) * levels);
      insert(
          "forecasts",
          forecast.getSeries(),
          target(forecast, i % targets),
          forecast.getOrigin().plusMillis(lead * forecast.getStepMillis()),
          forecast.getOrigin(),
          forecast.getRole(),
          isPrimary ? "" : forecast.getModelId() + "@" + forecast.getModelVersion(),
          lead,
          forecast.getModelId(),
          forecast.getModelVersion(),
          forecast.getRevision(),
          forecast.getIssuedAt(),
          forecast.getFilledCells(),
          forecast.getFallback(),
          null,
          forecast.getPoints().get(i),
          levels < 2 ? null : quantiles.get(0),
          levels < 2 ? null : quantiles.get(levels - 1),
          forecast.getQuantileLevels().toArray(Double[]::new),
          quantiles.toArray(Double[]::new));
    }
    insert("series", forecast.getSeries(), target(forecast, 0));
    insert(
        "models",
        forecast.getModelId(),
        forecast.getModelVersion(),
        forecast.getIssuedAt(),
        "switched",
        forecast.getIssuedAt(),
        "default",
        "models/" + forecast.getModelId(),
        "0123456789abcdef");
  }

  private static String target(Forecast forecast, int target) {
    return forecast.getTargets().isEmpty()
        ? String.valueOf(target)
        : forecast.getTargets().get(target);
  }

  private void score(ForecastScore score) throws SQLException {
    score(score, "primary", null);
  }

  private void score(ForecastScore score, String role, Double weight) throws SQLException {
    insert(
        "scores",
        score.getSeries(),
        score.getTarget(),
        score.getTime(),
        score.getModelId(),
        score.getModelVersion(),
        role,
        score.getFirstLead(),
        score.getLastLead(),
        weight,
        score.getCount(),
        score.getMae(),
        score.getMse(),
        score.getMase(),
        score.getRmsse(),
        score.getSmape(),
        score.getBias(),
        score.getNaiveCount(),
        score.getNaiveMae(),
        score.getNaiveMse(),
        score.getPinball(),
        score.getCrps(),
        score.getCoverage(),
        score.getWidth(),
        score.getRecentCount(),
        score.getRecentMae(),
        score.getRecentMse(),
        score.getRecentMase(),
        score.getRecentRmsse(),
        score.getRecentSmape(),
        score.getRecentBias(),
        score.getRecentNaiveCount(),
        score.getRecentNaiveMae(),
        score.getRecentNaiveMse(),
        score.getRecentPinball(),
        score.getRecentCrps(),
        score.getRecentCoverage(),
        score.getRecentWidth());
  }

  private void event(JsonNode event) throws SQLException {
    insert(
        "events",
        Instant.parse(event.path("time").asText()),
        UUID.nameUUIDFromBytes(event.toString().getBytes(StandardCharsets.UTF_8)),
        event.path("kind").asText(),
        text(event, "slot"),
        text(event, "commandId"),
        text(event, "path"),
        text(event, "modelId"),
        text(event, "modelVersion"),
        text(event, "sha256"),
        event.hasNonNull("fromOrigin") ? Instant.parse(event.path("fromOrigin").asText()) : null,
        text(event, "stage"),
        text(event, "reason"),
        event.path("subtask").asInt(),
        event.path("parallelism").asInt(),
        event);
  }

  private static String text(JsonNode event, String field) {
    return event.hasNonNull(field) ? event.path(field).asText() : null;
  }

  /** The cells of the series, which are the rows of the file that was sent. */
  private void observations() throws SQLException {
    List<List<String>> series = rows("select series, target from tidecast.series");
    for (String line : Repository.text(RunningJob.CSV).lines().skip(1).toList()) {
      String[] row = line.split(",");
      insert(
          "observations",
          series.get(0).get(0),
          series.get(0).get(1),
          Instant.parse(row[0].replace(' ', 'T') + "Z"),
          Double.parseDouble(row[1]),
          false);
    }
  }

  /** What the job of docker-compose.yml does not write: anomalies, and members of a mixture. */
  private void notYetInTopics() throws SQLException {
    execute(
        """
        insert into tidecast.anomalies
          select series, target, time, 'anomaly', 'above', actual, expected, lower, upper, 0.8, 1.5, 1, 1, time, null, null,
                 origin, lead, model_id, model_version, false
          from tidecast.breaches where lead = 1
        """);
    execute(
        """
        insert into tidecast.scores
          select series, target, time, 'seasonal-naive-1d', '1', 'member', first_lead, last_lead, 0.25, count, mae, mse, mase,
                 rmsse, smape, bias, naive_count, naive_mae, naive_mse, pinball, crps, coverage, width, recent_count, recent_mae,
                 recent_mse, recent_mase, recent_rmsse, recent_smape, recent_bias, recent_naive_count, recent_naive_mae,
                 recent_naive_mse, recent_pinball, recent_crps, recent_coverage, recent_width
          from tidecast.scores where role = 'primary' on conflict do nothing
        """);
  }

  private void insert(String table, Object... values) throws SQLException {
    String marks = "?, ".repeat(values.length - 1) + "?";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into tidecast.%s values (%s) on conflict do nothing".formatted(table, marks))) {
      for (int i = 0; i < values.length; i++) {
        set(statement, i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private void set(PreparedStatement statement, int at, Object value) throws SQLException {
    if (value instanceof Instant time) {
      statement.setObject(at, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
    } else if (value instanceof JsonNode json) {
      statement.setObject(at, json.toString(), Types.OTHER);
    } else if (value instanceof Double[] array) {
      statement.setArray(at, connection.createArrayOf("float8", array));
    } else {
      statement.setObject(at, value);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    connection.close();
    server.close();
  }
}
