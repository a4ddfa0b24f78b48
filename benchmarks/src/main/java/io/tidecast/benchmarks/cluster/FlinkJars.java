package io.tidecast.benchmarks.cluster;

import io.tidecast.benchmarks.process.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars of Flink's {@code lib} folder, and the job's. */
final class FlinkJars {

  /**
   * What a distribution of Flink has in it, and ONNX Runtime. What the job jar brings is not among
   * them: a connector that Flink had loaded would not be that of the job.
   */
  private static final List<String> OF_FLINK =
      List.of(
          "flink-annotations",
          "flink-clients",
          "flink-connector-base",
          "flink-connector-datagen",
          "flink-container",
          "flink-core",
          "flink-datastream",
          "flink-file-sink-common",
          "flink-hadoop-fs",
          "flink-metrics-core",
          "flink-queryable-state-client-java",
          "flink-rpc",
          "flink-runtime",
          "flink-shaded",
          "flink-statebackend-rocksdb",
          "flink-streaming-java",
          "frocksdbjni",
          "onnxruntime",
          "async-profiler",
          "commons-cli",
          "commons-collections",
          "commons-compress",
          "commons-io",
          "commons-lang3",
          "commons-math3",
          "commons-text",
          "javassist",
          "jsr305",
          "kryo",
          "log4j",
          "lz4-java",
          "minlog",
          "objenesis",
          "reflectasm",
          "slf4j-api",
          "snakeyaml-engine",
          "snappy-java");

  /** A property that names the job jar of another version. */
  private static final String OTHER = "tidecast.job-jar";

  private FlinkJars() {}

  /** The class path of a process of Flink's. */
  static String classPath() {
    return classPath(file -> true);
  }

  /** The class path of one whose {@code lib} lacks ONNX Runtime. */
  static String withoutOnnxRuntime() {
    return classPath(file -> !file.startsWith("onnxruntime"));
  }

  private static String classPath(Predicate<String> wanted) {
    return Arrays.stream(ChildProcess.Place.HERE.classPath().split(File.pathSeparator))
        .filter(entry -> isFlinks(file(entry)) && wanted.test(file(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String file(String entry) {
    return Path.of(entry).getFileName().toString();
  }

  private static boolean isFlinks(String file) {
    return OF_FLINK.stream().anyMatch(file::startsWith) && file.endsWith(".jar");
  }

  /**
   * Finds the jar of the job, which the build leaves, unless {@value #OTHER} names another.
   *
   * @throws IOException if it was not built
   */
  static Path job() throws IOException {
    String other = System.getProperty(OTHER);
    if (other != null) {
      return Path.of(other).toAbsolutePath();
    }
    Path target = Path.of(System.getProperty("tidecast.root", ".")).resolve("flink-jobs/target");
    PathMatcher jar = FileSystems.getDefault().getPathMatcher("glob:tidecast-flink-jobs-*-job.jar");
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        List<Path> found = files.filter(file -> jar.matches(file.getFileName())).toList();
        if (found.size() == 1) {
          return found.get(0).toAbsolutePath();
        }
      }
    }
    throw new IOException(
        "%s must have one job jar; build it: mvn -DskipTests package -pl benchmarks -am"
            .formatted(target));
  }
}
