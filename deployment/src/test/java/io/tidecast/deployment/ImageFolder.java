package io.tidecast.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Dockerfile brings into its image, in a folder of this machine: each COPY and ADD is done
 * as an engine does it, and nothing else of the image is there.
 */
final class ImageFolder {
  private static final Pattern ENTRYPOINT = Pattern.compile("(?m)^ENTRYPOINT \\[(.+)]$");

  private final Path root;
  private final String dockerfile;

  private ImageFolder(Path root, String dockerfile) {
    this.root = root;
    this.dockerfile = dockerfile;
  }

  /** Makes the folder. What .dockerignore keeps from an engine is not there. */
  static ImageFolder of(String dockerfile, Path root) throws IOException, InterruptedException {
    ImageFolder image = new ImageFolder(root, Repository.text(dockerfile));
    for (String line : image.dockerfile.lines().toList()) {
      List<String> words = List.of(line.split(" +"));
      if (words.get(0).equals("COPY") || words.get(0).equals("ADD")) {
        String to = words.get(words.size() - 1);
        for (String source : words.subList(1, words.size() - 1)) {
          image.bring(words.get(0).equals("ADD"), source, to);
        }
      }
    }
    return image;
  }

  private void bring(boolean unpacks, String source, String to)
      throws IOException, InterruptedException {
    Path from = Repository.ROOT.resolve(source);
    if (!DockerIgnore.lets(source)) {
      throw new AssertionError(".dockerignore keeps from the image: " + source);
    }
    if (!Files.exists(from)) {
      throw new AssertionError("must be built, by mvn -DskipTests package: " + source);
    }
    Path target = path(to);
    if (unpacks && source.endsWith(".tar.gz")) {
      Files.createDirectories(target);
      run("tar", "-xzf", from.toString(), "-C", target.toString());
    } else if (Files.isDirectory(from)) {
      copyAll(from, target);
    } else {
      Path file = to.endsWith("/") ? target.resolve(from.getFileName()) : target;
      Files.createDirectories(file.getParent());
      Files.copy(from, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path copy = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(one, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + " has failed");
    }
  }

  /** Where a path of the image is on this machine. */
  Path path(String inImage) {
    return root.resolve(inImage.substring(1));
  }

  /** The command that the image begins with, on this machine. */
  List<String> entrypoint() {
    Matcher found = ENTRYPOINT.matcher(dockerfile);
    if (!found.find()) {
      throw new AssertionError("the Dockerfile has no ENTRYPOINT");
    }
    List<String> words =
        new ArrayList<>(
            Arrays.stream(found.group(1).split(", *"))
                .map(word -> word.substring(1, word.length() - 1))
                .toList());
    words.set(0, path(words.get(0)).toString());
    return words;
  }
}
