package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FlinkUserCodeClassLoaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opens the jar that is given to {@code flink run}. */
class JobJarITCase {

  /** As Flink's own configuration has it. */
  private static final String OPENS = "--add-opens=java.base/java.util=ALL-UNNAMED";

  private static JarFile jar;
  private static List<String> names;

  @BeforeAll
  static void open() throws IOException {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of("target"), "tidecast-flink-jobs-*-job.jar")) {
      jar = new JarFile(jars.iterator().next().toFile());
    }
    names = jar.stream().map(ZipEntry::getName).toList();
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void shouldHoldTheJobAndWhatItNeeds() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS))
        .isEqualTo(ForecastJob.class.getName());
    assertThat(names)
        .contains(
            "io/tidecast/flink/ForecastJob.class",
            "io/tidecast/runtime/windows/Forecaster.class",
            "io/tidecast/graph/GraphHeader.class",
            "ai/onnx/proto/OnnxMl.class",
            "io/tidecast/schemas/Observation.class",
            "org/apache/flink/connector/kafka/source/KafkaSource.class",
            "org/apache/kafka/clients/producer/KafkaProducer.class",
            "org/apache/avro/Schema.class");
  }

  @Test
  void shouldHoldNothingOfFlinkButTheKafkaConnector() {
    assertThat(names)
        .filteredOn(name -> name.startsWith("org/apache/flink/") && name.endsWith(".class"))
        .isNotEmpty()
        .allMatch(
            name ->
                name.startsWith("org/apache/flink/connector/kafka/")
                    || name.startsWith("org/apache/flink/streaming/connectors/kafka/")
                    || name.startsWith("org/apache/flink/streaming/util/serialization/"));
  }

  /** Flink loads it from its own folder, so that no job leaves a copy behind. */
  @Test
  void shouldLeaveOnnxRuntimeToTheLibFolderOfFlink() throws IOException {
    assertThat(names).noneMatch(name -> name.startsWith("ai/onnxruntime/"));
    try (Stream<Path> files = Files.list(Path.of("target/lib"))) {
      Path lib = files.reduce((one, other) -> fail("one jar is enough: " + other)).orElseThrow();
      try (JarFile onnxRuntime = new JarFile(lib.toFile())) {
        assertThat(onnxRuntime.getEntry("ai/onnxruntime/OrtEnvironment.class")).isNotNull();
        assertThat(onnxRuntime.getEntry("ai/onnxruntime/native/linux-x64/libonnxruntime.so"))
            .isNotNull();
        assertThat(onnxRuntime.getEntry("ThirdPartyNotices.txt")).isNotNull();
      }
    }
  }

  /** As on a cluster that has the jar nowhere: the job says what to do before it reads anything. */
  @Test
  void shouldSayAtTheStartThatOnnxRuntimeIsMissing() throws Exception {
    ClassLoader flink =
        new ClassLoader(JobJarITCase.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("ai.onnxruntime.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    URL[] job = {Path.of(jar.getName()).toUri().toURL()};
    try (URLClassLoader loader =
        FlinkUserCodeClassLoaders.create(job, flink, new Configuration())) {
      Method main =
          Class.forName(ForecastJob.class.getName(), true, loader)
              .getMethod("main", String[].class);
      assertThatThrownBy(
              () -> main.invoke(null, (Object) new String[] {"--config", "no-such-file.yaml"}))
          .hasStackTraceContaining("ONNX Runtime must be in Flink's lib folder: copy");
    }
  }

  /** What {@code flink run} prints is a sentence that says what to do, and no stack trace. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| must be given where Flink has no execution.checkpointing.dir: checkpoints.directory, such as",
        "onnxruntime- | ONNX Runtime must be in Flink's lib folder: copy"
      })
  void shouldHaveFlinkRunSayWhatIsWrong(String without, String told, @TempDir Path folder)
      throws Exception {
    String output = flinkRun(folder, without, List.of(OPENS));
    assertThat(output)
        .contains("The program finished with the following exception:", told)
        .doesNotContain("\tat ");
  }

  /** Flink comes to no job then: docs/troubleshooting.md has its words. */
  @Test
  void shouldKnowWhatFlinkSaysWithoutAnOpenPackage(@TempDir Path folder) throws Exception {
    String page =
        Files.readString(Path.of(System.getProperty("tidecast.root"), "docs/troubleshooting.md"));
    String told = "accessible: module java.base does not \"opens java.util\" to unnamed module";
    assertThat(flinkRun(folder, null, List.of())).contains("Unable to make field", told);
    assertThat(page).contains("`Unable to make field … " + told + "`").contains("`" + OPENS + "`");
  }

  /** What {@code flink run} of a job file prints, which must end with 1. */
  private static String flinkRun(Path folder, @Nullable String without, List<String> options)
      throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "execution.target: local\n");
    Path model = Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "kafka: {bootstrap-servers: 'broker:9092'}\nseries: {step: 30min}\nmodel: {path: '%s'}\n"
                .formatted(model));
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(path -> without == null || !new File(path).getName().startsWith(without))
            .filter(path -> !Files.isDirectory(Path.of(path)))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            classPath,
            "org.apache.flink.client.cli.CliFrontend",
            "run",
            jar.getName(),
            "--config",
            job.toString()));
    ProcessBuilder client = new ProcessBuilder(command).redirectErrorStream(true);
    client.environment().put("FLINK_CONF_DIR", folder.toString());
    Process process = client.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    return output;
  }

  /**
   * As often as a job is loaded, opens its model and goes, its classes go too, and there is one
   * copy of ONNX Runtime's library: the one that Flink loaded.
   */
  @Test
  void shouldLeaveNothingBehindInAProcessOfFlink(@TempDir Path folder) throws Exception {
    Path model = Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "kafka: {bootstrap-servers: 'broker:9092'}\nseries: {step: 30min}\nmodel: {path: '"
                + model
                + "'}\n");
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int submission = 0; submission < 5; submission++) {
      loaders.add(loadAndOpen(job));
    }
    for (int attempt = 0;
        attempt < 100 && loaders.stream().anyMatch(l -> l.get() != null);
        attempt++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(loaders).allMatch(loader -> loader.get() == null);
    try (Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(
              mapped
                  .filter(line -> line.endsWith("/libonnxruntime.so"))
                  .map(line -> line.substring(line.indexOf('/')))
                  .distinct())
          .hasSize(1);
    }
  }

  private static WeakReference<ClassLoader> loadAndOpen(Path job) throws Exception {
    URL[] jobJar = {Path.of(jar.getName()).toUri().toURL()};
    try (URLClassLoader loader =
        FlinkUserCodeClassLoaders.create(
            jobJar, JobJarITCase.class.getClassLoader(), new Configuration())) {
      Object config =
          Class.forName("io.tidecast.flink.config.JobFile", true, loader)
              .getMethod("load", Path.class)
              .invoke(null, job);
      assertThat(config.getClass().getClassLoader())
          .isNotSameAs(JobJarITCase.class.getClassLoader());
      Object model =
          Class.forName(ForecastJob.class.getName(), true, loader)
              .getMethod("model", config.getClass())
              .invoke(null, config);
      ((AutoCloseable) model.getClass().getMethod("open").invoke(model)).close();
      return new WeakReference<>(loader);
    }
  }

  @Test
  void shouldHoldNoTorch() {
    assertThat(names)
        .noneMatch(name -> name.startsWith("ai/djl/"))
        .noneMatch(name -> name.contains("torch"))
        .noneMatch(name -> name.startsWith("io/tidecast/training/"))
        .noneMatch(name -> name.startsWith("io/tidecast/evaluation/"))
        .noneMatch(name -> name.startsWith("io/tidecast/architectures/"));
  }

  @Test
  void shouldHoldNoLogger() {
    assertThat(names)
        .noneMatch(name -> name.startsWith("org/slf4j/"))
        .noneMatch(name -> name.startsWith("org/apache/logging/"));
  }

  @Test
  void shouldMergeServices() throws IOException {
    assertThat(text("META-INF/services/com.fasterxml.jackson.databind.Module"))
        .contains("Jdk8Module", "JavaTimeModule");
    for (String name : names) {
      if (name.matches("META-INF/services/[^/]+")) {
        for (String provider : text(name).lines().map(String::strip).toList()) {
          if (!provider.isEmpty() && !provider.startsWith("#")) {
            assertThat(names).as(name).contains(provider.replace('.', '/') + ".class");
          }
        }
      }
    }
  }

  @Test
  void shouldKeepLicencesAndNotices() throws IOException {
    assertThat(text("META-INF/LICENSE")).contains("Apache License").contains("Version 2.0");
    assertThat(text("META-INF/NOTICE")).contains("Apache Flink").contains("Jackson");
    String listed = text("META-INF/licences/README.md");
    for (String name : names) {
      String[] parts = name.split("/");
      if (name.matches("META-INF/maven/[^/]+/[^/]+/") && !parts[2].equals("io.tidecast")) {
        assertThat(listed).contains("| " + parts[2] + ":" + parts[3] + " |");
      }
    }
  }

  private static String text(String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
