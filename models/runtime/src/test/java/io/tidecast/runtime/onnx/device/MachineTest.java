package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

  @TempDir private Path root;

  @Test
  void shouldSeeDriverAndGpus() throws IOException {
    Files.createDirectories(root.resolve("proc/driver/nvidia"));
    Files.writeString(
        root.resolve("proc/driver/nvidia/version"),
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\n"
            + "GCC version:  gcc version 12.2.0\n");
    Files.createDirectories(root.resolve("dev"));
    for (String file : List.of("nvidia1", "nvidia0", "nvidiactl", "nvidia-uvm", "null")) {
      Files.createFile(root.resolve("dev").resolve(file));
    }

    Machine machine = Machine.look(root, Device.Kind.CUDA, library -> Optional.empty());

    assertThat(machine.driver()).isEqualTo("550.54.15");
    assertThat(machine.gpus()).containsExactly("nvidia0", "nvidia1");
    assertThat(machine.seen()).isEqualTo("driver 550.54.15, nvidia0 and nvidia1 in /dev");
  }

  @Test
  void shouldSeeTheOpenDriverToo() throws IOException {
    Files.createDirectories(root.resolve("proc/driver/nvidia"));
    Files.writeString(
        root.resolve("proc/driver/nvidia/version"),
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.10  Release Build\n");

    assertThat(Machine.look(root, Device.Kind.CUDA, library -> Optional.empty()).driver())
        .isEqualTo("570.86.10");
  }

  @Test
  void shouldSeeThatThereIsNothing() {
    assertThat(Machine.look(root, Device.Kind.CPU, library -> Optional.of("absent")))
        .hasToString("Machine[unloadable={}, driver=null, gpus=[]]")
        .extracting(Machine::seen)
        .isEqualTo("no driver in the kernel, no GPU in /dev");
  }

  @Test
  void shouldAskTheLoaderForWhatTheDeviceNeedsAlone() {
    List<String> asked = new ArrayList<>();
    Machine.look(
        root,
        Device.Kind.CUDA,
        library -> {
          asked.add(library);
          return Optional.empty();
        });

    assertThat(asked)
        .containsExactlyInAnyOrder(
            "libcuda.so.1",
            "libcudart.so.12",
            "libcublas.so.12",
            "libcublasLt.so.12",
            "libcurand.so.10",
            "libcudnn.so.9");
  }
}
