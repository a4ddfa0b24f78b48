package io.tidecast.flink.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.promotion.PromotionRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is kept of contests. */
class ContestsTest {

  private static final ModelName LOSER = new ModelName("a", "1");

  private static Contests contests(PromotionRule rule) {
    Contests contests = new Contests(rule);
    contests
        .roster()
        .add(new OpenVersion("default", new ModelEvent.Version("/models/a", "a", "1", null)));
    return contests;
  }

  @Test
  void shouldReadWhatKnewOfNoPromotions() {
    PromotionRule rule = PromotionOperatorTest.performing().rule();
    byte[] bytes = contests(rule).bytes();
    byte[] before = Arrays.copyOf(bytes, bytes.length - Integer.BYTES);
    before[0] = 1;
    Contests read = Contests.read(rule, before);
    assertThat(read.roster().all()).hasSize(1);
    assertThat(read.bytes()).isEqualTo(bytes);
  }

  @Test
  void shouldForgetAPromotionOnceAnotherAnswers() {
    Contests contests = contests(PromotionOperatorTest.performing().rule());
    assertThat(contests.promote("default", LOSER)).isTrue();
    Contests read = Contests.read(PromotionOperatorTest.performing().rule(), contests.bytes());
    assertThat(read.promote("default", LOSER)).as("under way").isFalse();
    read.answers("default", LOSER);
    assertThat(read.promote("default", LOSER)).as("it still answers").isFalse();
    read.answers("default", new ModelName("b", "2"));
    assertThat(read.promote("default", LOSER)).as("back and beaten again").isTrue();
  }
}
