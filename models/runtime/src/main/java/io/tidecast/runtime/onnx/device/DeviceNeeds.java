package io.tidecast.runtime.onnx.device;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what a device needs and does not find. */
public final class DeviceNeeds {

  private static final Set<Library> CUDA =
      EnumSet.of(Library.CUDART, Library.CUBLAS, Library.CUBLAS_LT, Library.CURAND);

  private static final Set<Library> TENSORRT =
      EnumSet.of(Library.TENSORRT, Library.TENSORRT_PARSER);

  private DeviceNeeds() {}

  /**
   * Says what is missing before ONNX Runtime is asked, all of it; a sentence each. Whether there is
   * a GPU that works only the driver knows: none of that is guessed here.
   */
  public static List<String> missing(Device device, RuntimeBuild build, Machine machine) {
    List<String> missing = new ArrayList<>();
    if (!device.isGpu()) {
      return missing;
    }
    if (!build.has(device.kind())) {
      missing.add(
          "the ONNX Runtime of this process must have %s, that of %s has not; put onnxruntime_gpu-%s.jar in its place, which a build with -Dort=gpu does"
              .formatted(provider(device), build.place(), build.version()));
    }
    String driver = machine.unloadable().get(Library.DRIVER.fileName());
    if (driver != null) {
      missing.add(
          machine.driver() == null && machine.gpus().isEmpty()
              ? "NVIDIA's driver must be on this machine, it is not (%s); install it, or give the container a GPU of its machine"
                  .formatted(driver)
              : "NVIDIA's driver must be within reach, the kernel has it (%s) and its library is not here (%s); a container is given both by --gpus of Docker or nvidia.com/gpu of Kubernetes"
                  .formatted(machine.seen(), driver));
    }
    addUnloadable(missing, "the libraries of CUDA 12", CUDA, machine);
    if (device.kind() == Device.Kind.TENSORRT) {
      addUnloadable(missing, "cuDNN 9", EnumSet.of(Library.CUDNN), machine);
      addUnloadable(missing, "TensorRT 10", TENSORRT, machine);
    }
    return missing;
  }

  /** Makes one message of all that is missing. */
  public static String message(Device device, List<String> missing) {
    return "%s, see docs/how-to/gpu.md: model.device=%s"
        .formatted(String.join("; and ", missing), device);
  }

  /** Says what may be missing: it depends on the model whether it is; a sentence each. */
  public static List<String> doubtful(Device device, Machine machine) {
    return device.kind() == Device.Kind.CUDA
            && machine.unloadable().containsKey(Library.CUDNN.fileName())
        ? List.of(
            "cuDNN 9 is not found (%s), which some operators need, those of convolutions above all; a model that has one does not open without it"
                .formatted(Library.CUDNN.fileName()))
        : List.of();
  }

  private static void addUnloadable(
      List<String> missing, String what, Set<Library> libraries, Machine machine) {
    Map<String, String> unloadable = machine.unloadable();
    List<String> names =
        libraries.stream().map(Library::fileName).filter(unloadable::containsKey).toList();
    if (!names.isEmpty()) {
      missing.add(
          "%s must be where the loader looks, it does not load %s (%s); install them and name their folder in LD_LIBRARY_PATH before the JVM starts"
              .formatted(
                  what,
                  String.join(", ", names),
                  names.stream()
                      .map(name -> withoutName(name, unloadable))
                      .distinct()
                      .collect(Collectors.joining("; "))));
    }
  }

  /** The loader begins with the name, as a rule, and says the same of each. */
  private static String withoutName(String library, Map<String, String> unloadable) {
    String said = unloadable.getOrDefault(library, "");
    String name = library + ": ";
    return said.startsWith(name) ? said.substring(name.length()) : said;
  }

  private static String provider(Device device) {
    return device.kind() == Device.Kind.TENSORRT ? "CUDA and TensorRT" : "CUDA";
  }
}
