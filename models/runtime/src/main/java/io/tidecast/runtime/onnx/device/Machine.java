package io.tidecast.runtime.onnx.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A machine, or a container on one, as far as models on GPUs care.
 *
 * @param unloadable libraries that can't be loaded, and what the loader says of each
 * @param driver the version of NVIDIA's driver in the kernel; null where none is seen
 * @param gpus files of the GPUs that are seen, such as {@code nvidia0}
 */
public record Machine(Map<String, String> unloadable, @Nullable String driver, List<String> gpus) {

  private static final Pattern GPU = Pattern.compile("nvidia\\d+");

  /**
   * The first line is, for instance, "NVRM version: NVIDIA UNIX x86_64 Kernel Module 550.54.15".
   */
  private static final Pattern VERSION =
      Pattern.compile("(?m)^NVRM version:.*?\\s(\\d+\\.\\d+(?:\\.\\d+)?)\\s");

  public Machine {
    unloadable = Collections.unmodifiableMap(new LinkedHashMap<>(unloadable));
    gpus = List.copyOf(gpus);
  }

  /**
   * Looks at what a device needs.
   *
   * @param root of the file system
   * @param loader tries to load a library by its name, and gives what is wrong
   */
  public static Machine look(
      Path root, Device.Kind kind, Function<String, Optional<String>> loader) {
    Map<String, String> unloadable = new LinkedHashMap<>();
    for (Library library : Library.values()) {
      if (library.isFor(kind)) {
        loader
            .apply(library.fileName())
            .ifPresent(said -> unloadable.put(library.fileName(), said));
      }
    }
    return new Machine(unloadable, driver(root), gpus(root));
  }

  private static @Nullable String driver(Path root) {
    try {
      Matcher matcher =
          VERSION.matcher(Files.readString(root.resolve("proc/driver/nvidia/version")));
      return matcher.find() ? matcher.group(1) : "of an unknown version";
    } catch (IOException e) {
      return null;
    }
  }

  private static List<String> gpus(Path root) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve("dev"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> GPU.matcher(name).matches())
          .sorted()
          .forEach(found::add);
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
    return found;
  }

  /** Says what is seen of NVIDIA's, for whoever must find out why it is not enough. */
  String seen() {
    return "%s, %s"
        .formatted(
            driver == null ? "no driver in the kernel" : "driver " + driver,
            gpus.isEmpty() ? "no GPU in /dev" : String.join(" and ", gpus) + " in /dev");
  }
}
