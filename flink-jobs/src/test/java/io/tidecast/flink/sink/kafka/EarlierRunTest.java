package io.tidecast.flink.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlierRunTest {
  private final Map<String, Boolean> known = new HashMap<>();
  private final EarlierRun run = new EarlierRun(ids -> known, "t");

  @Test
  void shouldFindNothingWhereNobodyWasFurther() throws Exception {
    known.put("t-0-12", true);
    assertThat(run.committedAfter(12, 0, 1)).isZero();
  }

  @Test
  void shouldCountWhatWasCommittedAndNothingElse() throws Exception {
    known.put("t-0-12", true);
    known.put("t-0-13", true);
    known.put("t-0-14", false);
    known.put("t-0-15", true);
    assertThat(run.committedAfter(12, 0, 1)).isEqualTo(2);
  }

  @Test
  void shouldAskOnForAsLongAsThereAreTransactions() throws Exception {
    for (int checkpoint = 1; checkpoint <= 20; checkpoint++) {
      known.put("t-0-" + checkpoint, true);
    }
    assertThat(run.committedAfter(3, 0, 1)).isEqualTo(17);
  }

  @Test
  void shouldCountThoseOfFormerSubtasksOnce() throws Exception {
    for (int subtask = 0; subtask < 5; subtask++) {
      known.put("t-" + subtask + "-13", true);
    }
    assertThat(run.committedAfter(12, 0, 2)).isEqualTo(3);
    assertThat(run.committedAfter(12, 1, 2)).isEqualTo(2);
  }
}
