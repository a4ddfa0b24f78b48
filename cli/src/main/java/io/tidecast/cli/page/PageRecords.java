package io.tidecast.cli.page;

import io.tidecast.cli.read.Decoded;
import io.tidecast.cli.read.Formats;
import io.tidecast.cli.read.Gathering;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.read.RecordDecoder;
import io.tidecast.flink.read.RecordDecoders;
import io.tidecast.flink.read.RecordType;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.page.kept.PageStore;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Puts the records of a job's topics into the store of a page. One thread. */
final class PageRecords {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ALL = Integer.MAX_VALUE;

  private final JobConfig config;
  private final PageStore store;
  private final LongConsumer forecastMillis;
  private final Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> ofTopics = new HashMap<>();
  private final List<Gathering<Forecast>> forecasts = new ArrayList<>();
  private long unread;
  private @Nullable String unreadOne;

  /**
   * @param forecastMillis is told when each forecast was made, epoch milliseconds
   */
  PageRecords(JobConfig config, PageTopics topics, PageStore store, LongConsumer forecastMillis) {
    this.config = config;
    this.store = store;
    this.forecastMillis = forecastMillis;
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    addForecasts(topics.forecasts(), sink);
    addForecasts(topics.shadows(), sink);
    add(topics.scores(), RecordType.scores(), score -> store.add(Shapes.score(score)));
    add(topics.cells(), RecordType.cells(), cell -> store.add(Shapes.cell(cell)));
    add(topics.anomalies(), RecordType.anomalies(), one -> store.add(Shapes.breach(one)));
  }

  private void addForecasts(@Nullable String topic, SinkSettings.Kafka sink) {
    if (topic != null) {
      Gathering<Forecast> gathering =
          Formats.forecasts(sink, config.series().step(), series -> true).apply(ALL);
      forecasts.add(gathering);
      ofTopics.put(topic, gathering::add);
    }
  }

  private <T extends SpecificRecordBase> void add(
      @Nullable String topic, RecordType<T> type, Consumer<T> to) {
    if (topic != null) {
      SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
      RecordDecoder<T> decoder = RecordDecoders.of(type, sink.records(), PATIENCE);
      ofTopics.put(topic, record -> take(Decoded.of(record, decoder), to));
    }
  }

  /** Whether each forecast is one record. */
  boolean areWhole() {
    return ((SinkSettings.Kafka) config.sink()).layout() != Layout.POINTS;
  }

  /** Takes a record of one of the topics. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    Consumer<ConsumerRecord<byte[], byte[]>> of = ofTopics.get(record.topic());
    if (of != null) {
      of.accept(record);
    }
  }

  /** Shows the forecasts all of whose records have come. */
  void settle() {
    for (Gathering<Forecast> gathering : forecasts) {
      gathering.settled().forEach(one -> take(one, this::addForecast));
    }
  }

  private void addForecast(Forecast forecast) {
    store.add(Shapes.fan(forecast, config.series().step()));
    forecastMillis.accept(forecast.getIssuedAt().toEpochMilli());
  }

  /** A record that cannot be read, or says what cannot be, is counted. */
  private <T> void take(Decoded<T> decoded, Consumer<T> to) {
    T value = decoded.value();
    String problem = decoded.problem();
    if (value != null) {
      try {
        to.accept(value);
        return;
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        problem = e.getMessage();
      }
    }
    unread++;
    unreadOne = "%s: %s".formatted(decoded.place(), problem);
  }

  /** Says what could not be read; nothing where all could. */
  List<String> complaints() {
    return unread == 0
        ? List.of()
        : List.of(
            "%,d records could not be read, the last at %s; are they written by another program, or in another sink.format?"
                .formatted(unread, unreadOne));
  }
}
