package io.tidecast.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  @Test
  void shouldCountTheWindowsOfThePublishedProtocol() {
    Split split = Split.parse("8640,2880,2880", 17_420);
    assertThat(split.windows(Split.Part.TEST, 336, 96)).isEqualTo(2881 - 96);
    assertThat(split.firstWindow(Split.Part.TEST, 336)).isEqualTo(8640 + 2880 - 336);
    assertThat(split.windows(Split.Part.TRAIN, 336, 96)).isEqualTo(8640 - 336 - 96 + 1);
  }

  @Test
  void shouldTakeShares() {
    assertThat(Split.parse("0.7,0.1,0.2", 52_416)).isEqualTo(new Split(36_691, 5_242, 10_483));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,2", "0.5,0.1,0.2", "9,9,9", "0,5,5", "a,b,c", ""})
  void shouldRefuseWhatIsNoSplitOfTenRows(String text) {
    assertThatThrownBy(() -> Split.parse(text, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("split must");
  }

  @Test
  void shouldSayThatRowsAreTooFew() {
    assertThatThrownBy(() -> new Split(100, 20, 20).windows(Split.Part.TEST, 96, 24))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the test rows")
        .hasMessageContaining("context 96 and horizon 24");
  }
}
