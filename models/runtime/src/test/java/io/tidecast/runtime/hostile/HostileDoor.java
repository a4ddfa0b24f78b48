package io.tidecast.runtime.hostile;

import io.tidecast.runtime.bundle.GraphFile;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Brings every hostile model to the door, in a process of its own whose system calls can be looked
 * at: {@code strace -f -e trace=open,openat,openat2 java … HostileDoor write FOLDER}, then with
 * {@code read}. What is read must open no file with {@code bait} in its name.
 */
public final class HostileDoor {

  private HostileDoor() {}

  /** Writes the folders, or reads them. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    PrintStream out = System.out;
    for (HostileModel model : HostileModels.all()) {
      if (arguments[0].equals("write")) {
        Files.createDirectories(folder);
        model.write(folder);
      } else {
        long start = System.nanoTime();
        Path directory = folder.resolve(model.name()).resolve("model");
        String served = serve(model, directory);
        String inspected = inspect(directory);
        out.printf(
            "%-44s %5d ms  %s%n%54s inspect: %s%n",
            model.name(), (System.nanoTime() - start) / 1_000_000, served, "", inspected);
      }
    }
  }

  private static String serve(HostileModel model, Path directory) {
    try {
      ModelBundle bundle = ModelBundle.read(directory);
      if (!model.isEndless()) {
        OnnxForecaster.open(bundle, OnnxOptions.defaults()).close();
      }
      return "passes the door";
    } catch (ModelException e) {
      return e.getMessage();
    }
  }

  private static String inspect(Path directory) {
    try {
      GraphFile.inspect(directory.resolve(ModelBundle.ONNX_FILE), Set.of());
      return "passes the door";
    } catch (ModelException e) {
      return e.getMessage();
    }
  }
}
