package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.DeviceFailure;
import io.tidecast.runtime.onnx.device.DeviceNeeds;
import io.tidecast.runtime.onnx.device.Machine;
import io.tidecast.runtime.onnx.device.ProviderSettings;
import io.tidecast.runtime.onnx.device.RuntimeBuild;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What this process has found of ONNX Runtime, and whether a device can be used with it. */
public final class OnnxDevices {

  private static final System.Logger LOGGER = System.getLogger(OnnxDevices.class.getName());

  private static final Path ROOT = Path.of("/");

  /** ONNX Runtime looks for this in a library of operators, once it has loaded it. */
  private static final String LOADED = "RegisterCustomOps";

  private OnnxDevices() {}

  /** The ONNX Runtime of this process. */
  public static RuntimeBuild build() {
    Set<OrtProvider> providers = OrtEnvironment.getAvailableProviders();
    return new RuntimeBuild(
        OnnxEnvironment.get().getVersion(),
        providers.contains(OrtProvider.CUDA),
        providers.contains(OrtProvider.TENSOR_RT),
        place());
  }

  /** Says what a device lacks here, as {@link DeviceNeeds#missing} does; nothing of it is used. */
  public static List<String> missing(Device device) {
    return device.isGpu()
        ? DeviceNeeds.missing(device, build(), machine(device.kind()))
        : List.of();
  }

  /**
   * Requires what is known to be needed, before ONNX Runtime tries.
   *
   * @throws DeviceException with all that is missing
   */
  static void require(Device device) {
    if (!device.isGpu()) {
      return;
    }
    Machine machine = machine(device.kind());
    List<String> missing = DeviceNeeds.missing(device, build(), machine);
    if (!missing.isEmpty()) {
      throw new DeviceException(DeviceNeeds.message(device, missing));
    }
    DeviceNeeds.doubtful(device, machine).forEach(doubt -> LOGGER.log(Level.WARNING, doubt));
  }

  /** Says what is wrong with a device that ONNX Runtime has failed on. */
  static DeviceException failure(Device device, OrtException failure) {
    String said = OnnxMessage.of(failure);
    return new DeviceException(
        DeviceFailure.explain(said, device, machine(device.kind())),
        failure,
        DeviceFailure.of(said).isLasting());
  }

  /** Tells a session of its providers, in their order. */
  static void add(List<ProviderSettings> providers, SessionOptions session) throws OrtException {
    for (ProviderSettings provider : providers) {
      switch (provider.provider()) {
        case CUDA -> {
          ProviderLibraries.provide("onnxruntime_providers_cuda");
          try (OrtCUDAProviderOptions options = new OrtCUDAProviderOptions()) {
            for (Map.Entry<String, String> option : provider.options().entrySet()) {
              options.add(option.getKey(), option.getValue());
            }
            session.addCUDA(options);
          }
        }
        case TENSORRT -> {
          ProviderLibraries.provide("onnxruntime_providers_tensorrt");
          try (OrtTensorRTProviderOptions options = new OrtTensorRTProviderOptions()) {
            for (Map.Entry<String, String> option : provider.options().entrySet()) {
              options.add(option.getKey(), option.getValue());
            }
            session.addTensorrt(options);
          }
        }
        case CPU -> throw new IllegalArgumentException("the processor is no provider to be added");
      }
    }
  }

  static Machine machine(Device.Kind kind) {
    return Machine.look(ROOT, kind, OnnxDevices::load);
  }

  /**
   * Loads a library as ONNX Runtime will load it, by its name and from where the loader looks, and
   * says what is wrong. Java itself loads libraries by their paths alone; ONNX Runtime does it for
   * one of operators, and then says that there are none in it.
   */
  static Optional<String> load(String library) {
    try (SessionOptions options = new SessionOptions()) {
      options.registerCustomOpLibrary(library);
      return Optional.empty();
    } catch (OrtException e) {
      String said = OnnxMessage.of(e);
      return said.contains(LOADED) ? Optional.empty() : Optional.of(afterLast(said, "error: "));
    }
  }

  private static String afterLast(String text, String mark) {
    int start = text.lastIndexOf(mark);
    return start < 0 ? text : text.substring(start + mark.length());
  }

  /** The file, without the folders of whoever runs this. */
  private static String place() {
    URL url = OrtEnvironment.class.getResource("OrtEnvironment.class");
    if (url == null) {
      return "an unknown place";
    }
    String path = url.getPath();
    int end = path.indexOf("!/");
    String jar = end < 0 ? path : path.substring(0, end);
    return jar.substring(jar.lastIndexOf('/') + 1);
  }
}
