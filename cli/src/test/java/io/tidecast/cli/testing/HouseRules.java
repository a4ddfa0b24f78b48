package io.tidecast.cli.testing;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rules of the build for the classes of any module. */
public final class HouseRules {
  private static final int MAX_CLASSES = 25;
  private static final int MAX_ARGUMENTS = 4;

  private HouseRules() {}

  /** No package needs another that needs it. */
  public static ArchRule noCycles() {
    return slices().matching("io.tidecast.(**)").should().beFreeOfCycles();
  }

  /** Who makes a class must not have to count its arguments; records say the name of each. */
  public static ArchRule fewArguments() {
    return constructors()
        .should(
            new ArchCondition<JavaConstructor>("take at most " + MAX_ARGUMENTS + " arguments") {
              @Override
              public void check(JavaConstructor constructor, ConditionEvents events) {
                int arguments = arguments(constructor);
                if (!constructor.getOwner().isRecord() && arguments > MAX_ARGUMENTS) {
                  events.add(
                      violated(
                          constructor, arguments + " arguments: " + constructor.getFullName()));
                }
              }
            });
  }

  /** What is written between the parentheses, without what the compiler adds. */
  private static int arguments(JavaConstructor constructor) {
    JavaClass owner = constructor.getOwner();
    int arguments = constructor.getRawParameterTypes().size();
    if (constructor.getModifiers().contains(JavaModifier.SYNTHETIC) || owner.isAnonymousClass()) {
      return 0;
    } else if (owner.isEnum()) {
      return arguments - 2;
    }
    boolean inner = owner.isNestedClass() && !owner.getModifiers().contains(JavaModifier.STATIC);
    return inner ? arguments - 1 : arguments;
  }

  /**
   * The packages that hold more top-level classes than a reader can keep in mind; empty if none.
   */
  public static List<String> crowdedPackages(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(one -> !one.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
    List<String> crowded = new ArrayList<>();
    sizes.forEach(
        (name, size) -> {
          if (size > MAX_CLASSES) {
            crowded.add(name + " has " + size);
          }
        });
    return crowded;
  }

  /** The packages whose purpose no {@code package-info} says. */
  public static List<String> unexplainedPackages(JavaClasses classes) {
    List<String> explained =
        classes.stream()
            .filter(one -> one.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .toList();
    return classes.stream()
        .map(JavaClass::getPackageName)
        .distinct()
        .filter(name -> !explained.contains(name))
        .sorted()
        .toList();
  }
}
