package io.tidecast.runtime.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignTestTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "0, 5, 1",
    "1, 0, 0.5",
    "7, 0, 0.0078125",
    "12, 2, 0.006469726562500",
    "13, 1, 0.00091552734375",
    "11, 3, 0.02868652343750",
    "9, 1, 0.0107421875",
    "5, 5, 0.623046875"
  })
  void shouldBeTheTailOfTheBinomialDistribution(int won, int lost, double expected) {
    assertThat(SignTest.pValue(won, lost)).isEqualTo(expected, within(1e-14));
  }

  @Test
  void shouldHoldForAThousandBlocks() {
    int all = 1_000;
    int won = 550;
    BigInteger sum = BigInteger.ZERO;
    BigInteger choose = BigInteger.ONE;
    for (int wins = all; wins >= won; wins--) {
      sum = sum.add(choose);
      choose =
          choose.multiply(BigInteger.valueOf(wins)).divide(BigInteger.valueOf(all - wins + 1L));
    }
    double exact =
        new BigDecimal(sum).divide(new BigDecimal(BigInteger.TWO.pow(all))).doubleValue();
    assertThat(SignTest.pValue(won, all - won)).isEqualTo(exact, within(exact * 1e-10));
    assertThat(SignTest.pValue(5_000, 0)).isZero();
    assertThat(SignTest.pValue(0, 5_000)).isEqualTo(1, within(1e-9));
  }

  @Test
  void shouldRefuseLessThanNothing() {
    assertThatThrownBy(() -> SignTest.pValue(-1, 3)).hasMessage("must not be negative: won=-1");
    assertThatThrownBy(() -> SignTest.pValue(3, -1)).hasMessage("must not be negative: lost=-1");
  }
}
