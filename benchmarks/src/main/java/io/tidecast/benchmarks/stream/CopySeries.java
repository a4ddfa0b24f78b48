package io.tidecast.benchmarks.stream;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Stands in the place of the operator that keeps series, and has the state of some of them from a
 * savepoint. Gives each series whose number it reads the bytes of one of those, and passes the
 * number on. Runs as one subtask, which has all keys.
 */
final class CopySeries extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<byte[], byte[]> {

  private static final long serialVersionUID = 1L;

  /** Names of state in savepoints are for ever. */
  private static final String RING = "series-ring";

  private static final String JOURNAL = "series-journal";

  private final int known;
  private final boolean journaled;

  private transient byte[][] rings;
  private transient byte[][] journals;
  private transient ValueState<byte[]> ring;
  private transient ValueState<byte[]> journal;

  /**
   * @param known how many series the savepoint has, from number 0
   * @param journaled whether each of them has a journal
   */
  CopySeries(int known, boolean journaled) {
    this.known = known;
    this.journaled = journaled;
  }

  @Override
  public void open() throws Exception {
    super.open();
    ring = state(RING);
    journal = state(JOURNAL);
    rings = new byte[known][];
    journals = new byte[known][];
    for (int i = 0; i < known; i++) {
      setCurrentKey(SteadySeries.scattered(i));
      rings[i] = kept(ring, RING);
      if (journaled) {
        journals[i] = kept(journal, JOURNAL);
      }
    }
  }

  private ValueState<byte[]> state(String name) {
    return getRuntimeContext()
        .getState(
            new ValueStateDescriptor<>(
                name, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  private byte[] kept(ValueState<byte[]> state, String name) throws Exception {
    byte[] bytes = state.value();
    if (bytes == null) {
      throw new IllegalStateException(
          "the savepoint must have it: state=%s series=%s".formatted(name, getCurrentKey()));
    }
    return bytes.clone();
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    int from = FilledContexts.number(element.getValue()) % known;
    ring.update(rings[from].clone());
    if (journaled) {
      journal.update(journals[from].clone());
    }
    output.collect(element);
  }
}
