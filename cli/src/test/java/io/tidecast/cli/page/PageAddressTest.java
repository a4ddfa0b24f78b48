package io.tidecast.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PageAddressTest {

  private final PageAddress.Converter converter = new PageAddress.Converter();

  @Test
  void shouldBeOnLoopbackUnlessAnAddressIsNamed() {
    assertThat(converter.convert("")).isEqualTo(PageAddress.USUAL);
    assertThat(PageAddress.USUAL.address().isLoopbackAddress()).isTrue();
    assertThat(converter.convert("8080").address().isLoopbackAddress()).isTrue();
    assertThat(converter.convert("8080").port()).isEqualTo(8080);
  }

  @Test
  void shouldTakeAnAddressThatIsNamed() {
    PageAddress everywhere = converter.convert("0.0.0.0:8080");

    assertThat(everywhere.address().isAnyLocalAddress()).isTrue();
    assertThat(everywhere.port()).isEqualTo(8080);
    assertThat(converter.convert("[::1]:0").address().isLoopbackAddress()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "65536", "127.0.0.1", "127.0.0.1:", ":8080", "-1", "127.0.0.1:99999"})
  void shouldRefuseWhatIsNoPort(String text) {
    assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
  }
}
