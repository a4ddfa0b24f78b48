package io.tidecast.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The archive, unpacked where nothing else is, and a machine that has a JRE and little besides. */
final class Unpacked {

  /** What the launcher calls, and a system without a JDK has. */
  private static final List<String> TOOLS = List.of("dirname", "readlink", "sed", "head");

  /** What a JRE has; a JDK has more. */
  private static final String MODULES =
      "java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.localedata,"
          + "jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.nio.mapmode,"
          + "jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.xml.dom,jdk.zipfs";

  private final Path home;
  private final Path root;
  private final Path programs;

  private Unpacked(Path home, Path root, Path programs) {
    this.home = home;
    this.root = root;
    this.programs = programs;
  }

  /** Exit code and everything that was printed. */
  record Ran(int exitCode, String output) {}

  /** Unpacks the archive below a folder. */
  static Unpacked into(Path folder) throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder.resolve("at home"));
    Path place = Files.createDirectories(home.resolve("with a space"));
    Process tar =
        new ProcessBuilder("tar", "xzf", System.getProperty("tidecast.archive"))
            .directory(place.toFile())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new IOException("tar could not unpack " + System.getProperty("tidecast.archive"));
    }
    Path programs = Files.createDirectories(folder.resolve("programs"));
    for (String tool : TOOLS) {
      lay(programs.resolve(tool), existing(tool));
    }
    lay(programs.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
    try (Stream<Path> children = Files.list(place)) {
      return new Unpacked(home, children.findFirst().orElseThrow(), programs);
    }
  }

  /** Has a program do what another one does. */
  private static void lay(Path program, Path real) throws IOException {
    Files.writeString(program, "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(real));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path existing(String tool) {
    Path bin = Path.of("/bin", tool);
    return Files.exists(bin) ? bin : Path.of("/usr/bin", tool);
  }

  /** The folder that was in the archive. */
  Path root() {
    return root;
  }

  /** The folder of the programs that are there. */
  Path programs() {
    return programs;
  }

  /** The jars of a folder. */
  List<Path> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Runs the command in the home folder, with no other environment than that of this machine. */
  Ran run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  /**
   * @param environment besides
   */
  Ran run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root.resolve("bin/tidecast").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", programs.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("TIDECAST_JAVA_OPTS", "--limit-modules " + MODULES);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("does not end: " + command);
    }
    return new Ran(process.exitValue(), output);
  }
}
