package io.tidecast.flink.record;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Passes on what was accepted and puts what was refused on the side output that ends in the
 * dead-letter topic. Stateless.
 */
public final class SplitRejected<T, C extends StepOutcome<T>> extends ProcessFunction<C, T> {

  public static final OutputTag<Rejection> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejection.class));

  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(C checked, Context context, Collector<T> out) {
    Rejection rejection = checked.rejection();
    T accepted = checked.accepted();
    if (rejection != null) {
      context.output(REJECTED, rejection);
    } else if (accepted != null) {
      out.collect(accepted);
    }
  }
}
