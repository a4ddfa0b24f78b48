package io.tidecast.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the archive holds: each thing once, listed, and for both processors. */
@DisabledOnOs(OS.WINDOWS)
class ContentsITCase {

  /** How the header of an ELF file names the processors. */
  private static final int X86_64 = 62;

  private static final int AARCH64 = 183;

  private static final int ELF = 0x7f454c46;

  /** The field after the name, in the second word of its four at 16. */
  private static final int BYTES_TO_MACHINE = 14;

  private static final Pattern POM = Pattern.compile("META-INF/maven/([^/]+/[^/]+)/pom.properties");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)");

  /** They build from the sources, and are of no use without. */
  private static final Set<String> SOURCES =
      Set.of(
          ".env",
          "Dockerfile",
          "Dockerfile.cli",
          "Dockerfile.gpu",
          "docker-compose.yml",
          "deployment/compose/job.yaml");

  @TempDir private static Path folder;
  private static Unpacked unpacked;

  @BeforeAll
  static void unpack() throws Exception {
    unpacked = Unpacked.into(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LICENSE",
        "NOTICE",
        "README.md",
        "docs/README.md",
        "docs/release.md",
        "models/zoo/patchtst-uk-demand/1/model.onnx",
        "grafana/dashboards/forecasts.json",
        "licences/THIRD-PARTY.txt",
        "licences/metrics-reporter/THIRD-PARTY.txt",
      })
  void shouldHold(String file) {
    assertThat(unpacked.root().resolve(file)).isNotEmptyFile();
  }

  @Test
  void shouldHoldTheJobAndTheReporterForACluster() throws IOException {
    String version = System.getProperty("tidecast.version");

    assertThat(names("flink"))
        .containsExactly(
            "tidecast-flink-jobs-%s-job.jar".formatted(version),
            "tidecast-metrics-reporter-%s-plugin.jar".formatted(version));
  }

  @Test
  void shouldSayVersionAndCommitInEachJarOfOurs() throws IOException {
    List<Path> ours = new ArrayList<>(unpacked.jars("flink"));
    for (Path jar : unpacked.jars("lib")) {
      if (jar.getFileName().toString().startsWith("tidecast-")) {
        ours.add(jar);
      }
    }
    assertThat(ours).hasSizeGreaterThan(10);
    for (Path jar : ours) {
      try (JarFile file = new JarFile(jar.toFile())) {
        Attributes manifest = file.getManifest().getMainAttributes();
        assertThat(manifest.getValue("Implementation-Version"))
            .as("%s", jar)
            .isEqualTo(System.getProperty("tidecast.version"));
        assertThat(manifest.getValue("Implementation-Commit"))
            .as("%s", jar)
            .matches("[0-9a-f]{12}(-dirty)?|unknown");
      }
    }
  }

  /** The launcher puts all of them on one class path, whose order must not matter. */
  @Test
  void shouldHoldNoClassTwice() throws IOException {
    Map<String, Path> first = new HashMap<>();
    List<String> twice = new ArrayList<>();
    for (Path jar : unpacked.jars("lib")) {
      try (ZipFile file = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : file.stream().toList()) {
          String name = entry.getName();
          if (name.endsWith(".class")
              && !name.startsWith("META-INF/")
              && !name.endsWith("module-info.class")) {
            Path other = first.putIfAbsent(name, jar);
            if (other != null) {
              twice.add("%s: %s, %s".formatted(name, other.getFileName(), jar.getFileName()));
            }
          }
        }
      }
    }
    assertThat(first).hasSizeGreaterThan(10_000);
    assertThat(twice).isEmpty();
  }

  @Test
  void shouldListEachJarOfLibInItsSbom() throws IOException {
    Set<String> listed = new TreeSet<>(Sbom.read(sbom("lib")).jars());

    assertThat(listed.removeAll(names("flink"))).isTrue();
    assertThat(listed).isEqualTo(names("lib"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lib", "job", "metrics-reporter"})
  void shouldSayVersionAndLicenceOfEachComponent(String name) throws IOException {
    JsonNode document = Sbom.read(sbom(name)).document();

    assertThat(document.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(document.path("metadata").path("component").path("version").asText())
        .isEqualTo(System.getProperty("tidecast.version"));
    assertThat(document.path("components")).hasSizeGreaterThan(5);
    for (JsonNode component : document.path("components")) {
      assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
      assertThat(component.path("licenses")).as("%s", component.path("purl")).isNotEmpty();
      assertThat(component.path("hashes")).as("%s", component.path("purl")).isNotEmpty();
    }
  }

  /** Whole jars have in them what they are made of, and say so by its poms. */
  @Test
  void shouldListWhatTheJarsForAClusterAreMadeOf() throws IOException {
    assertThat(Sbom.read(sbom("job")).names()).containsAll(poms(jar("flink", "-job.jar")));
    assertThat(Sbom.read(sbom("metrics-reporter")).names())
        .containsAll(poms(jar("flink", "-plugin.jar")));
  }

  @Test
  void shouldNameTheLicenceOfEachLibrary() throws IOException {
    String report = Files.readString(unpacked.root().resolve("licences/THIRD-PARTY.txt"));

    for (JsonNode component : Sbom.read(sbom("lib")).document().path("components")) {
      String group = component.path("group").asText();
      if (!group.equals("io.tidecast")) {
        assertThat(report)
            .contains(
                "%s:%s:%s"
                    .formatted(
                        group,
                        component.path("name").asText(),
                        component.path("version").asText()));
      }
    }
  }

  /**
   * What is said in docs/how-to/install.md: all of it runs on arm64 too, but for torch and CUDA.
   */
  @Test
  void shouldHoldNativeLibrariesForBothProcessors() throws IOException {
    Set<String> intel = new TreeSet<>();
    Set<String> arm = new TreeSet<>();
    for (String where : List.of("lib", "flink")) {
      for (Path jar : unpacked.jars(where)) {
        Set<Integer> machines = machines(jar);
        String name = jar.getFileName().toString();
        if (machines.contains(X86_64)) {
          intel.add(name);
        }
        if (machines.contains(AARCH64)) {
          arm.add(name);
        }
      }
    }
    // With CUDA there is none for arm64.
    intel.removeIf(name -> name.startsWith("onnxruntime_gpu-"));

    assertThat(intel).isNotEmpty();
    assertThat(arm).containsAll(intel);
    assertThat(names("lib")).noneMatch(name -> name.startsWith("pytorch-native-"));
  }

  @Test
  void shouldHoldWhatItsPagesLinkTo() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        Path target = page.resolveSibling(link.group(1)).normalize();
        String name = unpacked.root().relativize(target).toString();
        if (!link.group(1).contains(":") && !Files.exists(target) && !SOURCES.contains(name)) {
          missing.add("%s of %s".formatted(name, unpacked.root().relativize(page)));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(unpacked.root().resolve("README.md")));
    try (Stream<Path> files = Files.walk(unpacked.root().resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    assertThat(pages).hasSizeGreaterThan(40);
    return pages;
  }

  private static Set<Integer> machines(Path jar) throws IOException {
    Set<Integer> machines = new TreeSet<>();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        if (entry.getName().contains(".so")) {
          try (InputStream in = file.getInputStream(entry)) {
            machines.add(machine(new DataInputStream(in)));
          }
        }
      }
    }
    return machines;
  }

  private static int machine(DataInputStream in) throws IOException {
    try {
      if (in.readInt() != ELF) {
        return 0;
      }
      in.skipNBytes(BYTES_TO_MACHINE);
      return Integer.reverseBytes(in.readUnsignedShort() << Short.SIZE);
    } catch (EOFException e) {
      return 0;
    }
  }

  private static Set<String> poms(Path jar) throws IOException {
    Set<String> poms = new TreeSet<>();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      file.stream()
          .map(entry -> POM.matcher(entry.getName()))
          .filter(Matcher::matches)
          .forEach(pom -> poms.add(pom.group(1)));
    }
    assertThat(poms).isNotEmpty();
    return poms;
  }

  private static Path jar(String where, String end) {
    try {
      return unpacked.jars(where).stream()
          .filter(jar -> jar.toString().endsWith(end))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(String where) throws IOException {
    return unpacked.jars(where).stream()
        .map(jar -> jar.getFileName().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A build without a network makes none; one that is released has one. */
  private static Path sbom(String name) {
    Path file = unpacked.root().resolve("sbom").resolve(name + ".cdx.json");
    assumeFalse(
        "offline: true".equals(System.getProperty("tidecast.offline")) && !Files.exists(file),
        "Maven is offline (-o), and the CycloneDX plugin runs online alone: there is no " + file);
    return file;
  }
}
