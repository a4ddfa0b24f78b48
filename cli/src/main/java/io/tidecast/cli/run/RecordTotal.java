package io.tidecast.cli.run;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.source.SourceSettings;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Counts the records that a job that ends by itself has before it, from its start. */
final class RecordTotal {

  private RecordTotal() {}

  /**
   * Counts the records; empty where nobody can tell. Those of topics are counted by their offsets,
   * of which transactions take a few besides.
   */
  static OptionalLong of(JobConfig config) {
    List<Path> files = ForecastJob.files(config);
    if (!files.isEmpty()) {
      try {
        return OptionalLong.of(files.stream().mapToLong(RecordTotal::lines).sum());
      } catch (UncheckedIOException e) {
        // The job itself says what is wrong with a file.
        return OptionalLong.empty();
      }
    }
    try (Admin admin = Admin.create(config.kafka().clientProperties(ClientKind.ANY))) {
      return OptionalLong.of(offsets(config.source(), admin));
    } catch (ExecutionException | KafkaException e) {
      // The job may read what this client may not ask for; it is for show.
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return Math.max(0, lines.filter(line -> !line.isEmpty()).count() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long offsets(SourceSettings source, Admin admin)
      throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions = partitions(source.topics(), admin);
    Map<TopicPartition, Long> earliest = offsets(partitions, OffsetSpec.earliest(), admin);
    Map<TopicPartition, Long> latest = offsets(partitions, OffsetSpec.latest(), admin);
    Map<TopicPartition, Long> first =
        new HashMap<>(source.start() == Start.LATEST ? latest : earliest);
    if (source.start() == Start.COMMITTED) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(source.groupId()).partitionsToOffsetAndMetadata().get();
      first.replaceAll(
          (partition, offset) ->
              committed.get(partition) == null ? offset : committed.get(partition).offset());
    }
    Map<TopicPartition, Long> end = new HashMap<>(latest);
    if (source.stop().time() != null) {
      OffsetSpec spec = OffsetSpec.forTimestamp(source.stop().time().toEpochMilli());
      offsets(partitions, spec, admin)
          .forEach(
              (partition, offset) ->
                  end.computeIfPresent(partition, (p, e) -> offset < 0 ? e : offset));
    }
    return partitions.stream().mapToLong(one -> Math.max(0, at(end, one) - at(first, one))).sum();
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return requireNonNull(offsets.get(partition), partition::toString);
  }

  private static List<TopicPartition> partitions(Topics topics, Admin admin)
      throws ExecutionException, InterruptedException {
    List<String> names = new ArrayList<>(topics.names());
    if (topics.pattern() != null) {
      admin.listTopics().names().get().stream()
          .filter(name -> name.matches(topics.pattern()))
          .forEach(names::add);
    }
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(one -> partitions.add(new TopicPartition(topic.name(), one.partition())));
    }
    return partitions;
  }

  private static Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec spec, Admin admin)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        admin.listOffsets(wanted).all().get().entrySet()) {
      offsets.put(found.getKey(), found.getValue().offset());
    }
    return offsets;
  }
}
