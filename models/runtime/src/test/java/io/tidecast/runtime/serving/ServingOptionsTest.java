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
    assertThat(options.retries()).isEqualTo(1);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldRefuseWhatIsOutOfRange() {
    assertRefused(ServingOptions.builder().maxBatchSize(0), "must be positive: maxBatchSize=0");
    assertRefused(ServingOptions.builder().retries(-1), "must not be negative: retries=-1");
    assertRefused(
        ServingOptions.builder().timeout(Duration.ZERO), "must be positive: timeout=PT0S");
    assertRefused(ServingOptions.builder().timeout(null), "must be given: timeout=null");
  }

  private static void assertRefused(ServingOptions.Builder builder, String message) {
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
  }
}
