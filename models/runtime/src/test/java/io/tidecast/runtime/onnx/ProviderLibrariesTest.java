package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With a library that every jar of ONNX Runtime has. */
@EnabledOnOs(OS.LINUX)
class ProviderLibrariesTest {

  private static final String LIBRARY = "onnxruntime4j_jni";

  @TempDir private Path folder;

  @Test
  void shouldUnpackALibraryOnce() throws IOException {
    ProviderLibraries.provide(LIBRARY, folder);

    Path file = folder.resolve("libonnxruntime4j_jni.so");
    assertThat(file).isNotEmptyFile();
    assertThat(folder.toFile().list()).hasSize(1);

    Files.writeString(file, "loaded");
    ProviderLibraries.provide(LIBRARY, folder);
    assertThat(file).hasContent("loaded");
  }

  @Test
  void shouldUnpackNothingThatTheJarHasNot() {
    ProviderLibraries.provide("onnxruntime_providers_absent", folder);

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldSayWhereThereIsNoRoom() {
    Path absent = folder.resolve("absent");

    assertThatThrownBy(() -> ProviderLibraries.provide(LIBRARY, absent))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            "libonnxruntime4j_jni.so must be unpacked into %s, it can't be: ".formatted(absent));
  }
}
