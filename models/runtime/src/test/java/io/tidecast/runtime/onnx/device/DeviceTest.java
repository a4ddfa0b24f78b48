package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda:0", "cuda:12", "tensorrt:3"})
  void shouldBeWrittenAsItIsRead(String text) {
    assertThat(Device.parse(text)).hasToString(text);
  }

  @Test
  void shouldTellProviderAndNumber() {
    assertThat(Device.parse("tensorrt:3")).isEqualTo(new Device(Device.Kind.TENSORRT, 3));
    assertThat(Device.parse("cpu").isGpu()).isFalse();
    assertThat(Device.parse("cuda:0").isGpu()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:1000", "cpu:0", "CUDA:0"})
  void shouldRefuseWhatIsNoDevice(String text) {
    assertThatThrownBy(() -> Device.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be cpu, cuda:N or tensorrt:N: device=" + text);
  }

  @Test
  void shouldLeaveGoldenVectorsMoreRoomTheShorterTheMantissa() {
    DeviceOptions cuda = DeviceOptions.required(Device.parse("cuda:0"));
    DeviceOptions rounded =
        new DeviceOptions(cuda.device(), cuda.policy(), null, true, false, null, 128);

    assertThat(DeviceOptions.PROCESSOR.tolerance()).isZero();
    assertThat(cuda.tolerance()).isPositive().isLessThan(rounded.tolerance());
    assertThat(DeviceOptions.required(Device.parse("tensorrt:0")).tolerance())
        .isEqualTo(rounded.tolerance());
  }
}
