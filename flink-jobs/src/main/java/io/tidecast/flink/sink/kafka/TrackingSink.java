package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.flink.connector.kafka.sink.internal.TransactionFinished;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointIDCounter;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector's sink, with what it lacks: it tells when a transaction is lost, and writes several
 * records of one element, all of them in one transaction.
 *
 * <p>The connector logs an error when Kafka refuses to commit, counts it nowhere and goes on. It
 * cannot tell either whether the transaction was aborted or is one that was committed before; with
 * the second version of Kafka's transactions it takes the one for the other.
 */
final class TrackingSink<T>
    implements Sink<T>,
        SupportsWriterState<T, KafkaWriterState>,
        SupportsCommitter<TrackedTransaction>,
        SupportsPostCommitTopology<TrackedTransaction> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TrackingSink.class);
  private static final long BEFORE_ALL = CheckpointIDCounter.INITIAL_CHECKPOINT_ID - 1;

  private final KafkaSettings kafka;
  private final SinkSettings.Kafka settings;
  private final Written<T> written;
  private final KafkaSink<ProducerRecord<byte[], byte[]>> writing;

  /** Commits what a checkpoint holds, also if the job delivers at least once by now. */
  private final KafkaSink<ProducerRecord<byte[], byte[]>> committing;

  /**
   * What goes into a sink.
   *
   * @param time of which a record is
   */
  record Written<T>(SinkRecords records, RecordTime<T> time, RecordEncoder<T> encoder)
      implements Serializable {}

  /** Gives the connector records that are made already. */
  private static final class MadeRecords
      implements KafkaRecordSerializationSchema<ProducerRecord<byte[], byte[]>> {

    private static final long serialVersionUID = 1L;

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        ProducerRecord<byte[], byte[]> record, KafkaSinkContext context, Long timestamp) {
      return record;
    }
  }

  TrackingSink(KafkaSettings kafka, SinkSettings.Kafka settings, Written<T> written) {
    this.kafka = kafka;
    this.settings = settings;
    this.written = written;
    this.writing = connector(settings.delivery());
    this.committing =
        settings.delivery() == Delivery.EXACTLY_ONCE ? writing : connector(Delivery.EXACTLY_ONCE);
  }

  private KafkaSink<ProducerRecord<byte[], byte[]>> connector(Delivery delivery) {
    return KafkaSink.<ProducerRecord<byte[], byte[]>>builder()
        .setBootstrapServers(kafka.bootstrapServers())
        .setKafkaProducerConfig(settings.producerProperties(kafka))
        .setDeliveryGuarantee(
            delivery == Delivery.EXACTLY_ONCE
                ? DeliveryGuarantee.EXACTLY_ONCE
                : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(prefix())
        // An id for each transaction, which tells its fate for as long as Kafka knows the id. Ids
        // that are used again do not.
        .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
        .setRecordSerializer(new MadeRecords())
        .build();
  }

  @Override
  public TrackingWriter<T> createWriter(WriterInitContext context) throws IOException {
    return restoreWriter(context, List.of());
  }

  @Override
  public TrackingWriter<T> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> state) throws IOException {
    if (settings.delivery() == Delivery.EXACTLY_ONCE
        && context.getRestoredCheckpointId().isPresent()) {
      // Before the connector ends what is open of those transactions.
      tellWhatIsRepeated(context, context.getRestoredCheckpointId().getAsLong());
    }
    written.encoder().open(context.asSerializationSchemaInitializationContext());
    // As this type, for the connector's own class of the writer is not public.
    TwoPhaseCommittingStatefulSink<
            ProducerRecord<byte[], byte[]>, KafkaWriterState, KafkaCommittable>
        sink = writing;
    return new TrackingWriter<>(
        sink.restoreWriter(context, state),
        written,
        MillisClock.SYSTEM,
        context.getRestoredCheckpointId().orElse(BEFORE_ALL));
  }

  private void tellWhatIsRepeated(WriterInitContext context, long restored) throws IOException {
    TaskInfo task = context.getTaskInfo();
    long repeated;
    try {
      repeated =
          new EarlierRun(EarlierRun.ofKafka(kafka), prefix())
              .committedAfter(
                  restored, task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (repeated > 0) {
      new JobMetrics(context.asSerializationSchemaInitializationContext().getMetricGroup())
          .counter(JobMetric.REPEATED_TRANSACTIONS)
          .inc(repeated);
      LOG.warn(
          "The job goes on from checkpoint {}, and after it an earlier run has committed {} transactions of {}: what is in them comes a second time, with the same values.",
          restored,
          repeated,
          prefix());
    }
  }

  private String prefix() {
    return settings.transactionalIdPrefix() + "-" + written.records().id();
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return writing.getWriterStateSerializer();
  }

  @Override
  public Committer<TrackedTransaction> createCommitter(CommitterInitContext context) {
    KafkaCommitter committer = (KafkaCommitter) committing.createCommitter(context);
    LossReport report =
        new LossReport(
            written.records(),
            settings,
            new JobMetrics(context.metricGroup()),
            context.getRestoredCheckpointId().orElse(BEFORE_ALL));
    return new TrackingCommitter(
        committer,
        // The writer keeps a transaction in its state until it hears of it, as it does from the
        // connector's committer for those that this one commits.
        (id, committed) ->
            committer
                .getBackchannel()
                .send(
                    committed
                        ? TransactionFinished.successful(id)
                        : TransactionFinished.erroneously(id)),
        TransactionFates.ofKafka(kafka),
        report);
  }

  @Override
  public SimpleVersionedSerializer<TrackedTransaction> getCommittableSerializer() {
    return new TrackedTransactionSerializer(writing.getCommittableSerializer());
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // The connector looks at the operators alone.
  public void addPostCommitTopology(
      DataStream<CommittableMessage<TrackedTransaction>> committables) {
    // Puts writer and committer on one task manager, which their backchannel needs.
    writing.addPostCommitTopology((DataStream) committables);
  }
}
