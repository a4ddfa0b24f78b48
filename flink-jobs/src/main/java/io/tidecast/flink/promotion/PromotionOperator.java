package io.tidecast.flink.promotion;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.promotion.PromotionSetup.Time;
import io.tidecast.flink.record.ComparedForecasts;
import io.tidecast.runtime.promotion.Bout;
import io.tidecast.runtime.promotion.Contest;
import io.tidecast.runtime.promotion.Verdict;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the models of each slot contend: what they were off by is its first input, which versions are
 * open is its second. It tells events, and commands on {@link #COMMANDS}. There is one subtask of
 * it, for each of those that score sends it a few records for a cell, however many series there
 * are.
 *
 * <p>A block of cells is judged when the watermark says that everything of it has come. What comes
 * later is counted and left out. One thread.
 */
public final class PromotionOperator extends AbstractStreamOperator<ModelEvent>
    implements TwoInputStreamOperator<ComparedForecasts, OpenVersion, ModelEvent> {

  /** The side output of what is to be done with models. */
  public static final OutputTag<ModelCommand> COMMANDS =
      new OutputTag<>("promotion-commands", TypeInformation.of(ModelCommand.class));

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PromotionOperator.class);

  private static final ListStateDescriptor<byte[]> STATE =
      new ListStateDescriptor<>("contests", BytePrimitiveArraySerializer.INSTANCE);

  private final PromotionSetup setup;
  private final Time time;

  private transient ListState<byte[]> state;
  private transient Contests contests;
  private transient Decisions decisions;
  private transient Counter late;
  private transient Counter promotions;
  private transient Counter outdone;

  /** Makes the operator. */
  public PromotionOperator(PromotionSetup setup, Time time) {
    this.setup = setup;
    this.time = time;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(STATE);
    contests = new Contests(setup.rule());
    for (byte[] bytes : state.get()) {
      contests = read(bytes);
    }
  }

  /** State that cannot be read will be no better after a restart: the job fails for good. */
  private Contests read(byte[] bytes) {
    try {
      return Contests.read(setup.rule(), bytes);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    decisions = new Decisions(setup, time);
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    late = metrics.counter(JobMetric.LATE_COMPARISONS);
    promotions = metrics.counter(JobMetric.PROMOTIONS);
    outdone = metrics.counter(JobMetric.OUTDONE_MODELS);
  }

  @Override
  public void processElement1(StreamRecord<ComparedForecasts> record) {
    ComparedForecasts compared = record.getValue();
    Bout bout = compared.bout();
    if (!contests.of(compared.slot()).add(bout)) {
      late.inc(bout.count());
    } else if (bout.ofNewOrigin()) {
      ModelCommand command = contests.answers(compared.slot(), bout.primary());
      if (command != null) {
        output.collect(COMMANDS, new StreamRecord<>(command));
      }
    }
  }

  @Override
  public void processElement2(StreamRecord<OpenVersion> record) {
    OpenVersion open = record.getValue();
    if (!open.stays()) {
      contests.roster().remove(open);
      return;
    }
    ModelEvent.Version other = contests.roster().add(open);
    if (other != null) {
      LOG.warn(
          "Two models of slot {} have the id {} and the version {}, so that their forecasts are taken for those of one, and the newer one is the one that is promoted: {} and {}. Give one of them another version in its manifest.",
          open.slot(),
          other.modelId(),
          other.modelVersion(),
          other.place(),
          open.version().place());
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() < Watermark.MAX_WATERMARK.getTimestamp()) {
      judge(setup.lastWhole(time.step(), mark.getTimestamp()));
    }
    super.processWatermark(mark);
  }

  private void judge(long lastWhole) {
    for (Map.Entry<String, Contest> each : contests.all().entrySet()) {
      String slot = each.getKey();
      List<Verdict> verdicts =
          each.getValue()
              .closeThrough(lastWhole, name -> decisions.canAnswer(slot, name, contests.roster()));
      for (Verdict verdict : verdicts) {
        Decisions.Decision decision = decisions.of(slot, verdict, contests.roster());
        if (decision.event().kind() != ModelEvent.Kind.PROMOTED
            || contests.promote(slot, verdict.primary(), decision.back())) {
          tell(decision);
        }
      }
    }
  }

  private void tell(Decisions.Decision decision) {
    ModelEvent event = decision.event();
    switch (event.kind()) {
      case PROMOTED, PROPOSED -> promotions.inc();
      case OUTDONE -> outdone.inc();
      default -> {
        // It stays as it is.
      }
    }
    LOG.info("A contest of models is over: {}", event);
    output.collect(new StreamRecord<>(event));
    for (ModelCommand command : decision.commands()) {
      output.collect(COMMANDS, new StreamRecord<>(command));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(contests.bytes()));
  }
}
