package io.tidecast.flink.source.backward;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.source.Stop;
import io.tidecast.flink.source.Topics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Looks up what there is to read: each partition, from its first record to where the job ends. */
record PartitionBounds(KafkaSettings kafka, Topics topics, Stop stop)
    implements Callable<List<BackwardSplit>>, Serializable {

  /** Returns the partitions that have records, by topic and number. */
  @Override
  public List<BackwardSplit> call() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka.clientProperties(ClientKind.ANY))) {
      List<TopicPartition> partitions = partitions(admin);
      Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest(), admin);
      Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), admin);
      if (stop.time() != null) {
        OffsetSpec time = OffsetSpec.forTimestamp(stop.time().toEpochMilli());
        // Of a partition that has no record of the time or later there is none: it has all.
        offsets(partitions, time, admin)
            .forEach(
                (one, offset) -> ends.computeIfPresent(one, (p, end) -> Math.min(end, offset)));
      }
      List<BackwardSplit> splits = new ArrayList<>();
      for (TopicPartition one : partitions) {
        long begin = requireNonNull(begins.get(one), one::toString);
        long end = requireNonNull(ends.get(one), one::toString);
        if (begin < end) {
          splits.add(new BackwardSplit(one.topic(), one.partition(), begin, end));
        }
      }
      return splits;
    }
  }

  private List<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    List<String> names = new ArrayList<>(topics.names());
    if (topics.pattern() != null) {
      Pattern pattern = Pattern.compile(topics.pattern());
      admin.listTopics().names().get().stream()
          .filter(name -> pattern.matcher(name).matches())
          .forEach(names::add);
    }
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(one -> partitions.add(new TopicPartition(topic.name(), one.partition())));
    }
    partitions.sort(
        Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    return partitions;
  }

  /** Those that there are: of a partition without a record of a time there is none. */
  private static Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec spec, Admin admin)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted =
        partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> one :
        admin.listOffsets(wanted).all().get().entrySet()) {
      if (one.getValue().offset() >= 0) {
        offsets.put(one.getKey(), one.getValue().offset());
      }
    }
    return offsets;
  }
}
