package io.tidecast.flink.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.promotion.PromotionRule;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of contests. */
class ContestsTest {

  private static final ModelName LOSER = new ModelName("a", "1");
  private static final ModelName WINNER = new ModelName("b", "2");

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
  void shouldReadWhatKnewOfNoCommandsThatWait() {
    PromotionRule rule = PromotionOperatorTest.performing().rule();
    Contests contests = contests(rule);
    contests.promote("default", LOSER, null);
    byte[] bytes = contests.bytes();
    byte[] before = Arrays.copyOf(bytes, bytes.length - 1);
    before[0] = 2;
    Contests read = Contests.read(rule, before);
    assertThat(read.bytes()).isEqualTo(bytes);
    assertThat(read.promote("default", LOSER, null)).as("under way").isFalse();
    assertThat(read.answers("default", WINNER)).isNull();
  }

  @Test
  void shouldGiveACommandOutOnceForTheModelThatItWaitsFor() {
    PromotionRule rule = PromotionOperatorTest.performing().rule();
    ModelCommand command =
        new ModelCommand(
            "p-back", ModelCommand.Action.ACTIVATE, "candidate", "/models/a", null, null);
    for (ModelName next : List.of(WINNER, new ModelName("c", "3"))) {
      Contests contests = contests(rule);
      contests.promote("default", LOSER, new Contests.Back(WINNER, command));
      contests.promote("default", LOSER, null);
      Contests read = Contests.read(rule, contests.bytes());
      assertThat(read.answers("default", LOSER)).isNull();
      assertThat(read.answers("default", next)).isEqualTo(next.equals(WINNER) ? command : null);
      assertThat(read.answers("default", WINNER)).as("it is over").isNull();
    }
  }

  @Test
  void shouldForgetAPromotionOnceAnotherAnswers() {
    Contests contests = contests(PromotionOperatorTest.performing().rule());
    assertThat(contests.promote("default", LOSER, null)).isTrue();
    Contests read = Contests.read(PromotionOperatorTest.performing().rule(), contests.bytes());
    assertThat(read.promote("default", LOSER, null)).as("under way").isFalse();
    assertThat(read.answers("default", LOSER)).isNull();
    assertThat(read.promote("default", LOSER, null)).as("it still answers").isFalse();
    assertThat(read.answers("default", WINNER)).isNull();
    assertThat(read.promote("default", LOSER, null)).as("back and beaten again").isTrue();
  }
}
