package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServingOptionsTest {

  @Test
  void shouldHaveDefaults() {
    ServingOptions options = ServingOptions.builder().build();

    assertThat(options.maxBatchSize()).isEqualTo(128);
    assertThat(options.maxBatchDelay()).isZero();
    assertThat(options.workers()).isEqualTo(ServingOptions.AS_MANY_AS_USERS);
    assertThat(options.maxWaiting()).isGreaterThanOrEqualTo(16 * 128);
    assertThat(options.retries()).isEqualTo(1);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldRefuseWhatIsOutOfRange() {
    assertRefused(ServingOptions.builder().maxBatchSize(0), "must be positive: maxBatchSize=0");
    assertRefused(
        ServingOptions.builder().maxBatchDelay(Duration.ofNanos(-1)),
        "must not be negative: maxBatchDelay=PT-0.000000001S");
    assertRefused(ServingOptions.builder().workers(-1), "must not be negative: workers=-1");
    assertRefused(ServingOptions.builder().maxWaiting(-1), "must be positive: maxWaiting=-1");
    assertRefused(ServingOptions.builder().retries(-1), "must not be negative: retries=-1");
    assertRefused(
        ServingOptions.builder().timeout(Duration.ZERO), "must be positive: timeout=PT0S");
    assertRefused(ServingOptions.builder().timeout(null), "must be given: timeout=null");
  }

  @Test
  void shouldEqualOthersOfTheSame() {
    assertThat(ServingOptions.builder().build()).isEqualTo(ServingOptions.builder().build());
  }

  private static void assertRefused(ServingOptions.Builder builder, String message) {
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
  }
}
