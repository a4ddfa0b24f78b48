package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceNeedsTest {

  private static final Device CUDA = Device.parse("cuda:0");
  private static final Device TENSORRT = Device.parse("tensorrt:0");
  private static final RuntimeBuild PLAIN = build(false);
  private static final RuntimeBuild GPU = build(true);
  private static final String NOT_FOUND =
      "cannot open shared object file: No such file or directory";

  @Test
  void shouldMissNothingOnTheProcessor() {
    assertThat(DeviceNeeds.missing(Device.PROCESSOR, PLAIN, bare())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Device.Kind.class,
      names = {"CUDA", "TENSORRT"})
  void shouldMissNothingWhereAllIsThere(Device.Kind kind) {
    assertThat(DeviceNeeds.missing(new Device(kind, 0), GPU, whole())).isEmpty();
    assertThat(DeviceNeeds.doubtful(new Device(kind, 0), whole())).isEmpty();
  }

  @Test
  void shouldSayThatTheJarHasNoCuda() {
    assertThat(DeviceNeeds.missing(CUDA, PLAIN, whole()))
        .containsExactly(
            "the ONNX Runtime of this process must have CUDA, that of onnxruntime-1.28.0.jar has not; put onnxruntime_gpu-1.28.0.jar in its place, which a build with -Dort=gpu does");
    assertThat(DeviceNeeds.missing(TENSORRT, PLAIN, whole()).get(0))
        .startsWith("the ONNX Runtime of this process must have CUDA and TensorRT, ");
  }

  @Test
  void shouldSayThatThereIsNoDriver() {
    assertThat(DeviceNeeds.missing(CUDA, GPU, without(null, "libcuda.so.1")))
        .containsExactly(
            "NVIDIA's driver must be on this machine, it is not (libcuda.so.1: cannot open shared object file: No such file or directory); install it, or give the container a GPU of its machine");
  }

  @Test
  void shouldSayThatAContainerWasNotGivenTheDriverOfItsMachine() {
    assertThat(DeviceNeeds.missing(CUDA, GPU, without("550.54.15", "libcuda.so.1")))
        .containsExactly(
            "NVIDIA's driver must be within reach, the kernel has it (driver 550.54.15, nvidia0 in /dev) and its library is not here (libcuda.so.1: cannot open shared object file: No such file or directory); a container is given both by --gpus of Docker or nvidia.com/gpu of Kubernetes");
  }

  @Test
  void shouldNameTheLibrariesOfCudaTogether() {
    Machine machine = without("550.54.15", "libcublas.so.12", "libcublasLt.so.12");

    assertThat(DeviceNeeds.missing(CUDA, GPU, machine))
        .containsExactly(
            "the libraries of CUDA 12 must be where the loader looks, it does not load libcublas.so.12, libcublasLt.so.12 (cannot open shared object file: No such file or directory); install them and name their folder in LD_LIBRARY_PATH before the JVM starts");
  }

  @Test
  void shouldDoubtAModelWithoutCudnnAndRequireItForTensorRt() {
    Machine machine = without("550.54.15", "libcudnn.so.9");

    assertThat(DeviceNeeds.missing(CUDA, GPU, machine)).isEmpty();
    assertThat(DeviceNeeds.doubtful(CUDA, machine))
        .containsExactly(
            "cuDNN 9 is not found (libcudnn.so.9), which some operators need, those of convolutions above all; a model that has one does not open without it");
    assertThat(DeviceNeeds.missing(TENSORRT, GPU, machine))
        .singleElement()
        .asString()
        .startsWith("cuDNN 9 must be where the loader looks");
  }

  @Test
  void shouldNameTheLibrariesOfTensorRt() {
    Machine machine = without("550.54.15", "libnvinfer.so.10", "libnvonnxparser.so.10");

    assertThat(DeviceNeeds.missing(TENSORRT, GPU, machine))
        .singleElement()
        .asString()
        .startsWith(
            "TensorRT 10 must be where the loader looks, it does not load libnvinfer.so.10, libnvonnxparser.so.10 (");
  }

  @Test
  void shouldSayEverythingAtOnce() {
    assertThat(DeviceNeeds.missing(TENSORRT, PLAIN, bare())).hasSize(5);
    assertThat(DeviceNeeds.message(CUDA, List.of("one must be", "another must be")))
        .isEqualTo("one must be; and another must be, see docs/how-to/gpu.md: model.device=cuda:0");
  }

  private static RuntimeBuild build(boolean gpu) {
    return new RuntimeBuild(
        "1.28.0", gpu, gpu, gpu ? "onnxruntime_gpu-1.28.0.jar" : "onnxruntime-1.28.0.jar");
  }

  private static Machine whole() {
    return without("550.54.15");
  }

  private static Machine bare() {
    return without(
        null, Arrays.stream(Library.values()).map(Library::fileName).toArray(String[]::new));
  }

  private static Machine without(String driver, String... libraries) {
    Map<String, String> unloadable = new LinkedHashMap<>();
    for (String library : libraries) {
      unloadable.put(library, library + ": " + NOT_FOUND);
    }
    return new Machine(unloadable, driver, driver == null ? List.of() : List.of("nvidia0"));
  }
}
