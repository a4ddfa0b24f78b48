package io.tidecast.page.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PageBoardTest {

  private final PageBoard board = new PageBoard();

  @Test
  void shouldTellHowFastTheLastTenSecondsWere() {
    assertThat(board.look().observationsPerSecond()).isNaN();
    for (int second = 0; second <= 30; second++) {
      show(second, second < 15 ? 1_000L * second : 15_000 + 100L * (second - 15));
    }

    assertThat(board.look().observationsPerSecond()).isCloseTo(100, Offset.offset(1e-6));
  }

  @Test
  void shouldBeginAnewWithACounterThatDoes() {
    show(0, 1_000);
    show(1, 2_000);
    show(2, 10);
    assertThat(board.look().observationsPerSecond()).isNaN();

    show(3, 30);

    assertThat(board.look().observationsPerSecond()).isCloseTo(20, Offset.offset(1e-6));
  }

  @Test
  void shouldTellWhatMostForecastsStayBelow() {
    assertThat(board.look().delayMedianMillis()).isNaN();
    for (int i = 1; i <= 100; i++) {
      board.took(i);
    }

    assertThat(board.look().delayMedianMillis()).isEqualTo(50);
    assertThat(board.look().delayMostMillis()).isEqualTo(99);
  }

  @Test
  void shouldMarkWhatIsNewAlone() {
    long mark = board.look().mark();
    board.show(new PageBoard.Reading(false, List.of()));
    assertThat(board.look().mark()).isEqualTo(mark);

    board.show(new PageBoard.Reading(true, List.of("cells.topic is not set")));

    assertThat(board.look().mark()).isGreaterThan(mark);
  }

  private void show(int second, long observations) {
    board.show(
        new JobState(
            JobState.Phase.RUNNING, "", List.of(), new JobState.Counts(observations, 0, 0, 0, 0)),
        TimeUnit.SECONDS.toNanos(second));
  }
}
