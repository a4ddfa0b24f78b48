package io.tidecast.graph.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rules that hold in every module, for its boundary test. */
public final class HouseRules {
  private static final int MOST_CLASSES = 25;
  private static final int MOST_ARGUMENTS = 4;

  /** No package knows one that knows it. */
  public static final ArchRule NO_CYCLE_OF_PACKAGES =
      SlicesRuleDefinition.slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass found) {
                  return SliceIdentifier.of(found.getPackageName());
                }

                @Override
                public String getDescription() {
                  return "every package";
                }
              })
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true);

  /** No package has more than 25 classes, those within others not counted. */
  public static final ArchRule NO_CROWD =
      ArchRuleDefinition.classes()
          .that()
          .areTopLevelClasses()
          .and()
          .doNotHaveSimpleName("package-info")
          .should(liveInPackagesOfAtMost(MOST_CLASSES));

  /** Whatever takes more than four arguments is a record, or is given one. */
  public static final ArchRule FEW_ARGUMENTS =
      ArchRuleDefinition.classes()
          .that()
          .areNotRecords()
          .and()
          .areNotAnonymousClasses()
          .and()
          .areNotLocalClasses()
          .should(haveConstructorsOfAtMost(MOST_ARGUMENTS))
          .allowEmptyShould(true);

  /** Each package says in a package-info what lives there. */
  public static final ArchRule EXPLAINED =
      ArchRuleDefinition.classes().should(liveInPackagesThatSayWhatTheyAre());

  private HouseRules() {}

  private static ArchCondition<JavaClass> liveInPackagesThatSayWhatTheyAre() {
    return new ArchCondition<>("live in a package with a package-info") {
      private final Set<String> explained = new HashSet<>();

      @Override
      public void init(Collection<JavaClass> all) {
        all.stream()
            .filter(found -> found.getSimpleName().equals("package-info"))
            .forEach(found -> explained.add(found.getPackageName()));
      }

      @Override
      public void check(JavaClass found, ConditionEvents events) {
        String name = found.getPackageName();
        events.add(
            new SimpleConditionEvent(
                found, explained.contains(name), name + " does not say what lives there"));
      }
    };
  }

  private static ArchCondition<JavaClass> liveInPackagesOfAtMost(int most) {
    return new ArchCondition<>("live in packages of at most " + most) {
      private final Map<String, Integer> sizes = new TreeMap<>();

      @Override
      public void init(Collection<JavaClass> all) {
        all.forEach(found -> sizes.merge(found.getPackageName(), 1, Integer::sum));
      }

      @Override
      public void check(JavaClass found, ConditionEvents events) {}

      @Override
      public void finish(ConditionEvents events) {
        sizes.forEach(
            (name, size) ->
                events.add(
                    new SimpleConditionEvent(
                        name, size <= most, name + " has " + size + " classes")));
      }
    };
  }

  private static ArchCondition<JavaClass> haveConstructorsOfAtMost(int most) {
    return new ArchCondition<>("have constructors of at most " + most + " arguments") {
      @Override
      public void check(JavaClass found, ConditionEvents events) {
        for (JavaConstructor constructor : found.getConstructors()) {
          int count = constructor.getRawParameterTypes().size() - hidden(found);
          events.add(
              new SimpleConditionEvent(
                  constructor,
                  count <= most,
                  constructor.getFullName() + " takes " + count + " arguments"));
        }
      }
    };
  }

  /** What the compiler adds: name and ordinal of an enum, the outer object of an inner class. */
  private static int hidden(JavaClass found) {
    if (found.isEnum()) {
      return 2;
    }
    boolean inner = found.isMemberClass() && !found.getModifiers().contains(JavaModifier.STATIC);
    return inner ? 1 : 0;
  }
}
