package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The texts of drivers and libraries are what ONNX Runtime 1.28.0 said over a driver that shows no
 * GPU; those of memory, generations and cuDNN are in its libraries.
 */
class DeviceFailureTest {

  private static final Machine MACHINE = new Machine(Map.of(), "550.54.15", List.of("nvidia0"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NO_GPU          | provider_options_utils.h:187 Parse Failed to parse provider option "device_id": CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; expr=cudaGetDeviceCount(&num_devices);
          NO_SUCH_GPU     | provider_options_utils.h:187 Parse Failed to parse provider option "device_id": CUDA failure 101: invalid device ordinal ; GPU=-1 ; expr=cudaGetDeviceCount(&num_devices);
          NO_SUCH_GPU     | Failed to parse provider option "device_id": Invalid device ID: 3, must be between 0 (inclusive) and 2 (exclusive).
          OLD_DRIVER      | CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; expr=cudaGetDeviceCount(&num_devices);
          DRIVER_MISMATCH | CUDA failure 803: system has unsupported display driver / cuda driver combination ; GPU=-1
          NO_MEMORY       | CUDA failure 2: out of memory ; GPU=0
          NO_MEMORY       | bfc_arena.cc:376 AllocateRawInternal Available memory of 1000000 is smaller than requested bytes of 4194304
          NO_MEMORY       | Failed to allocate memory for requested buffer of size 8388608
          FOREIGN_GPU     | CUDA failure 209: no kernel image is available for execution on the device ; GPU=0
          NO_CUDNN        | cuDNN is not available. Install cuDNN, update the system library search path, or set enable_cudnn=0 to force native CUDA paths where available.
          OLD_CUDA        | Failed to load library /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so with error: /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so: undefined symbol: cudaLibraryGetKernel, version libcudart.so.12
          NO_LIBRARY      | Failed to load library /tmp/onnxruntime-java1/libonnxruntime_providers_tensorrt.so with error: libnvinfer.so.10: cannot open shared object file: No such file or directory
          OTHER           | This is nothing that anybody has met
          """)
  void shouldKnowWhatIsMeant(DeviceFailure expected, String said) {
    assertThat(DeviceFailure.of(said)).isEqualTo(expected);
  }

  @Test
  void shouldSayWhatToDoWhatIsSeenAndWhatTheLibrarySaid() {
    assertThat(
            DeviceFailure.explain(
                "CUDA failure 100: no CUDA-capable device is detected",
                Device.parse("cuda:0"),
                MACHINE))
        .isEqualTo(
            "a GPU must be within reach of this process, none is; give the container one, and look at CUDA_VISIBLE_DEVICES, see docs/how-to/gpu.md: model.device=cuda:0; seen here: driver 550.54.15, nvidia0 in /dev; ONNX Runtime says: CUDA failure 100: no CUDA-capable device is detected");
  }
}
