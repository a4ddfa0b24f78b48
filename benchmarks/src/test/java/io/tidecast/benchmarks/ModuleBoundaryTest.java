package io.tidecast.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(
    packages = "io.tidecast.benchmarks",
    importOptions = {DoNotIncludeTests.class, ModuleBoundaryTest.WrittenByHand.class})
class ModuleBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.NO_CYCLE_OF_PACKAGES;

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.FEW_ARGUMENTS;

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

  @ArchTest static final ArchRule shouldHaveNoCrowdedPackage = HouseRules.NO_CROWD;

  @ArchTest static final ArchRule shouldSayWhatEachPackageIsFor = HouseRules.EXPLAINED;

  /** Leaves out the classes that JMH makes. */
  static final class WrittenByHand implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/jmh_generated/");
    }
  }
}
