package io.tidecast.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the code against the picture of the rooms in {@code docs/architecture.md}. */
class RoomsTest {

  private static final String ROOT = "io.tidecast.flink";
  private static final int MOST_CLASSES = 25;
  private static final int MOST_ARGUMENTS = 4;

  /** Such as {@code 3 format series inference}: a floor and its rooms. */
  private static final Pattern FLOOR = Pattern.compile("(?m)^(\\d)  ([a-z. ]+)$");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** Each room with its floor, from the picture; the topology is the top of the house. */
  private static Map<String, Integer> floors() throws IOException {
    Path page = Path.of(System.getProperty("tidecast.root"), "docs/architecture.md");
    Matcher floor = FLOOR.matcher(Files.readString(page));
    Map<String, Integer> floors = new TreeMap<>();
    while (floor.find()) {
      for (String room : floor.group(2).trim().split("\\s+")) {
        floors.put(room, Integer.parseInt(floor.group(1)));
      }
    }
    return floors;
  }

  private static String room(JavaClass one) {
    String name = one.getPackageName();
    if (name.equals(ROOT)) {
      return "topology";
    }
    String below = name.substring(ROOT.length() + 1);
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }

  @Test
  void shouldHaveTheRoomsOfThePicture() throws IOException {
    assertThat(CLASSES.stream().map(RoomsTest::room).distinct())
        .containsExactlyInAnyOrderElementsOf(floors().keySet());
  }

  @Test
  void shouldKnowRoomsOfLowerFloorsOnly() throws IOException {
    Map<String, Integer> floors = floors();
    List<String> wrong =
        CLASSES.stream()
            .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
            .filter(one -> one.getTargetClass().getPackageName().startsWith(ROOT))
            .filter(
                one -> {
                  String from = room(one.getOriginClass());
                  String to = room(one.getTargetClass());
                  return !from.equals(to) && floors.get(to) >= floors.get(from);
                })
            .map(one -> one.getOriginClass().getName() + " knows " + one.getTargetClass().getName())
            .distinct()
            .sorted()
            .toList();
    assertThat(wrong).isEmpty();
  }

  @Test
  void shouldHaveNoCircles() {
    SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void shouldKeepTheJobFileOutOfTheRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".config")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".config")
        .check(CLASSES);
  }

  @Test
  void shouldKeepFlinkOutOfWhatDoesNotNeedIt() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".grid..", ROOT + ".format..", ROOT + ".kafka..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.flink..")
        .check(CLASSES);
  }

  @Test
  void shouldHaveRoomInEveryPackage() {
    Map<String, Long> crowded =
        CLASSES.stream()
            .filter(one -> one.getEnclosingClass().isEmpty())
            .filter(one -> !one.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    crowded.values().removeIf(count -> count <= MOST_CLASSES);
    assertThat(crowded).isEmpty();
  }

  @Test
  void shouldTakeFewArguments() {
    List<String> greedy = new ArrayList<>();
    for (JavaClass one : CLASSES) {
      boolean isRecord = one.isRecord();
      boolean isOfConfig = one.getPackageName().equals(ROOT + ".config");
      if (isRecord || isOfConfig || one.isEnum() || one.isAnonymousClass()) {
        continue;
      }
      one.getConstructors().stream()
          .filter(constructor -> !constructor.getModifiers().contains(JavaModifier.SYNTHETIC))
          // The builder's own.
          .filter(constructor -> !constructor.getModifiers().contains(JavaModifier.PRIVATE))
          .filter(constructor -> constructor.getParameters().size() > MOST_ARGUMENTS)
          .forEach(constructor -> greedy.add(constructor.getFullName()));
    }
    assertThat(greedy).isEmpty();
  }
}
