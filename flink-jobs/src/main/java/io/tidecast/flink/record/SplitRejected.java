package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Passes on what was accepted and puts the rest on the side output that ends in the dead-letter
 * topic. Stateless.
 */
public final class SplitRejected<T, C extends StepOutcome<T>> extends ProcessFunction<C, T> {

  public static final OutputTag<Rejection> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejection.class));

  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(C checked, Context context, Collector<T> out) {
    Rejection rejection = checked.rejection();
    if (rejection == null) {
      out.collect(requireNonNull(checked.accepted(), "accepted and rejection are null"));
    } else {
      context.output(REJECTED, rejection);
    }
  }
}
