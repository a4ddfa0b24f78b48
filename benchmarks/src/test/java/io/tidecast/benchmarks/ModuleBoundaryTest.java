package io.tidecast.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.cli.testing.HouseRules;

@AnalyzeClasses(
    packages = "io.tidecast.benchmarks",
    importOptions = {DoNotIncludeTests.class, ModuleBoundaryTest.WrittenByHand.class})
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.noCycles();

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.fewArguments();

  @ArchTest
  static final ArchRule shouldMeasureJobsWithoutTheCommands =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.tidecast.cli",
              "io.tidecast.cli.model..",
              "io.tidecast.cli.quickstart..",
              "io.tidecast.cli.run..",
              "io.tidecast.cli.train..");

  @ArchTest
  static void shouldHaveNoCrowdedPackage(JavaClasses classes) {
    assertThat(HouseRules.crowdedPackages(classes)).isEmpty();
  }

  @ArchTest
  static void shouldSayWhatEachPackageIsFor(JavaClasses classes) {
    assertThat(HouseRules.unexplainedPackages(classes)).isEmpty();
  }

  /** Leaves out the classes that JMH makes. */
  static final class WrittenByHand implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/jmh_generated/");
    }
  }
}
